"""Faults that a driver lets happen to a simulated car."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from charging.adapters.vehicles.fault_parts import Deed
from charging.adapters.vehicles.faults import NO_FAULTS
from charging.adapters.vehicles.gateway import GatewayError
from charging.core.facts import Hold
from charging.models import Command, Reading, StateEvent, Vehicle, VehicleView
from charging.operations import simulation
from charging.operations.fault_presets import PRESETS, Beginning
from charging.operations.gateways import gateway_of, load_simulated_car
from charging.operations.outside import outside_of
from charging.operations.simulated_faults import clear_faults, set_fault
from tests.operations.night import FAMILY_CAR, Night, make_night

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
TWELVE_LOCAL = datetime(2026, 1, 13, 11, tzinfo=UTC)


@pytest.fixture
def night() -> Night:
    """A car at Home, plugged in and charging; smart charging is off."""
    night = make_night()
    night.add_place()
    return night


def fault_name(night: Night, after: timedelta = timedelta(0)) -> str:
    outside = outside_of(vehicle=Vehicle.objects.get(), now=night.now + after)
    assert outside is not None
    return outside.fault_name


def view_of(night: Night) -> VehicleView:
    return VehicleView.objects.get(vehicle=night.vehicle)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_goes_wrong_under_its_name_and_can_be_taken_away(name: str, night: Night) -> None:
    set_fault(vehicle=night.vehicle, fault_name=name, now=night.now)

    assert fault_name(night) == name
    faults = load_simulated_car(night.vehicle).faults
    assert (faults.name, faults.timezone_name) == (name, "Europe/Oslo")
    clear_faults(vehicle=night.vehicle, now=night.now + MINUTE)
    assert fault_name(night, MINUTE) == ""
    assert load_simulated_car(night.vehicle).faults == NO_FAULTS


def test_a_new_fault_takes_the_place_of_the_old_one(night: Night) -> None:
    set_fault(vehicle=night.vehicle, fault_name="limit_falls_at_22", now=night.now)
    night.now += 5 * HOUR
    assert gateway_of(night.vehicle).read(now=night.now).charge_limit_percent == 50  # type: ignore[union-attr]

    set_fault(vehicle=night.vehicle, fault_name="slow", now=night.now)

    assert fault_name(night) == "slow"
    assert view_of(night).charge_limit_percent == 80


def test_taking_nothing_away_leaves_the_car_as_it_is(night: Night) -> None:
    before = load_simulated_car(night.vehicle)

    clear_faults(vehicle=night.vehicle, now=night.now)

    after = load_simulated_car(night.vehicle)
    assert (after.faults, after.soc_percent, after.is_charging) == (NO_FAULTS, before.soc_percent, True)


@pytest.mark.parametrize("name", ["", "gremlins"])
def test_an_unknown_fault_is_refused(name: str, night: Night) -> None:
    with pytest.raises(KeyError):
        set_fault(vehicle=night.vehicle, fault_name=name, now=night.now)


def test_a_real_car_has_no_faults_of_ours_and_nobody_sees_beside_it(night: Night) -> None:
    Vehicle.objects.update(gateway="another")
    real = Vehicle.objects.get()

    with pytest.raises(ValueError, match="simulated"):
        set_fault(vehicle=real, fault_name="slow", now=night.now)
    with pytest.raises(ValueError, match="simulated"):
        clear_faults(vehicle=real, now=night.now)
    assert outside_of(vehicle=real, now=night.now) is None
    assert load_simulated_car(real).faults == NO_FAULTS


@pytest.mark.parametrize(
    ("name", "lasts"),
    [("power_cut", HOUR), ("flapping", 2 * HOUR), ("frozen", 90 * MINUTE), ("silent", 3 * HOUR)],
)
def test_a_fault_with_an_end_is_over_by_itself(name: str, lasts: timedelta, night: Night) -> None:
    set_fault(vehicle=night.vehicle, fault_name=name, now=night.now)

    assert fault_name(night, lasts - MINUTE) == name
    assert fault_name(night, lasts) == ""


def test_a_fault_that_has_been_used_up_is_over(night: Night) -> None:
    set_fault(vehicle=night.vehicle, fault_name="ignores_start", now=night.now)
    command = Command(kind="START").public_id

    gateway_of(night.vehicle).start(command_id=command, now=night.now)

    assert fault_name(night) == ""


@pytest.mark.parametrize(
    ("now", "at"),
    [
        pytest.param(TWELVE_LOCAL, datetime(2026, 1, 14, 2, tzinfo=UTC), id="tonight"),
        pytest.param(datetime(2026, 1, 14, 2, tzinfo=UTC), datetime(2026, 1, 15, 2, tzinfo=UTC), id="not at once"),
        pytest.param(datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC), id="summer time"),
    ],
)
def test_a_preset_goes_by_the_local_clock(now: datetime, at: datetime) -> None:
    faults = PRESETS["drives_away_at_3"](Beginning(now, "Europe/Oslo", 80.0))

    assert [(act.deed, act.at) for act in faults.once] == [(Deed.DRIVE_AWAY, at)]


def test_a_fault_begins_with_a_reading_and_a_decision(night: Night) -> None:
    night.turn_on()
    night.let_pass(30 * MINUTE)
    readings = Reading.objects.count()

    set_fault(vehicle=night.vehicle, fault_name="slow", now=night.now)
    set_fault(vehicle=night.vehicle, fault_name="very_slow", now=night.now)

    assert Reading.objects.count() == readings + 2
    night.vehicle.refresh_from_db()
    assert night.vehicle.evaluated_at == night.now


def test_a_silent_car_does_not_report_what_is_done_to_it(night: Night) -> None:
    set_fault(vehicle=night.vehicle, fault_name="silent", now=night.now)
    readings = Reading.objects.count()

    simulation.unplug(vehicle=night.vehicle, now=night.now + HOUR)

    assert Reading.objects.count() == readings
    assert view_of(night).is_plugged_in is True
    beside = outside_of(vehicle=Vehicle.objects.get(), now=night.now + HOUR)
    assert beside is not None
    assert beside.is_plugged_in is False
    night.let_pass(4 * HOUR)
    assert view_of(night).is_plugged_in is False


def test_old_news_of_what_is_done_stay_old(night: Night) -> None:
    set_fault(vehicle=night.vehicle, fault_name="frozen", now=night.now)
    seen_at = view_of(night).observed_at

    simulation.unplug(vehicle=night.vehicle, now=night.now + HOUR)

    assert (view_of(night).observed_at, view_of(night).is_plugged_in) == (seen_at, True)
    assert not Reading.objects.filter(is_plugged_in=False, observed_at__gt=night.now).exists()


def test_a_lost_reply_does_not_undo_what_the_car_was_told(night: Night) -> None:
    set_fault(vehicle=night.vehicle, fault_name="reply_lost", now=night.now)
    hold = Hold(until=night.now + HOUR, renew_by=night.now + HOUR)

    with pytest.raises(GatewayError):
        gateway_of(night.vehicle).stop(command_id=Command(kind="STOP").public_id, hold=hold, now=night.now)

    night.now += 5 * MINUTE
    assert not night.is_charging


def test_without_any_place_clocks_show_utc() -> None:
    night = make_night(details=FAMILY_CAR)

    set_fault(vehicle=night.vehicle, fault_name="timer_at_23", now=night.now)

    assert load_simulated_car(night.vehicle).faults.timezone_name == "UTC"
    assert not StateEvent.objects.exists()
