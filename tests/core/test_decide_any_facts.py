"""What holds for whatever facts: readings, plans, holds, overrides and commands in any combination."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from charging.core.decide import decide
from charging.core.facts import CommandFacts, CommandKind, CommandStatus, Facts, PowerDelivery
from charging.core.periods import Period
from charging.core.states import ENDED, EXECUTING, Event, State
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

SPELLS = st.sampled_from([LATER, NOW_ONLY, NOW_AND_LATER, JUST_OVER_AND_LATER, ((-3.0, -1.0),), ((0.0, 0.0),)])
AROUND_NOW = st.integers(-150, 150).map(lambda minutes: NOW + minutes * MINUTE)
HOURS = st.sampled_from([(), (), (Period(NOW, NOW + HOUR),), (Period(NOW + 2 * HOUR, NOW + 9 * HOUR),)])


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
        foreign_window=draw(HOURS),
    )


@given(facts=any_facts())
@settings(max_examples=80, deadline=None)
def test_whatever_the_facts_the_next_evaluation_lies_ahead_within_half_an_hour(facts: Facts) -> None:
    assert NOW < decide(facts, NOW).next_evaluation_at <= NOW + 30 * MINUTE


@given(facts=any_facts())
@settings(max_examples=40, deadline=None)
def test_the_same_facts_give_the_same_decision(facts: Facts) -> None:
    assert decide(facts, NOW) == decide(replace(facts), NOW)


@given(facts=any_facts())
@settings(max_examples=60, deadline=None)
def test_once_a_decision_is_written_the_same_instant_brings_nothing_new(facts: Facts) -> None:
    first = decide(facts, NOW)
    if first.state in ENDED or any(move.event == Event.FOREIGN_START for move in first.moves):
        return  # These rest on purpose until the next evaluation.
    command = facts.command
    if first.command is not None:
        command = CommandFacts(first.command.kind, CommandStatus.INTENDED, first.command.purpose, created_at=NOW)
    override = None if first.ends_override else facts.override
    written = replace(facts, state=first.state, plan=first.plan, command=command, override=override)

    second = decide(written, NOW)

    assert second.moves == ()
    assert second.command is None
    assert second.plan == first.plan


@given(facts=any_facts())
@settings(max_examples=80, deadline=None)
def test_a_stop_is_given_only_to_a_fresh_car_of_known_power_in_a_plan_at_a_place(facts: Facts) -> None:
    decision = decide(facts, NOW)
    is_new = facts.state != State.STOPPING

    if is_new and decision.command is not None and decision.command.kind == CommandKind.STOP:
        assert facts.policy.is_enabled
        assert facts.location_id is not None
        assert facts.car.observed_power_kw is not None
        assert facts.car.observed_at is not None
        assert facts.car.observed_at > NOW - HOUR / 2
        assert decision.plan is not None
        assert decision.command.hold is not None
        assert NOW < decision.command.hold.renew_by <= decision.command.hold.until
