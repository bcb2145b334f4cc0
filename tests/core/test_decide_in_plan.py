"""API_CONTRACT 8.3: what happens within a running plan."""

from dataclasses import replace
from typing import Any

import pytest

from charging.core.decide import decide
from charging.core.facts import CommandKind, CommandStatus, Facts
from charging.core.states import Event, State
from tests.core.make import (
    HOUR,
    JUST_OVER_AND_LATER,
    LATER,
    MINUTE,
    NOW,
    NOW_AND_LATER,
    NOW_ONLY,
    make_car,
    make_command,
    make_facts,
    make_hold,
    make_override,
    make_plan,
    make_policy,
    make_prices,
)

S, E = State, Event
STILL = make_car(is_charging=False)
START, STOP = CommandKind.START, CommandKind.STOP
UNPUBLISHED = make_prices(known_until=NOW + 3 * HOUR)
FOREIGN = make_car(charging_readings_in_a_row=2)


def waiting(state: State = S.STOPPED, **changes: object) -> Facts:
    """A car that is held until the cheap hours."""
    return make_facts(state, **({"car": STILL, "hold": make_hold()} | changes))


def awaiting_prices(**changes: object) -> Facts:
    plan = make_plan(LATER, is_estimate=True, prices=UNPUBLISHED)
    return waiting(S.AWAITING_PRICES, **({"plan": plan, "prices": UNPUBLISHED} | changes))


def in_window(state: State, **changes: object) -> Facts:
    """A car whose window is running."""
    return make_facts(state, **({"plan": make_plan(NOW_ONLY), "car": STILL} | changes))


