"""Charging sessions of whole nights with a simulated car, against the car's own meter."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from charging.adapters.vehicles.simulated_car import advance
from charging.core.states import State
from charging.models import ChargingSession, Plan
from charging.operations import overrides, simulation
from charging.operations.gateways import load_simulated_car
from tests.operations.night import Night, make_night
from tests.operations.test_yielding import start_elsewhere

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Night:
    night = make_night()
    night.add_place()
    night.turn_on(minimum=40)
    night.let_pass(timedelta(minutes=30))
    assert night.vehicle.state == State.STOPPED
    return night


def metered_kwh(night: Night) -> float:
    return advance(load_simulated_car(night.vehicle), night.now).energy_kwh


def test_an_undisturbed_night_is_written_down_when_its_plan_has_finished(held: Night) -> None:
    held.let_pass(timedelta(hours=12))

    session = ChargingSession.objects.get()
    assert held.vehicle.state == State.FINISHED
    assert session.unplugged_at is None
    assert session.energy_source == "metered"
    assert session.energy_kwh == pytest.approx(metered_kwh(held), rel=0.01)
    assert (session.soc_from_percent, session.soc_to_percent) == (38.0, 80.0)
    assert session.protective_energy_kwh == pytest.approx(2 * 0.77 / 0.9, abs=0.2)
    assert session.saving is not None
    assert session.saving > 0
    assert session.cost is not None
    assert session.cost_charged_at_once == pytest.approx(session.cost + session.saving, abs=Decimal("0.0002"))
    assert session.prices_recorded_on == ["2025-12-23", "2025-12-24"]


def test_the_plan_itself_and_the_plug_in_tell_of_the_same_energy(held: Night) -> None:
    before = ChargingSession.objects.get().energy_kwh

    held.let_pass(timedelta(hours=12))

    plan, session = Plan.objects.get(), ChargingSession.objects.get()
    assert session.energy_kwh - before == pytest.approx(plan.energy_kwh, rel=0.02)
    assert session.planned_cost == pytest.approx(plan.smart_cost, rel=Decimal("0.02"))


def test_charging_now_until_full_saves_nothing_and_says_whose_wish_it_was(held: Night) -> None:
    overrides.charge_now(vehicle=held.vehicle, now=held.now)

    held.let_pass(timedelta(hours=5))

    session = ChargingSession.objects.get()
    assert session.override_source == "here"
    assert session.override_energy_kwh == pytest.approx(metered_kwh(held) - 2.5, abs=1.0)
    assert session.saving == pytest.approx(Decimal(0), abs=Decimal("0.01"))


def test_a_start_by_somebody_else_is_theirs_from_its_beginning(held: Night) -> None:
    before = metered_kwh(held)
    start_elsewhere(held)
    held.let_pass(timedelta(hours=1))

    simulation.unplug(vehicle=held.vehicle, now=held.now)

    session = ChargingSession.objects.get()
    assert session.unplugged_at is not None
    assert session.override_source == "elsewhere"
    assert session.override_energy_kwh == pytest.approx(metered_kwh(held) - before, abs=0.5)


def test_a_car_that_was_plugged_in_before_sessions_were_kept_gets_its_row(held: Night) -> None:
    ChargingSession.objects.all().delete()

    held.let_pass(timedelta(hours=12))

    session = ChargingSession.objects.get()
    assert session.plugged_in_at == held.vehicle.view.plugged_in_at
    assert session.energy_kwh == pytest.approx(metered_kwh(held), rel=0.01)
