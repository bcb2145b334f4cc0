"""Simulated cars: made, changed, and what else controls them."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import time, timedelta

import pytest

from charging.core.states import State
from charging.core.vendors import VENDORS
from charging.models import Driver, Location, Reading, SimulatedCar, Vehicle, VehicleView
from charging.models.vehicles import OtherControl
from charging.operations import clients, drivers, locations, prices
from charging.operations.gateways import gateway_of, load_simulated_car
from charging.operations.issues import Refused
from charging.operations.vehicles import (
    NOT_SIMULATED,
    CarDetails,
    add_simulated_car,
    car_issues,
    change_simulated_car,
    set_other_control,
)
from tests import factories
from tests.operations.night import EVENING, FAMILY_CAR, KRISTIANSAND, make_night

pytestmark = pytest.mark.django_db

SMALL_CAR = CarDetails(
    vendor="RENAULT",
    brand="Renault",
    model="Zoe",
    year=2022,
    display_name="Little one",
    battery_capacity_kwh=52.0,
    max_power_kw=7.4,
    soc_percent=61.0,
    charge_limit_percent=90.0,
)


@pytest.fixture
def driver() -> Driver:
    prices.ensure_price_areas()
    return drivers.create_driver(client=clients.ensure_built_in_client(now=EVENING), external_id="alice", now=EVENING)


def add(driver: Driver, details: CarDetails = FAMILY_CAR) -> Vehicle:
    return add_simulated_car(driver=driver, details=details, now=EVENING)


def test_a_new_car_stands_nowhere_unplugged_with_smart_charging_off(driver: Driver) -> None:
    vehicle = add(driver, SMALL_CAR)

    view = VehicleView.objects.get()
    assert (vehicle.is_simulated, vehicle.vendor, vehicle.model, vehicle.year) == (True, "RENAULT", "Zoe", 2022)
    assert (vehicle.battery_capacity_kwh, vehicle.max_power_kw, str(vehicle)) == (52.0, 7.4, "Little one")
    assert (view.soc_percent, view.charge_limit_percent, view.is_plugged_in) == (61.0, 90.0, False)
    assert (view.latitude, view.longitude, view.location) == (None, None, None)
    vehicle.refresh_from_db()
    assert vehicle.state == State.DISABLED
    assert vehicle.evaluated_at == EVENING


def test_a_car_of_a_driver_with_places_arrives_at_the_first_and_is_plugged_in(driver: Driver) -> None:
    first = locations.create_location(driver=driver, name="Home", now=EVENING, **KRISTIANSAND)
    later = EVENING + timedelta(minutes=1)
    locations.create_location(driver=driver, name="Work", latitude=59.91, longitude=10.75, now=later)

    add(driver)

    view = VehicleView.objects.get()
    assert view.location == first
    assert view.is_plugged_in is True


def test_a_place_of_somebody_else_is_not_arrived_at(driver: Driver) -> None:
    factories.make_location(driver=factories.make_driver())

    add(driver)

    assert VehicleView.objects.get().location is None


@pytest.mark.parametrize("vendor", sorted(NOT_SIMULATED))
def test_vendors_with_rules_of_their_own_are_not_simulated(vendor: str) -> None:
    assert vendor in VENDORS
    assert [issue.code for issue in car_issues(replace(FAMILY_CAR, vendor=vendor))] == ["VENDOR_INVALID"]


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        pytest.param({"vendor": "SPACESHIP"}, "VENDOR_INVALID", "vendor", id="unknown vendor"),
        pytest.param({"vendor": ""}, "VENDOR_INVALID", "vendor", id="no vendor"),
        pytest.param({"soc_percent": -1.0}, "SOC_INVALID", "soc", id="level below 0"),
        pytest.param({"soc_percent": 100.5}, "SOC_INVALID", "soc", id="level above 100"),
        pytest.param({"soc_percent": math.nan}, "SOC_INVALID", "soc", id="level not a number"),
        pytest.param({"charge_limit_percent": 49.0}, "LIMIT_INVALID", "limit", id="limit below 50"),
        pytest.param({"charge_limit_percent": 101.0}, "LIMIT_INVALID", "limit", id="limit above 100"),
        pytest.param({"charge_limit_percent": math.inf}, "LIMIT_INVALID", "limit", id="limit infinite"),
        pytest.param({"fault_name": "gremlins"}, "FAULT_INVALID", "behaves", id="unknown fault"),
    ],
)
def test_a_wrong_car_is_refused_and_nothing_is_stored(
    changes: dict[str, str | float], code: str, path: str, driver: Driver
) -> None:
    details = replace(FAMILY_CAR, **changes)  # type: ignore[arg-type]

    with pytest.raises(Refused) as refused:
        add(driver, details)

    assert [(issue.code, issue.path) for issue in refused.value.issues] == [(code, path)]
    assert not Vehicle.objects.exists()
    assert not SimulatedCar.objects.exists()


def test_every_fault_of_a_car_is_told_at_once() -> None:
    details = replace(FAMILY_CAR, vendor="", soc_percent=-1.0, charge_limit_percent=0.0)

    assert [issue.code for issue in car_issues(details)] == ["VENDOR_INVALID", "SOC_INVALID", "LIMIT_INVALID"]


@pytest.mark.parametrize("soc_percent", [0.0, 100.0])
@pytest.mark.parametrize("charge_limit_percent", [50.0, 100.0])
def test_the_bounds_themselves_are_right(soc_percent: float, charge_limit_percent: float) -> None:
    details = replace(FAMILY_CAR, soc_percent=soc_percent, charge_limit_percent=charge_limit_percent)

    assert car_issues(details) == ()


def test_a_changed_car_is_another_one_at_the_same_place_on_the_same_cable() -> None:
    night = make_night()
    place = night.add_place()
    night.let_pass(timedelta(minutes=10))
    before = load_simulated_car(night.vehicle)

    change_simulated_car(vehicle=night.vehicle, details=SMALL_CAR, now=night.now)

    vehicle, view = Vehicle.objects.get(), VehicleView.objects.get()
    assert (vehicle.vendor, vehicle.model, vehicle.battery_capacity_kwh) == ("RENAULT", "Zoe", 52.0)
    assert (view.soc_percent, view.charge_limit_percent, view.location) == (61.0, 90.0, place)
    assert view.is_plugged_in is True
    after = load_simulated_car(vehicle)
    assert (after.plugged_in_at, after.battery_capacity_kwh) == (before.plugged_in_at, 52.0)


def test_a_car_can_be_changed_at_the_instant_it_was_added(driver: Driver) -> None:
    vehicle = add(driver)

    change_simulated_car(vehicle=vehicle, details=SMALL_CAR, now=EVENING)

    assert VehicleView.objects.get().soc_percent == 61.0
    assert Reading.objects.count() == 2


def test_changing_a_car_leaves_the_state_that_was_decided_meanwhile() -> None:
    night = make_night()
    stale = Vehicle.objects.get()
    night.turn_on()
    assert night.vehicle.state == State.CONSIDERING

    change_simulated_car(vehicle=stale, details=SMALL_CAR, now=night.now)

    after = Vehicle.objects.get()
    assert after.state == State.CONSIDERING
    assert after.event_seq == night.vehicle.event_seq


def test_a_wrong_change_is_refused_and_the_car_stays(driver: Driver) -> None:
    vehicle = add(driver)

    with pytest.raises(Refused, match="SOC_INVALID"):
        change_simulated_car(vehicle=vehicle, details=replace(SMALL_CAR, soc_percent=-1.0), now=EVENING)

    assert Vehicle.objects.get().model == "ID.3"
    assert load_simulated_car(vehicle).soc_percent == 38.0


def test_what_else_controls_the_car_is_stored(driver: Driver) -> None:
    vehicle = add(driver)

    set_other_control(
        vehicle=vehicle,
        other_control=OtherControl.SAFETY_NET,
        charger_brand="Easee",
        safety_net_time=time(5, 30),
        now=EVENING,
    )

    stored = Vehicle.objects.get()
    assert (stored.other_control, stored.charger_brand, stored.safety_net_time) == ("safety_net", "Easee", time(5, 30))


def test_the_gateway_reads_the_car_that_is_stored(driver: Driver) -> None:
    vehicle = add(driver)

    reading = gateway_of(vehicle).read(now=EVENING)

    assert reading is not None
    assert (reading.soc_percent, reading.is_plugged_in) == (38.0, False)


def test_a_simulated_car_of_which_nothing_is_written_is_as_it_was_last_seen(driver: Driver) -> None:
    vehicle = factories.make_vehicle(driver=driver)

    reading = gateway_of(vehicle).read(now=factories.NOW)

    assert reading is not None
    assert (reading.soc_percent, reading.charge_limit_percent, reading.is_plugged_in) == (38.0, 80.0, True)
    assert (reading.is_charging, reading.latitude, reading.longitude) == (False, 58.1467, 7.9956)
    assert SimulatedCar.objects.count() == 0


def test_a_simulated_car_of_which_nothing_is_known_is_half_full_and_stands_nowhere(driver: Driver) -> None:
    vehicle = factories.make_vehicle(driver=driver)
    vehicle.view.delete()

    car = load_simulated_car(Vehicle.objects.get())

    assert (car.at, car.soc_percent, car.charge_limit_percent) == (factories.NOW, 50.0, 100.0)
    assert (car.is_plugged_in, car.latitude, car.wants_charge) == (False, None, True)


def test_a_real_car_is_no_simulated_car(driver: Driver) -> None:
    vehicle = factories.make_vehicle(driver=driver, gateway="push")

    with pytest.raises(SimulatedCar.DoesNotExist):
        load_simulated_car(vehicle)
    assert Location.objects.count() == 0
