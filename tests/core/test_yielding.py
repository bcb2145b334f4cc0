"""Starts and stops by somebody else: whom Readyby works against, how often, and when it steps back."""

from dataclasses import replace
from datetime import datetime

import pytest

from charging.core.decide import decide
from charging.core.facts import CommandKind, CommandPurpose, PlugInHistory
from charging.core.states import State
from tests.core.make import HOUR, MINUTE, NOW, make_car, make_facts, make_override, make_prices

S = State
FOREIGN = make_car(charging_readings_in_a_row=2)
TAKEN_OVER = PlugInHistory(was_taken_over=True)


def test_letting_smart_charging_take_over_is_a_stop_against_somebody() -> None:
    decision = decide(make_facts(S.OVERRIDDEN, this_plug_in=TAKEN_OVER), NOW)

    assert decision.state == S.STOPPING
    assert decision.command is not None
    assert (decision.command.kind, decision.command.purpose) == (CommandKind.STOP, CommandPurpose.COUNTER)


def test_going_back_after_the_drivers_own_charge_now_is_a_stop_of_the_plan() -> None:
    decision = decide(make_facts(S.OVERRIDDEN), NOW)

    assert decision.command is not None
    assert decision.command.purpose == CommandPurpose.PLAN


def test_holding_a_car_that_has_stopped_by_itself_is_against_nobody() -> None:
    decision = decide(make_facts(S.OVERRIDDEN, car=make_car(is_charging=False), this_plug_in=TAKEN_OVER), NOW)

    assert decision.command is None or decision.command.purpose == CommandPurpose.PLAN


@pytest.mark.parametrize(("countered", "is_stopped"), [(3, True), (4, False)])
def test_after_four_stops_against_somebody_the_car_is_left_to_charge(countered: int, is_stopped: bool) -> None:
    history = PlugInHistory(counter_commands=countered, was_taken_over=True)

    decision = decide(make_facts(S.OVERRIDDEN, this_plug_in=history), NOW)

    assert (decision.state == S.STOPPING) == is_stopped
    assert (decision.command is not None) == is_stopped


@pytest.mark.parametrize("state", [S.CONSIDERING, S.STARTED])
def test_whoever_has_yielded_stops_the_car_no_more_in_this_plug_in(state: State) -> None:
    facts = make_facts(state)

    before = decide(facts, NOW)
    after = decide(replace(facts, this_plug_in=PlugInHistory(counter_commands=4)), NOW)

    assert before.state == S.STOPPING
    assert after.state == state
    assert after.command is None


@pytest.mark.parametrize("state", [S.STOPPED, S.AWAITING_PRICES])
@pytest.mark.parametrize("minutes_ago", [-2.5, 0, 5, 12.5])
def test_a_start_at_the_time_of_the_safety_net_is_stopped_once_for_the_plan(state: State, minutes_ago: float) -> None:
    decision = decide(make_facts(state, car=FOREIGN, safety_net_at=NOW - minutes_ago * MINUTE), NOW)

    assert decision.state == S.STOPPING
    assert decision.command is not None
    assert decision.command.purpose == CommandPurpose.COUNTER


@pytest.mark.parametrize(
    ("net_at", "history"),
    [
        pytest.param(NOW - 13 * MINUTE, PlugInHistory(), id="long after its time"),
        pytest.param(NOW + 3 * MINUTE, PlugInHistory(), id="before its time"),
        pytest.param(None, PlugInHistory(), id="no safety net"),
        pytest.param(NOW, PlugInHistory(counter_commands=1), id="the second time"),
    ],
)
def test_any_other_start_by_somebody_else_is_yielded_to(net_at: datetime | None, history: PlugInHistory) -> None:
    decision = decide(make_facts(S.STOPPED, car=FOREIGN, safety_net_at=net_at, this_plug_in=history), NOW)

    assert decision.state == S.OVERRIDDEN
    assert decision.command is None


def test_a_safety_net_that_starts_the_car_in_a_window_is_welcome() -> None:
    now = NOW + 5 * HOUR
    car = replace(FOREIGN, observed_at=now)

    decision = decide(make_facts(S.STARTING, car=car, safety_net_at=now), now)

    assert decision.state == S.STARTED
    assert decision.command is None


def test_an_override_from_elsewhere_needs_no_start() -> None:
    facts = make_facts(S.OVERRIDDEN, override=make_override(is_from_elsewhere=True), this_plug_in=TAKEN_OVER)

    assert decide(facts, NOW).command is None


TWO_CHEAP_SPELLS = make_prices(((4, 0.40), (1, 0.10), (2, 0.40), (1, 0.10), (7, 0.30)))


@pytest.mark.parametrize(("starts", "windows"), [(0, 2), (1, 2), (2, 1), (3, 1), (9, 1)])
def test_the_starts_of_a_plug_in_are_few(starts: int, windows: int) -> None:
    facts = make_facts(
        car=make_car(is_charging=False, soc_percent=68.0),
        prices=TWO_CHEAP_SPELLS,
        this_plug_in=PlugInHistory(starts=starts),
    )

    plan = decide(facts, NOW).plan

    assert plan is not None
    assert len(plan.windows) == windows


@pytest.mark.parametrize(("starts", "state"), [(2, S.STOPPING), (3, S.STARTED), (9, S.STARTED)])
def test_a_car_that_was_started_as_often_as_it_may_is_not_stopped_again(starts: int, state: State) -> None:
    decision = decide(make_facts(S.STARTED, this_plug_in=PlugInHistory(starts=starts)), NOW)

    assert decision.state == state
    assert (decision.command is None) == (state == S.STARTED)


@pytest.mark.parametrize(("starts", "state"), [(2, S.STOPPED), (3, S.CHARGE_INTERRUPTED)])
def test_whoever_stops_it_over_and_over_is_answered_by_a_start_at_once(starts: int, state: State) -> None:
    facts = make_facts(S.STARTED, car=make_car(is_charging=False), this_plug_in=PlugInHistory(starts=starts))

    decision = decide(facts, NOW)

    assert decision.state == state
    assert (decision.command is not None and decision.command.kind == CommandKind.START) == (starts == 3)
