"""Charge now: how long an override lasts, and what comes after it (API_CONTRACT 7.6, 7.7)."""

from dataclasses import replace

import pytest

from charging.core.decide import decide
from charging.core.facts import Car, CommandFacts, CommandKind, CommandPurpose, CommandStatus, Override, PowerDelivery
from charging.core.states import State
from tests.core.make import (
    HOUR,
    MINUTE,
    NOW,
    make_car,
    make_command,
    make_facts,
    make_override,
    make_policy,
)

S = State
START = CommandKind.START
STILL = make_car(is_charging=False)


def test_windows_are_made_anew_when_an_override_is_over() -> None:
    # The car charged while it was overridden: what is left needs an hour only.
    facts = make_facts(S.OVERRIDDEN, car=make_car(soc_percent=70.0))

    plan = decide(facts, NOW).plan

    assert plan is not None
    assert plan.reason == "override_over"
    assert sum((window.end - window.start for window in plan.windows), start=NOW - NOW) < HOUR


def test_while_an_override_is_active_the_windows_stay_as_they_are() -> None:
    facts = make_facts(S.OVERRIDDEN, car=make_car(soc_percent=70.0), override=make_override())

    assert decide(facts, NOW).plan is facts.plan


@pytest.mark.parametrize(
    ("override", "car"),
    [
        pytest.param(make_override(until_percent=60.0), make_car(soc_percent=60.0), id="level reached"),
        pytest.param(make_override(until_at=NOW), make_car(), id="instant reached"),
        pytest.param(make_override(), replace(STILL, soc_percent=60.0), id="car stopped charging"),
    ],
)
def test_charge_now_ends_by_its_own_measure_or_when_the_car_stops(override: Override, car: Car) -> None:
    decision = decide(make_facts(S.OVERRIDDEN, override=override, car=car), NOW)

    assert decision.ends_override
    assert decision.state != S.OVERRIDDEN


@pytest.mark.parametrize(
    ("override", "command"),
    [
        pytest.param(make_override(until_percent=60.0, until_at=NOW + HOUR), None, id="neither reached"),
        pytest.param(
            make_override(created_at=NOW - 2 * MINUTE),
            make_command(START, purpose=CommandPurpose.OVERRIDE),
            id="its start is on the way",
        ),
        pytest.param(
            make_override(created_at=NOW - 2 * MINUTE),
            make_command(START, CommandStatus.FAILED, CommandPurpose.OVERRIDE),
            id="its start has failed and is tried again",
        ),
    ],
)
def test_charge_now_goes_on(override: Override, command: CommandFacts | None) -> None:
    car = make_car() if command is None else STILL

    decision = decide(make_facts(S.OVERRIDDEN, override=override, car=car, command=command), NOW)

    assert decision.state == S.OVERRIDDEN
    assert not decision.ends_override


@pytest.mark.parametrize(
    ("car", "command"),
    [
        pytest.param(STILL, make_command(START, created_at=NOW - 4 * MINUTE), id="the plan's start is on its way"),
        pytest.param(
            STILL,
            make_command(START, CommandStatus.FAILED, created_at=NOW - 4 * MINUTE),
            id="the plan's start was given up after it",
        ),
        pytest.param(
            replace(STILL, power_delivery=PowerDelivery.FAULT),
            make_command(START, CommandStatus.FAILED, CommandPurpose.OVERRIDE),
            id="the charger has a fault",
        ),
    ],
)
def test_charge_now_is_not_over_before_the_car_has_charged(car: Car, command: CommandFacts) -> None:
    override = make_override(created_at=NOW - 2 * MINUTE)

    decision = decide(make_facts(S.OVERRIDDEN, override=override, car=car, command=command), NOW)

    assert decision.state == S.OVERRIDDEN
    assert not decision.ends_override


@pytest.mark.parametrize("delivery", [PowerDelivery.FAULT, PowerDelivery.NO_POWER])
def test_what_the_driver_asks_for_is_tried_whatever_the_car_last_said(delivery: PowerDelivery) -> None:
    car = replace(STILL, power_delivery=delivery)

    command = decide(make_facts(S.STOPPED, override=make_override(created_at=NOW), car=car), NOW).command

    assert command is not None
    assert (command.kind, command.purpose) == (START, CommandPurpose.OVERRIDE)


def test_a_start_that_was_given_up_long_before_is_not_waited_for() -> None:
    failed = make_command(START, CommandStatus.FAILED, created_at=NOW - HOUR)
    facts = make_facts(S.OVERRIDDEN, override=make_override(), car=STILL, command=failed)

    assert decide(facts, NOW).ends_override


def test_charge_now_is_over_when_its_start_was_confirmed_and_the_car_stands_still_again() -> None:
    command = make_command(START, CommandStatus.CONFIRMED, CommandPurpose.OVERRIDE)
    override = make_override(created_at=NOW - 2 * MINUTE)

    assert decide(make_facts(S.OVERRIDDEN, override=override, car=STILL, command=command), NOW).ends_override


def test_charge_now_in_considering_leaves_the_state_until_the_car_has_stopped() -> None:
    facts = make_facts(override=make_override(created_at=NOW - 2 * MINUTE))

    charging, over = decide(facts, NOW), decide(replace(facts, car=STILL), NOW)

    assert (charging.state, charging.rule, charging.plan) == (S.CONSIDERING, "charge_now", None)
    assert over.ends_override


def test_charge_now_ends_with_the_cable_and_with_the_policy() -> None:
    facts = make_facts(S.OVERRIDDEN, override=make_override())

    assert decide(replace(facts, policy=make_policy(is_enabled=False)), NOW).ends_override
    assert decide(replace(facts, car=replace(STILL, is_plugged_in=False)), NOW).ends_override
