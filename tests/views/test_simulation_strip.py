"""The strip of a simulated car: what the driver would do outside, and the pace of time."""

from __future__ import annotations

import pytest
from django.test import Client as Browser

from charging.models import Driver, SimulatedCar, Vehicle, VehicleView
from charging.operations.clocks import wall_now
from charging.operations.drivers import create_guest
from charging.operations.fault_presets import PRESETS
from charging.operations.gateways import load_simulated_car
from charging.operations.locations import create_location
from charging.operations.prices import ensure_price_areas
from charging.operations.simulation import set_battery
from charging.operations.vehicles import CarDetails, add_simulated_car
from charging.views.access import now_of
from charging.views.fault_words import FAULT_WORDS
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


def test_beside_the_pace_stands_what_it_means_for_a_real_car(client: Browser, vehicle: Vehicle) -> None:
    sentence = "A real car can be connected after the simulated one is removed."
    assert sentence not in text_of(client.get(url("car", vehicle)))

    client.post(url("car_simulation", vehicle), {"speed": "60"})

    assert sentence in text_of(client.get(url("car", vehicle)))


@pytest.mark.parametrize(("before", "after"), [(80.0, 40.0), (38.0, 15.0), (9.0, 9.0)])
def test_a_day_on_the_road_leaves_something_to_charge(
    client: Browser, vehicle: Vehicle, before: float, after: float
) -> None:
    client.post(url("car_simulation", vehicle), {"do": "drive_away"})
    set_battery(vehicle=vehicle, soc_percent=before, now=now_of(vehicle))

    client.post(url("car_simulation", vehicle), {"do": "drive_home"})

    assert view_of(vehicle).soc_percent == after


@pytest.mark.parametrize("speed", [60, 600, 1])
def test_time_runs_at_another_pace(client: Browser, vehicle: Vehicle, speed: int) -> None:
    client.post(url("car_simulation", vehicle), {"speed": str(speed)})

    assert Driver.objects.get(pk=vehicle.driver_id).clock_speed == speed


@pytest.mark.parametrize(
    "fields",
    [{"speed": "7"}, {"do": "explode"}, {"fault": "gremlins"}, {"fault": ""}, {}],
    ids=["speed 7", "unknown deed", "unknown fault", "no fault", "nothing"],
)
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
    for fields in ({"do": "unplug"}, {"fault": "slow"}, {"do": "take_fault_away"}):
        assert client.post(url("car_simulation", vehicle), fields).status_code == 404


def fault_of(vehicle: Vehicle) -> str:
    return load_simulated_car(vehicle).faults.name


def test_every_fault_has_words_and_every_word_a_fault() -> None:
    assert sorted(FAULT_WORDS) == sorted(PRESETS)


def test_the_strip_offers_all_faults_in_plain_words(client: Browser, vehicle: Vehicle) -> None:
    page = text_of(client.get(url("car", vehicle)))

    assert page.count('<option value="') == len(FAULT_WORDS)
    assert all(f'<option value="{name}">{words}</option>' in page for name, words in FAULT_WORDS.items())
    assert "Only in this simulation" in page
    assert "Take the fault away" not in page


def test_a_guest_lets_something_go_wrong_reads_what_it_is_and_takes_it_away(client: Browser, vehicle: Vehicle) -> None:
    answer = client.post(url("car_simulation", vehicle), {"fault": "ignores_start"}, follow=True)

    page = text_of(answer)
    assert answer.redirect_chain[0][1] == 303
    assert "Simulated from now on: Your car ignores the next start." in page
    assert "Going wrong now, simulated: <strong>Your car ignores the next start.</strong>" in page
    assert "<select" not in page
    assert fault_of(vehicle) == "ignores_start"

    page = text_of(client.post(url("car_simulation", vehicle), {"do": "take_fault_away"}, follow=True))

    assert "Nothing goes wrong with the simulated car any more." in page
    assert "Going wrong now" not in page
    assert "<select" in page
    assert fault_of(vehicle) == ""


def test_the_live_part_tells_of_the_fault_too(client: Browser, vehicle: Vehicle) -> None:
    client.post(url("car_simulation", vehicle), {"fault": "timer_at_23"})

    part = text_of(client.get(url("car_fragment", vehicle, "side"), headers={"HX-Request": "true"}))

    assert "A timer allows charging from 23:00." in part
    assert "csrfmiddlewaretoken" in part


def test_a_stranger_lets_nothing_go_wrong(client: Browser, vehicle: Vehicle) -> None:
    sign_in(client, factories.make_parked_car())

    assert client.post(url("car_simulation", vehicle), {"fault": "slow"}).status_code == 404
    assert fault_of(vehicle) == ""


def test_the_strip_offers_what_can_be_done_to_the_car_also_when_it_does_not_answer(
    client: Browser, vehicle: Vehicle
) -> None:
    client.post(url("car_simulation", vehicle), {"fault": "silent"})
    client.post(url("car_simulation", vehicle), {"do": "drive_away"})
    assert view_of(vehicle).is_plugged_in is True

    page = text_of(client.get(url("car", vehicle)))

    assert ">Plug in</button>" in page
    assert ">Drive home</button>" in page
    assert ">Unplug</button>" not in page
    assert ">Drive away</button>" not in page


def test_a_car_that_stands_nowhere_has_nowhere_to_drive_to(client: Browser, db: None, story_time: None) -> None:
    ensure_price_areas()
    car = add_simulated_car(driver=create_guest(now=wall_now()), details=DETAILS, now=wall_now())
    sign_in(client, Vehicle.objects.get(pk=car.pk))

    page = text_of(client.get(url("car", car)))

    assert ">Plug in</button>" in page
    assert "Drive" not in page


def test_a_car_that_nobody_simulates_has_no_strip(client: Browser, vehicle: Vehicle) -> None:
    SimulatedCar.objects.all().delete()

    assert "card simulation" not in text_of(client.get(url("car", vehicle)))


def test_check_now_asks_the_car(client: Browser, vehicle: Vehicle) -> None:
    before = view_of(vehicle).observed_at

    client.post(url("car_check_now", vehicle))

    after = view_of(vehicle).observed_at
    assert before is not None
    assert after is not None
    assert after > before


def test_a_guest_is_offered_to_keep_the_account(client: Browser, vehicle: Vehicle) -> None:
    assert "Keep this account" in text_of(client.get(url("car", vehicle)))
