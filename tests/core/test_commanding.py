"""Which command follows: charging is the default, a STOP needs a living reason (RELIABILITY 8.3)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from charging.core.decide import decide
from charging.core.facts import (
    CommandFacts,
    CommandKind,
    CommandPurpose,
    CommandStatus,
    Facts,
    Hold,
    PowerDelivery,
)
from charging.core.states import TRYING_TO_START, State
from tests.core.make import (
    HOUR,
    JUST_OVER_AND_LATER,
    LATER,
    MINUTE,
    NOW,
    NOW_ONLY,
    make_car,
    make_command,
    make_facts,
    make_full_car,
    make_hold,
    make_override,
    make_plan,
    make_policy,
    make_prices,
    make_unplugged_car,
)

S = State
START, STOP = CommandKind.START, CommandKind.STOP
STILL = make_car(is_charging=False)
NOT_SEEN = make_car(is_charging=False, observed_power_kw=None)
OFF = make_policy(is_enabled=False)
CHEAP_NOW = make_prices(((4, 0.10), (11, 0.40)))
UNPUBLISHED = make_prices(known_until=NOW + 3 * HOUR)


def command_after(facts: Facts) -> tuple[CommandKind, CommandPurpose] | None:
    command = decide(facts, NOW).command
    return None if command is None else (command.kind, command.purpose)


@pytest.mark.parametrize(
    ("facts", "command"),
    [
        pytest.param(make_facts(S.DISABLED, policy=OFF), None, id="disabled: the car charges by itself"),
        pytest.param(make_facts(S.DISABLED, policy=OFF, car=STILL), None, id="disabled: nor is it started"),
        pytest.param(
            make_facts(S.DISABLED, policy=OFF, car=STILL, override=make_override()), None, id="disabled: nor overridden"
        ),
        pytest.param(
            make_facts(S.DISABLED, policy=OFF, car=STILL, hold=make_hold()),
            (START, CommandPurpose.RELEASE),
            id="disabled: our own hold is released",
        ),
        pytest.param(make_facts(car=STILL, location_id=None), None, id="away from places: nothing"),
        pytest.param(
            make_facts(car=replace(STILL, soc_percent=5.0), location_id=None, policy=make_policy(minimum_percent=50.0)),
            None,
            id="away from places: nor below the minimum",
        ),
        pytest.param(
            make_facts(car=STILL, location_id=None, hold=make_hold()),
            (START, CommandPurpose.RELEASE),
            id="away from places: our own hold is released",
        ),
        pytest.param(
            make_facts(car=make_unplugged_car(), hold=make_hold()), None, id="unplugged: nothing, held or not"
        ),
        pytest.param(make_facts(car=NOT_SEEN), (START, CommandPurpose.PROBE), id="started to see its power"),
        pytest.param(make_facts(car=make_car(observed_power_kw=None)), None, id="no stop before its power was seen"),
        pytest.param(
            make_facts(car=NOT_SEEN, command=make_command(purpose=CommandPurpose.PROBE)),
            None,
            id="started once: its start is on the way",
        ),
        pytest.param(
            make_facts(car=STILL, prices=CHEAP_NOW), (START, CommandPurpose.PROBE), id="waiting saves nothing"
        ),
        pytest.param(
            make_facts(S.UNKNOWN, car=STILL, prices=(), has_prices=False), (START, CommandPurpose.PROBE), id="no prices"
        ),
        pytest.param(
            make_facts(S.UNKNOWN, car=replace(STILL, is_capable=False)), None, id="no control, nothing to command"
        ),
        pytest.param(make_facts(car=replace(STILL, soc_percent=None)), None, id="battery level not known"),
        pytest.param(make_facts(S.FULLY_CHARGED, car=make_full_car()), None, id="full"),
        pytest.param(make_facts(S.FULLY_CHARGED, car=make_full_car(), hold=make_hold()), None, id="full and held"),
        pytest.param(
            make_facts(car=STILL, override=make_override(NOW)),
            (START, CommandPurpose.OVERRIDE),
            id="charge now",
        ),
        pytest.param(
            make_facts(S.STOPPED, car=STILL, hold=make_hold(), override=make_override()),
            (START, CommandPurpose.OVERRIDE),
            id="charge now in a plan",
        ),
        pytest.param(
            make_facts(S.OVERRIDDEN, override=make_override(created_at=NOW, is_from_elsewhere=True), car=STILL),
            None,
            id="somebody else's charge is theirs",
        ),
        pytest.param(make_facts(), (STOP, CommandPurpose.PLAN), id="plan made, cheap hours later"),
        pytest.param(
            make_facts(S.STARTED, plan=make_plan(JUST_OVER_AND_LATER)), (STOP, CommandPurpose.PLAN), id="window over"
        ),
        pytest.param(
            make_facts(S.STARTED, plan=make_plan(JUST_OVER_AND_LATER), car=make_car(observed_power_kw=None)),
            None,
            id="window over, power not seen: no stop",
        ),
        pytest.param(make_facts(S.STOP_FAILED), None, id="stop given up"),
        pytest.param(make_facts(S.STOPPED, car=STILL, hold=make_hold()), None, id="held as planned"),
        pytest.param(
            make_facts(S.STOPPED, car=STILL, plan=make_plan(NOW_ONLY)), (START, CommandPurpose.PLAN), id="window begins"
        ),
        pytest.param(
            make_facts(S.STOPPED, car=replace(STILL, observed_at=NOW - 2 * HOUR), hold=make_hold()),
            (START, CommandPurpose.PLAN),
            id="silence releases",
        ),
    ],
)
def test_this_command_follows(facts: Facts, command: tuple[CommandKind, CommandPurpose] | None) -> None:
    assert command_after(facts) == command


@pytest.mark.parametrize("state", sorted(TRYING_TO_START), ids=lambda state: state.name)
@pytest.mark.parametrize("hours_before_deadline", [2, 0.1], ids=["in time", "to the last"])
def test_start_is_tried_again_and_again_until_the_deadline(state: State, hours_before_deadline: float) -> None:
    deadline = NOW + timedelta(hours=hours_before_deadline)
    facts = make_facts(
        state,
        car=STILL,
        policy=make_policy(deadline_at=deadline),
        plan=make_plan(((-0.5, hours_before_deadline),), deadline_at=deadline),
    )

    open_one = command_after(replace(facts, command=make_command()))
    given_up = command_after(replace(facts, command=make_command(status=CommandStatus.FAILED)))
    before_the_plan = replace(make_command(status=CommandStatus.FAILED), created_at=NOW - 9 * HOUR)

    assert open_one is None
    assert given_up == (START, CommandPurpose.RETRY)
    assert command_after(replace(facts, command=before_the_plan)) == (START, CommandPurpose.PLAN)


@pytest.mark.parametrize("delivery", [PowerDelivery.NO_POWER, PowerDelivery.FAULT])
def test_what_no_command_can_cure_gets_none(delivery: PowerDelivery) -> None:
    car = replace(STILL, power_delivery=delivery)

    assert command_after(make_facts(S.CHARGE_INTERRUPTED, plan=make_plan(NOW_ONLY), car=car)) is None


def test_an_open_stop_does_not_hold_back_a_start() -> None:
    facts = make_facts(S.STOPPED, car=STILL, plan=make_plan(NOW_ONLY), command=make_command(STOP))

    assert command_after(facts) == (START, CommandPurpose.PLAN)


@pytest.mark.parametrize(("minutes", "is_stopped"), [(22, True), (23, False)])
def test_a_stop_needs_telemetry_younger_than_one_and_a_half_polling_intervals(minutes: int, is_stopped: bool) -> None:
    facts = make_facts(car=make_car(observed_at=NOW - minutes * MINUTE))

    assert (command_after(facts) is not None) == is_stopped


def hold_of(facts: Facts) -> Hold:
    command = decide(facts, NOW).command
    assert command is not None
    assert command.hold is not None
    return command.hold


def test_every_stop_is_a_hold_until_the_next_start_with_a_lease_of_half_an_hour() -> None:
    facts = make_facts(S.STARTED, plan=make_plan(JUST_OVER_AND_LATER))

    assert hold_of(facts) == Hold(until=NOW + 4 * HOUR, renew_by=NOW + 30 * MINUTE)


def test_a_hold_towards_prices_not_published_ends_at_the_latest_safe_start() -> None:
    plan = make_plan(((-1.0, 0.0), (4.0, 6.8)), is_estimate=True, prices=UNPUBLISHED)

    hold = hold_of(make_facts(S.STARTED, plan=plan, prices=UNPUBLISHED))

    # 10 hours, less 2 h 47 of charging and their reserve of 10 minutes and 5 %.
    assert NOW + 6.8 * HOUR < hold.until < NOW + 7 * HOUR


def test_a_lease_never_outlasts_the_hold() -> None:
    facts = make_facts(S.STARTED, plan=make_plan(((-1.0, 0.0), (0.25, 3.05))))

    assert hold_of(facts) == Hold(until=NOW + 15 * MINUTE, renew_by=NOW + 15 * MINUTE)


@pytest.mark.parametrize(
    ("hold", "renewed"),
    [
        pytest.param(make_hold(renew_by=NOW + 16 * MINUTE), None, id="less than half over"),
        pytest.param(
            make_hold(renew_by=NOW + 15 * MINUTE), Hold(NOW + 4 * HOUR, NOW + 30 * MINUTE), id="half of it over"
        ),
        pytest.param(
            make_hold(until=NOW + 3 * HOUR), Hold(NOW + 4 * HOUR, NOW + 30 * MINUTE), id="the next start has moved"
        ),
    ],
)
def test_the_lease_of_a_held_car_is_renewed(hold: Hold, renewed: Hold | None) -> None:
    facts = make_facts(S.STOPPED, car=STILL, plan=make_plan(LATER), hold=hold)

    assert decide(facts, NOW).renew_hold == renewed


def test_a_lease_that_already_lasts_to_the_next_start_needs_no_renewal() -> None:
    plan = make_plan(((0.25, 3.05),))
    begin = plan.windows[0].start
    facts = make_facts(S.STOPPED, car=STILL, plan=plan, hold=make_hold(until=begin, renew_by=begin))

    assert decide(facts, NOW).renew_hold is None


def test_a_car_that_charges_has_no_lease_to_renew() -> None:
    facts = make_facts(S.STOPPED, hold=make_hold(renew_by=NOW + MINUTE))

    assert decide(facts, NOW).renew_hold is None


@pytest.mark.parametrize("command", [None, make_command(STOP, CommandStatus.SUPERSEDED)], ids=["never", "superseded"])
def test_a_stop_that_was_not_sent_is_given_again(command: CommandFacts | None) -> None:
    assert command_after(make_facts(S.STOPPING, command=command)) == (STOP, CommandPurpose.PLAN)


def test_an_open_stop_is_not_given_twice() -> None:
    assert command_after(make_facts(S.STOPPING, command=make_command(STOP))) is None


@pytest.mark.parametrize(
    ("facts", "purpose"),
    [
        pytest.param(make_facts(S.STOPPING, override=make_override()), CommandPurpose.OVERRIDE, id="charge now"),
        pytest.param(make_facts(S.STOPPING, policy=OFF), CommandPurpose.RELEASE, id="turned off"),
        pytest.param(
            make_facts(S.STOPPING, policy=make_policy(minimum_percent=70.0)),
            CommandPurpose.PLAN,
            id="below minimum",
        ),
        pytest.param(make_facts(S.STARTED, plan=make_plan(NOW_ONLY)), CommandPurpose.PLAN, id="in a window"),
        pytest.param(
            make_facts(S.CONSIDERING, plan=None, car=make_car(observed_power_kw=None)),
            CommandPurpose.RELEASE,
            id="no plan",
        ),
        pytest.param(
            make_facts(S.OVERRIDDEN, override=make_override(is_from_elsewhere=True)),
            CommandPurpose.RELEASE,
            id="somebody else wants it to charge",
        ),
    ],
)
def test_a_stop_that_may_still_reach_the_charging_car_is_taken_back(facts: Facts, purpose: CommandPurpose) -> None:
    assert command_after(replace(facts, command=make_command(STOP))) == (START, purpose)
    assert command_after(replace(facts, command=make_command(STOP, CommandStatus.CONFIRMED))) is None
