from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from charging.core.decide import decide
from charging.core.facts import Facts
from charging.core.states import State
from charging.core.timing import stop_and_start
from tests.core.make import (
    LATER,
    MINUTE,
    NOW,
    NOW_AND_LATER,
    NOW_ONLY,
    make_car,
    make_facts,
    make_hold,
    make_override,
    make_plan,
    make_policy,
    make_unplugged_car,
)

S = State
STILL = make_car(is_charging=False)


@pytest.mark.parametrize(
    ("facts", "instant"),
    [
        pytest.param(make_facts(S.DISABLED, policy=make_policy(is_enabled=False)), NOW + 30 * MINUTE, id="disabled"),
        pytest.param(make_facts(car=make_unplugged_car()), NOW + 30 * MINUTE, id="unplugged"),
        pytest.param(make_facts(car=make_car(observed_power_kw=None)), NOW + 10 * MINUTE, id="considered"),
        pytest.param(make_facts(S.STOPPED, car=STILL), NOW + 10 * MINUTE, id="held for long"),
        pytest.param(
            make_facts(S.STOPPED, car=STILL, plan=make_plan(((0.1, 2.9),))), NOW + 6 * MINUTE, id="window begins soon"
        ),
        pytest.param(
            make_facts(S.STARTED, plan=make_plan(((-2.0, 0.05), (4.0, 6.8)))), NOW + 3 * MINUTE, id="window ends soon"
        ),
        pytest.param(
            make_facts(S.STOPPED, car=STILL, hold=make_hold(renew_by=NOW + 20 * MINUTE)),
            NOW + 5 * MINUTE,
            id="half of the lease is over soon",
        ),
        pytest.param(
            make_facts(S.OVERRIDDEN, override=make_override(until_at=NOW + 4 * MINUTE)),
            NOW + 4 * MINUTE,
            id="charge now ends soon",
        ),
        pytest.param(
            make_facts(
                S.STARTED,
                plan=make_plan(NOW_ONLY, deadline_at=NOW + 2 * MINUTE),
                policy=make_policy(deadline_at=NOW + 2 * MINUTE),
            ),
            NOW + 2 * MINUTE,
            id="deadline soon",
        ),
    ],
)
def test_a_car_is_looked_at_again_when_time_alone_can_change_the_decision(facts: Facts, instant: datetime) -> None:
    assert decide(facts, NOW).next_evaluation_at == instant


def test_a_held_car_is_looked_at_again_at_its_latest_safe_start() -> None:
    # 2 h 47 of charging and their reserve of 10 minutes and 5 % lead up to a deadline 3 h 10 away.
    deadline = NOW + timedelta(hours=3, minutes=10)
    plan = make_plan(((0.37, 3.15),), deadline_at=deadline)
    facts = make_facts(S.STOPPED, car=STILL, plan=plan, policy=make_policy(deadline_at=deadline))

    assert NOW + 4 * MINUTE < decide(facts, NOW).next_evaluation_at < NOW + 6 * MINUTE


@pytest.mark.parametrize(
    ("spells", "state", "stop_hours", "start_hours"),
    [
        pytest.param(LATER, S.STOPPED, 6.8, 4.0, id="held: the only window"),
        pytest.param(NOW_AND_LATER, S.STARTED, 1.0, 4.0, id="charging: this stop, the next start"),
        pytest.param(NOW_ONLY, S.STARTED, 2.8, -0.5, id="last window: its own start"),
        pytest.param(((-2.0, -1.0),), S.START_FAILED, -1.0, -2.0, id="all over: the last ones"),
        pytest.param(LATER, S.AWAITING_PRICES, 6.8, None, id="prices awaited: no start"),
    ],
)
def test_the_plan_shows_its_next_stop_and_start(
    spells: tuple[tuple[float, float], ...], state: State, stop_hours: float, start_hours: float | None
) -> None:
    stop, start = stop_and_start(make_plan(spells), state, NOW)

    assert stop == NOW + timedelta(hours=stop_hours)
    assert start == (None if start_hours is None else NOW + timedelta(hours=start_hours))


def test_a_plan_without_windows_stops_when_it_would_be_done() -> None:
    plan = replace(make_plan(LATER), windows=())

    assert stop_and_start(plan, S.STARTED, NOW) == (plan.estimated_finish_at, plan.created_at)