@pytest.mark.parametrize(
    ("facts", "steps"),
    [
        pytest.param(make_facts(S.STOPPING), [], id="stop sent, still charging"),
        pytest.param(waiting(S.STOPPING), [(E.STOP_SEEN, S.STOPPED)], id="stop seen"),
        pytest.param(
            replace(awaiting_prices(), state=S.STOPPING),
            [(E.STOP_SEEN_START_UNKNOWN, S.AWAITING_PRICES)],
            id="stop seen, next start not known",
        ),
        pytest.param(
            make_facts(S.STOPPING, command=make_command(STOP, CommandStatus.FAILED)),
            [(E.SENDINGS_USED_UP, S.STOP_FAILED)],
            id="stop given up",
        ),
        pytest.param(
            make_facts(S.STOPPING, command=make_command(STOP, CommandStatus.FAILED, created_at=NOW - 24 * HOUR)),
            [],
            id="a stop that failed in an earlier plan does not count",
        ),
        pytest.param(waiting(S.STOP_FAILED), [(E.STOP_SEEN, S.STOPPED)], id="stopped after all"),
        pytest.param(make_facts(S.STOP_FAILED), [], id="stop failed, charging on"),
        pytest.param(
            make_facts(S.STOP_FAILED, plan=make_plan(NOW_ONLY), command=make_command(STOP, CommandStatus.FAILED)),
            [(E.START_DUE, S.STARTING), (E.CHARGE_SEEN, S.STARTED)],
            id="stop failed, then its window begins",
        ),
        pytest.param(
            in_window(S.STOP_FAILED, command=make_command(STOP, CommandStatus.FAILED)),
            [(E.START_DUE, S.STARTING)],
            id="a stop that failed is no start that failed",
        ),
        pytest.param(waiting(), [], id="held, window not yet begun"),
        pytest.param(awaiting_prices(prices=make_prices()), [(E.PRICES_PUBLISHED, S.STOPPED)], id="prices published"),
        pytest.param(awaiting_prices(), [], id="prices still awaited"),
        pytest.param(
            waiting(plan=make_plan(LATER, is_estimate=True, prices=UNPUBLISHED), prices=UNPUBLISHED),
            [(E.PRICES_MISSING, S.AWAITING_PRICES)],
            id="next start not known any more",
        ),
        pytest.param(
            awaiting_prices(
                policy=make_policy(deadline_at=NOW + 3 * HOUR),
                plan=make_plan(((2.5, 5.3),), is_estimate=True, deadline_at=NOW + 3 * HOUR, prices=UNPUBLISHED),
            ),
            [(E.START_DUE, S.STARTING)],
            id="latest safe start, prices or not",
        ),
        pytest.param(in_window(S.STOPPED), [(E.START_DUE, S.STARTING)], id="window begins"),
        pytest.param(
            waiting(car=FOREIGN), [(E.FOREIGN_START, S.OVERRIDDEN)], id="two readings of a charge that is not ours"
        ),
        pytest.param(
            awaiting_prices(car=FOREIGN), [(E.FOREIGN_START, S.OVERRIDDEN)], id="the same while prices are awaited"
        ),
        pytest.param(waiting(car=make_car()), [], id="one reading of a charge that is not ours"),
        pytest.param(
            waiting(car=replace(STILL, observed_at=NOW - 2 * HOUR)),
            [(E.SILENCE, S.STARTING)],
            id="two hours of silence",
        ),
        pytest.param(waiting(car=replace(STILL, observed_at=None)), [(E.SILENCE, S.STARTING)], id="never heard of"),
        pytest.param(
            make_facts(S.STOPPING, car=make_car(observed_at=NOW - 2 * HOUR)),
            [(E.SILENCE, S.STARTING), (E.CHARGE_SEEN, S.STARTED)],
            id="silence before the stop was seen",
        ),
        pytest.param(
            waiting(car=make_car(observed_at=NOW - 30 * MINUTE), hold=make_hold(renew_by=NOW - MINUTE)),
            [(E.LEASE_LOST, S.STARTING), (E.CHARGE_SEEN, S.STARTED)],
            id="the lease ran out and the car started by itself",
        ),
        pytest.param(in_window(S.STARTING, car=make_car()), [(E.CHARGE_SEEN, S.STARTED)], id="start seen"),
        pytest.param(
            in_window(S.STARTING, command=make_command(START, CommandStatus.FAILED)),
            [(E.SENDINGS_USED_UP, S.START_FAILED)],
            id="start given up",
        ),
        pytest.param(in_window(S.START_FAILED, car=make_car()), [(E.CHARGE_SEEN, S.STARTED)], id="started after all"),
        pytest.param(
            make_facts(S.STARTED, plan=make_plan(JUST_OVER_AND_LATER)),
            [(E.STOP_DUE, S.STOPPING)],
            id="window over, another follows",
        ),
        pytest.param(
            make_facts(S.STARTED, plan=make_plan(JUST_OVER_AND_LATER), car=STILL),
            [(E.STOP_DUE, S.STOPPING), (E.STOP_SEEN, S.STOPPED)],
            id="window over and the car stopped already",
        ),
        pytest.param(
            make_facts(S.STARTED, plan=make_plan(JUST_OVER_AND_LATER), car=make_car(observed_power_kw=None)),
            [],
            id="window over, but the power of this plug-in was not seen",
        ),
        pytest.param(
            make_facts(S.STARTED, plan=make_plan(JUST_OVER_AND_LATER), car=make_car(observed_at=NOW - 23 * MINUTE)),
            [],
            id="window over, but telemetry is too old for a stop",
        ),
        pytest.param(
            make_facts(
                S.STARTED,
                plan=make_plan(JUST_OVER_AND_LATER),
                car=make_car(plugged_in_at=NOW - HOUR, soc_observed_at=NOW - 83 * MINUTE),
            ),
            [],
            id="window over, but the level is of before the car was driven",
        ),
        pytest.param(make_facts(S.STARTED, plan=make_plan(NOW_AND_LATER), car=make_car()), [], id="in a window"),
        pytest.param(in_window(S.STARTED), [(E.CHARGE_LOST, S.CHARGE_INTERRUPTED)], id="stopped by somebody else"),
        pytest.param(
            in_window(S.CHARGE_INTERRUPTED, car=make_car()), [(E.CHARGE_SEEN, S.STARTED)], id="charging again"
        ),
        pytest.param(waiting(override=make_override()), [(E.OVERRIDE, S.OVERRIDDEN)], id="charge now while held"),
        pytest.param(
            in_window(S.STARTED, car=make_car(), override=make_override()),
            [(E.OVERRIDE, S.OVERRIDDEN)],
            id="charge now while charging",
        ),
        pytest.param(make_facts(S.OVERRIDDEN), [(E.OVERRIDE_OVER, S.STOPPING)], id="back to smart charging, wait"),
        pytest.param(
            make_facts(S.OVERRIDDEN, prices=make_prices(((4, 0.1), (11, 0.4)))),
            [(E.OVERRIDE_OVER_CHARGE, S.STARTING), (E.CHARGE_SEEN, S.STARTED)],
            id="back to smart charging, charge",
        ),
        pytest.param(
            make_facts(S.OVERRIDDEN, car=make_car(observed_at=NOW - 23 * MINUTE)),
            [(E.OVERRIDE_OVER_CHARGE, S.STARTING), (E.CHARGE_SEEN, S.STARTED)],
            id="back to smart charging, telemetry too old for a stop",
        ),
        pytest.param(
            make_facts(S.OVERRIDDEN, car=STILL, override=make_override(created_at=NOW - HOUR, is_from_elsewhere=True)),
            [(E.OVERRIDE_OVER, S.STOPPING), (E.STOP_SEEN, S.STOPPED)],
            id="the foreign charge has stopped",
        ),
    ],
)
def test_within_a_plan_the_car_takes_these_steps(facts: Facts, steps: list[tuple[Event, State]]) -> None:
    decision = decide(facts, NOW)

    assert [(move.event, move.to_state) for move in decision.moves] == steps
    assert decision.state == (steps[-1][1] if steps else facts.state)


