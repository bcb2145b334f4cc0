"""A car is not stopped while what stands between us and it does not answer (RELIABILITY 8.3, rule 1)."""

from __future__ import annotations

import pytest

from charging.core.decide import decide
from charging.core.facts import CommandKind
from charging.core.states import State
from tests.core.make import JUST_OVER_AND_LATER, NOW, make_car, make_facts, make_hold, make_plan


@pytest.mark.parametrize(("is_closed", "state"), [(True, State.STOPPING), (False, State.STARTED)])
def test_a_car_whose_window_is_over_charges_on_through_an_open_breaker(is_closed: bool, state: State) -> None:
    facts = make_facts(State.STARTED, plan=make_plan(JUST_OVER_AND_LATER), is_breaker_closed=is_closed)

    decision = decide(facts, NOW)

    assert decision.state == state
    assert (decision.command is not None and decision.command.kind == CommandKind.STOP) is is_closed


def test_a_car_that_waits_goes_on_waiting() -> None:
    facts = make_facts(State.STOPPED, car=make_car(is_charging=False), hold=make_hold(), is_breaker_closed=False)

    assert decide(facts, NOW).state == State.STOPPED
