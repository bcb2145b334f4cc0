"""The strip of a simulated car: what the driver would do outside, and the pace of time."""

from __future__ import annotations

import pytest
from django.test import Client as Browser

from charging.models import Driver, Vehicle, VehicleView
from charging.operations.clocks import wall_now
from charging.operations.drivers import create_guest
from charging.operations.locations import create_location
from charging.operations.prices import ensure_price_areas
from charging.operations.vehicles import CarDetails, add_simulated_car
from tests import factories
from tests.views.cars import make_own_car, sign_in, text_of, url

DETAILS = CarDetails("VOLKSWAGEN", "Volkswagen", "ID.4", 77.0, 11.0, soc_percent=38.0, charge_limit_percent=80.0)


@pytest.fixture
def vehicle(db: None, client: Browser, story_time: None) -> Vehicle:
    """A guest's simulated car, plugged in at Home."""
    ensure_price_areas()
    driver = create_guest(now=wall_now())
    car = add_simulated_car(driver=driver, details=DETAILS, now=wall_now())
    create_location(driver=driver, name="Home", latitude=58.1467, longitude=7.9956, now=wall_now())
    return sign_in(client, Vehicle.objects.get(pk=car.pk))


def view_of(vehicle: Vehicle) -> VehicleView:
    return VehicleView.objects.get(vehicle=vehicle)


def test_the_car_is_unplugged_and_plugged_in_again(client: Browser, vehicle: Vehicle) -> None:
    client.post(url("car_simulation", vehicle), {"do": "unplug"})
    assert view_of(vehicle).is_plugged_in is False

    client.post(url("car_simulation", vehicle), {"do": "plug_in"})
    assert view_of(vehicle).is_plugged_in is True


def test_the_car_drives_away_and_home_again(client: Browser, vehicle: Vehicle) -> None:
    client.post(url("car_simulation", vehicle), {"do": "drive_away"})
    assert view_of(vehicle).location is None

    page = text_of(client.get(url("car", vehicle)))
    assert "Drive home" in page
    assert "Drive away" not in page

    client.post(url("car_simulation", vehicle), {"do": "drive_home"})
    assert view_of(vehicle).location is not None


@pytest.mark.parametrize("speed", [60, 600, 1])
def test_time_runs_at_another_pace(client: Browser, vehicle: Vehicle, speed: int) -> None:
    client.post(url("car_simulation", vehicle), {"speed": str(speed)})

    assert Driver.objects.get(pk=vehicle.driver_id).clock_speed == speed


@pytest.mark.parametrize("fields", [{"speed": "7"}, {"do": "explode"}, {}], ids=["speed 7", "unknown deed", "nothing"])
def test_what_is_not_offered_does_not_exist(client: Browser, vehicle: Vehicle, fields: dict[str, str]) -> None:
    assert client.post(url("car_simulation", vehicle), fields).status_code == 404


def test_a_driver_with_a_real_car_keeps_the_pace_of_the_wall(client: Browser, vehicle: Vehicle) -> None:
    factories.make_vehicle(driver=vehicle.driver, gateway="another")

    assert client.post(url("car_simulation", vehicle), {"speed": "60"}).status_code == 404
    assert Driver.objects.get(pk=vehicle.driver_id).clock_speed == 1


def test_a_real_car_has_no_strip(client: Browser, story_time: None, db: None) -> None:
    vehicle = make_own_car(client)
    Vehicle.objects.filter(pk=vehicle.pk).update(gateway="another")

    page = text_of(client.get(url("car", vehicle)))

    assert "card simulation" not in page
    assert "simulated" not in page
    assert client.post(url("car_simulation", vehicle), {"do": "unplug"}).status_code == 404


def test_check_now_asks_the_car(client: Browser, vehicle: Vehicle) -> None:
    before = view_of(vehicle).observed_at

    client.post(url("car_check_now", vehicle))

    after = view_of(vehicle).observed_at
    assert before is not None
    assert after is not None
    assert after > before


def test_a_guest_is_offered_to_keep_the_account(client: Browser, vehicle: Vehicle) -> None:
    assert "Keep this account" in text_of(client.get(url("car", vehicle)))