def test_a_start_by_somebody_else_is_left_alone_until_the_next_evaluation() -> None:
    facts = waiting(car=FOREIGN)

    decision = decide(facts, NOW)

    assert [move.event for move in decision.moves] == [E.FOREIGN_START]
    assert decision.command is None


def test_a_start_when_our_own_lease_ran_out_is_not_somebody_elses() -> None:
    facts = waiting(car=FOREIGN, hold=make_hold(renew_by=NOW - MINUTE))

    assert E.FOREIGN_START not in [move.event for move in decide(facts, NOW).moves]


def test_an_unheard_car_whose_lease_ran_out_counts_as_started_before_two_hours_are_over() -> None:
    mute = replace(STILL, observed_at=NOW - 40 * MINUTE)

    held = decide(waiting(car=mute, hold=make_hold(renew_by=NOW + MINUTE)), NOW)
    lost = decide(waiting(car=mute, hold=make_hold(renew_by=NOW - MINUTE)), NOW)

    assert held.state == S.STOPPED
    assert lost.state == S.STARTING
    assert lost.command is not None
    assert lost.command.kind == START


def test_the_lease_of_a_stop_gone_by_does_not_undo_the_next_stop() -> None:
    facts = make_facts(S.START_FAILED, car=FOREIGN, plan=make_plan(LATER), hold=make_hold(renew_by=NOW - HOUR))

    decision = decide(facts, NOW)

    assert [move.to_state for move in decision.moves] == [S.STARTED, S.STOPPING]
    assert decision.command is not None
    assert decision.command.kind == STOP


def test_the_first_stop_and_the_first_start_are_remembered() -> None:
    stopped = decide(waiting(S.STOPPING), NOW).plan
    started = decide(in_window(S.STARTING, car=make_car()), NOW).plan

    assert stopped is not None
    assert (stopped.stop_confirmed_at, stopped.start_confirmed_at) == (NOW, None)
    assert started is not None
    assert (started.stop_confirmed_at, started.start_confirmed_at) == (None, NOW)


def test_a_stop_or_a_start_by_somebody_else_is_the_first_one_too() -> None:
    stopped = decide(in_window(S.STARTED, car=STILL), NOW)
    started = decide(waiting(car=make_car(charging_readings_in_a_row=2)), NOW)

    assert stopped.state == S.CHARGE_INTERRUPTED
    assert stopped.plan is not None
    assert stopped.plan.stop_confirmed_at == NOW
    assert started.state == S.OVERRIDDEN
    assert started.plan is not None
    assert started.plan.start_confirmed_at == NOW


def test_a_later_stop_and_start_change_nothing_of_the_first_ones() -> None:
    instants: dict[str, Any] = {"stop_confirmed_at": NOW - HOUR, "start_confirmed_at": NOW - HOUR}
    to_stop, to_start = make_plan(LATER, **instants), make_plan(NOW_ONLY, **instants)

    assert decide(waiting(S.STOPPING, plan=to_stop), NOW).plan is to_stop
    assert decide(in_window(S.STARTING, car=make_car(), plan=to_start), NOW).plan is to_start


def test_a_car_whose_level_is_lost_in_a_plan_charges() -> None:
    facts = waiting(car=replace(STILL, soc_percent=None))

    assert decide(facts, NOW).state == S.STARTING


def test_a_level_that_falls_below_the_minimum_starts_the_held_car() -> None:
    decision = decide(waiting(policy=make_policy(minimum_percent=60.0)), NOW)

    assert decision.state == S.STARTING
    assert decision.plan is not None
    assert decision.plan.reason == "below_minimum"
    assert decision.plan.windows[0].is_forced


def test_the_rule_names_the_last_event_or_the_reason_for_new_windows_or_nothing() -> None:
    changed = waiting(car=replace(STILL, soc_percent=30.0))

    assert decide(waiting(S.STOPPING), NOW).rule == E.STOP_SEEN
    assert decide(changed, NOW).rule == "plan changed: needs_longer"
    assert decide(waiting(), NOW).rule == "as before"
