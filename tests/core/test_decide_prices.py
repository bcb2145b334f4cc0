"""Late, missing and estimated prices: a car waits for known hours only, and never longer than is safe."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charging.core.decide import decide
from charging.core.facts import CommandKind
from charging.core.states import WAITING, State
from tests.core.late_prices import EVENING, Night
from tests.core.make import NOW, make_car, make_facts, make_hold, make_plan

HOUR = timedelta(hours=1)
LEVELS = st.lists(st.integers(-30, 300), min_size=2, max_size=6).map(tuple)


@pytest.mark.parametrize("state", sorted(WAITING))
def test_a_waiting_car_starts_when_no_known_price_lies_ahead(state: State) -> None:
    waiting = make_facts(state, car=make_car(is_charging=False), hold=make_hold(), plan=make_plan(is_estimate=True))
    assert decide(waiting, NOW).command is None

    decision = decide(make_facts(state, car=make_car(is_charging=False), hold=make_hold(), has_prices=False), NOW)

    assert decision.state == State.STARTING
    assert decision.command is not None
    assert decision.command.kind == CommandKind.START


def test_a_charging_car_is_not_stopped_when_no_known_price_lies_ahead() -> None:
    stopped = decide(make_facts(State.STARTED), NOW)
    assert stopped.command is not None
    assert stopped.command.kind == CommandKind.STOP

    decision = decide(make_facts(State.STARTED, has_prices=False), NOW)

    assert (decision.state, decision.command) == (State.STARTED, None)


def make_night(**values: object) -> Night:
    defaults = {
        "deadline": EVENING + 13 * HOUR,
        "known_until": EVENING + 6 * HOUR,
        "published_at": None,
        "levels": (10, 40, 90),
        "truth": (10, 40, 90),
        "soc_percent": 50.0,
        "power_kw": 7.2,
    }
    return Night(**(defaults | values))  # type: ignore[arg-type]


def test_while_prices_are_late_a_car_waits_for_the_cheap_hours_and_charges_when_the_known_ones_end() -> None:
    night = make_night()
    night.live()

    assert night.stops
    assert all(at < night.known_until for at in night.stops)
    assert night.breaches == []
    assert night.soc_percent == 80.0


def test_prices_that_come_late_are_planned_with_when_they_come() -> None:
    late = make_night(published_at=EVENING + 5 * HOUR)
    late.live()

    assert late.breaches == []
    assert late.soc_percent == 80.0
    assert late.plan is not None
    assert not any(window.is_estimate for window in late.plan.windows if window.end > late.published_at)  # type: ignore[operator]


NIGHTS = st.builds(
    make_night,
    known_until=st.integers(-8, 52).map(lambda quarters: EVENING + quarters * HOUR / 4),
    published_at=st.none() | st.integers(0, 13).map(lambda hours: EVENING + hours * HOUR),
    deadline=st.integers(24, 60).map(lambda quarters: EVENING + quarters * HOUR / 4),
    levels=LEVELS,
    truth=LEVELS,
    soc_percent=st.integers(10, 78).map(float),
    power_kw=st.sampled_from([3.7, 7.2, 11.0]),
)


def live_and_judge(night: Night) -> None:
    hours_needed = (80.0 - night.soc_percent) * 0.6 / 0.9 / night.power_kw
    is_possible = EVENING + timedelta(hours=hours_needed * 1.15 + 0.5) < night.deadline

    night.live()

    assert night.breaches == []
    assert night.soc_percent >= 79.0 or not is_possible


@settings(max_examples=15)
@given(NIGHTS)
def test_no_estimate_is_ever_the_reason_to_be_late(night: Night) -> None:
    live_and_judge(night)


@pytest.mark.slow
@settings(max_examples=400)
@given(NIGHTS)
def test_no_estimate_is_ever_the_reason_to_be_late_in_many_nights(night: Night) -> None:
    live_and_judge(night)
