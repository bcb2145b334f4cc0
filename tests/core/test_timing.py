from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charging.core.decide import decide
from charging.core.facts import Facts, PowerDelivery
from charging.core.states import EXECUTING, State
from charging.core.timing import stop_and_start
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


SPELLS = st.sampled_from([LATER, NOW_ONLY, NOW_AND_LATER, JUST_OVER_AND_LATER, ((-3.0, -1.0),), ((0.0, 0.0),)])
AROUND_NOW = st.integers(-150, 150).map(lambda minutes: NOW + minutes * MINUTE)


@st.composite
def any_facts(draw: st.DrawFn) -> Facts:
    state = draw(st.sampled_from(sorted(State)))
    deadline = draw(st.sampled_from([NOW - 2 * HOUR, NOW, NOW + HOUR, NOW + 10 * HOUR]))
    prices = make_prices(known_until=draw(st.sampled_from([None, NOW + HOUR])))
    plan = make_plan(
        draw(SPELLS), prices=prices, is_estimate=draw(st.booleans()), deadline_at=deadline, created_at=NOW - 8 * HOUR
    )
    car = make_car(
        is_charging=draw(st.booleans()),
        is_plugged_in=draw(st.sampled_from([True, True, False, None])),
        soc_percent=draw(st.sampled_from([None, 5.0, 50.0, 79.0, 80.0])),
        observed_at=draw(st.one_of(st.none(), AROUND_NOW.filter(lambda at: at <= NOW))),
        observed_power_kw=draw(st.sampled_from([None, 3.6, 7.2])),
        power_delivery=draw(st.sampled_from(sorted(PowerDelivery))),
        charging_readings_in_a_row=draw(st.integers(0, 3)),
        is_capable=draw(st.sampled_from([True, True, True, False])),
    )
    return make_facts(
        state,
        car=car,
        prices=draw(st.sampled_from([prices, ()])),
        has_prices=draw(st.booleans()),
        plan=plan if state in EXECUTING else None,
        location_id=draw(st.sampled_from([1, None])),
        policy=make_policy(
            is_enabled=draw(st.booleans()), deadline_at=deadline, minimum_percent=draw(st.sampled_from([0.0, 40.0]))
        ),
        hold=draw(st.one_of(st.none(), st.builds(make_hold, AROUND_NOW, AROUND_NOW))),
        override=draw(st.one_of(st.none(), st.builds(make_override, AROUND_NOW))),
        command=draw(st.one_of(st.none(), st.just(make_command()))),
    )


@given(facts=any_facts())
@settings(max_examples=80, deadline=None)
def test_whatever_the_facts_the_next_evaluation_lies_ahead_within_half_an_hour(facts: Facts) -> None:
    assert NOW < decide(facts, NOW).next_evaluation_at <= NOW + 30 * MINUTE


@given(facts=any_facts())
@settings(max_examples=40, deadline=None)
def test_the_same_facts_give_the_same_decision(facts: Facts) -> None:
    assert decide(facts, NOW) == decide(replace(facts), NOW)


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
