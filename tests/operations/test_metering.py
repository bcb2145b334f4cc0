"""Costs are those of the energy that really flowed, whoever let it flow."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from charging.core.facts import PriceInterval
from charging.core.states import State
from charging.models import Location, Plan, Reading
from charging.operations import overrides
from charging.operations.facts import load_facts
from charging.operations.metering import cost_of_what_flowed
from tests.operations.night import Night, make_night

pytestmark = pytest.mark.django_db


def store_levels(night: Night, instants: list[datetime], levels: tuple[float, ...]) -> None:
    """These are the only readings of the car."""
    Reading.objects.all().delete()
    for at, soc in zip(instants, levels, strict=True):
        Reading.objects.create(
            vehicle=night.vehicle,
            event_id=at.isoformat(),
            observed_at=at,
            received_at=at,
            power_delivery="UNKNOWN",
            soc_percent=soc,
        )


@pytest.fixture
def held() -> Night:
    night = make_night()
    night.add_place()
    night.turn_on()
    night.let_pass(timedelta(minutes=30))
    return night


def test_an_undisturbed_night_costs_what_was_planned(held: Night) -> None:
    planned = Plan.objects.get().smart_cost

    held.let_pass(timedelta(hours=12))

    plan = Plan.objects.get()
    assert plan.final_state == State.FINISHED
    assert planned is not None
    assert plan.smart_cost == pytest.approx(planned, rel=Decimal("0.03"))


def test_a_night_that_was_charged_at_once_costs_what_charging_at_once_costs(held: Night) -> None:
    overrides.charge_now(vehicle=held.vehicle, now=held.now)

    held.let_pass(timedelta(hours=5))

    plan = Plan.objects.get()
    assert plan.final_state == State.FINISHED
    assert plan.smart_cost == pytest.approx(plan.non_smart_cost, rel=Decimal("0.05"))


def test_energy_is_priced_when_it_flowed_and_a_falling_level_gives_nothing_back() -> None:
    night = make_night()
    hours = [night.now + timedelta(hours=n) for n in range(4)]
    prices = tuple(PriceInterval(at, at + timedelta(hours=1), Decimal(n + 1)) for n, at in enumerate(hours))
    store_levels(night, hours, (50.0, 60.0, 58.0, 59.0))

    cost = cost_of_what_flowed(vehicle=night.vehicle, prices=prices, start=hours[0], end=hours[3])

    assert cost == pytest.approx(Decimal(1) * Decimal("77") / 9 + Decimal(3) * Decimal("7.7") / 9)


def test_a_plan_that_ends_because_its_place_is_gone_keeps_its_planned_cost(held: Night) -> None:
    planned = Plan.objects.get().smart_cost

    Location.objects.get().delete()
    held.let_pass(timedelta(minutes=15))

    plan = Plan.objects.get()
    assert plan.final_state == State.ENDED_DISABLED
    assert plan.smart_cost == planned


def test_without_two_levels_nothing_is_known() -> None:
    night = make_night()

    assert cost_of_what_flowed(vehicle=night.vehicle, prices=(), start=night.now, end=night.now) is None


def test_what_flowed_while_no_price_is_known_has_no_cost() -> None:
    night = make_night()
    hours = [night.now + timedelta(hours=n) for n in range(4)]
    prices = (PriceInterval(hours[0], hours[1], Decimal(1)),)
    store_levels(night, hours, (50.0, 60.0, 60.0, 70.0))

    assert cost_of_what_flowed(vehicle=night.vehicle, prices=prices, start=hours[0], end=hours[1]) is not None
    assert cost_of_what_flowed(vehicle=night.vehicle, prices=prices, start=hours[0], end=hours[3]) is None


def test_the_prices_of_a_plan_that_is_hours_late_go_on_until_now(held: Night) -> None:
    late = Plan.objects.get().deadline_at + timedelta(hours=5)

    facts, _ = load_facts(vehicle=held.vehicle, now=late)

    assert facts.prices[-1].end > late - timedelta(minutes=15)
