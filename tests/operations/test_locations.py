"""Places: what is refused, what is found out by itself, and what an edit does to a car that waits there."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from charging.core.states import State
from charging.models import Location, Plan, PriceArea, VehicleView
from charging.operations import clients, drivers, locations, simulation
from charging.operations.issues import Refused
from charging.operations.locations import location_issues
from tests.operations.night import KRISTIANSAND, Night, make_night

pytestmark = pytest.mark.django_db

PARIS = {"latitude": 48.8566, "longitude": 2.3522}
TALLINN = {"latitude": 59.437, "longitude": 24.7536}


@pytest.fixture
def night() -> Night:
    return make_night()


@pytest.fixture
def waiting() -> Night:
    """A car that is held at Home until the cheap hours."""
    night = make_night()
    night.add_place()
    night.turn_on()
    night.let_pass(timedelta(minutes=10))
    assert night.vehicle.state == State.STOPPED
    return night


def make_values(**values: Any) -> dict[str, Any]:
    return {"name": "Home", **KRISTIANSAND} | values


def refusals(night: Night, **values: Any) -> list[str]:
    with pytest.raises(Refused) as refusal:
        locations.create_location(driver=night.driver, now=night.now, **make_values(**values))
    assert not Location.objects.exists()
    return [issue.code for issue in refusal.value.issues]


NO_NUMBERS = {"NaN": math.nan, "infinity": math.inf, "minus infinity": -math.inf}


@pytest.mark.parametrize("latitude", [*NO_NUMBERS.values(), 91.0, -90.0001], ids=[*NO_NUMBERS, "91", "below -90"])
def test_an_impossible_latitude_is_refused_and_nothing_is_stored(night: Night, latitude: float) -> None:
    assert refusals(night, latitude=latitude) == ["LATITUDE_INVALID"]


@pytest.mark.parametrize("longitude", [*NO_NUMBERS.values(), 180.5, -181.0], ids=[*NO_NUMBERS, "180.5", "-181"])
def test_an_impossible_longitude_is_refused_and_nothing_is_stored(night: Night, longitude: float) -> None:
    assert refusals(night, longitude=longitude) == ["LONGITUDE_INVALID"]


@pytest.mark.parametrize("zone", ["Mars/X", "../../etc/passwd", "", "Factory", "localtime", "europe/oslo\x00"])
def test_an_unknown_time_zone_is_refused(night: Night, zone: str) -> None:
    assert refusals(night, timezone_name=zone) == ["TIMEZONE_INVALID"]


@pytest.mark.parametrize("radius", [49, 501, 0, -150, math.nan, math.inf])
def test_a_radius_outside_50_to_500_meters_is_refused(night: Night, radius: float) -> None:
    assert refusals(night, radius_meters=radius) == ["RADIUS_INVALID"]


@pytest.mark.parametrize("key", ["price_area_code", "example_area_code"])
def test_an_unknown_price_area_is_refused(night: Night, key: str) -> None:
    assert refusals(night, **{key: "XX"}) == ["PRICE_AREA_UNKNOWN"]


def test_every_fault_is_named_at_once(night: Night) -> None:
    codes = refusals(
        night, name="", latitude=91.0, longitude=math.nan, radius_meters=1, timezone_name="X", price_area_code="XX"
    )

    assert codes == [
        "NAME_MISSING",
        "LATITUDE_INVALID",
        "LONGITUDE_INVALID",
        "TIMEZONE_INVALID",
        "RADIUS_INVALID",
        "PRICE_AREA_UNKNOWN",
    ]


def test_a_value_that_is_absent_is_not_judged() -> None:
    assert location_issues({}) == ()


@pytest.mark.parametrize(("latitude", "longitude"), [(90.0, 0.0), (-90.0, 180.0), (0.0, 0.0), (0.0, -180.0)], ids=str)
def test_poles_the_antimeridian_and_the_sea_are_places_without_prices_in_utc(
    night: Night, latitude: float, longitude: float
) -> None:
    location = locations.create_location(
        driver=night.driver, name="Edge", latitude=latitude, longitude=longitude, now=night.now
    )

    assert location.price_area is None
    assert location.timezone_name in {"UTC", "Antarctica/McMurdo"}


def test_an_area_and_a_zone_given_by_hand_win_over_the_point(night: Night) -> None:
    location = night.add_place(price_area_code="SE4", timezone_name="Europe/Stockholm", example_area_code="NO2")

    assert location.price_area == PriceArea.objects.get(code="SE4")
    assert location.is_area_hand_set
    assert location.pricing_area == PriceArea.objects.get(code="NO2")
    assert location.timezone_name == "Europe/Stockholm"


@pytest.mark.parametrize(
    ("values", "zone"),
    [
        pytest.param({}, "Europe/Tallinn", id="of the point"),
        pytest.param({"timezone_name": "Europe/London"}, "Europe/London", id="set by hand"),
    ],
)
def test_a_moved_point_finds_its_price_area_and_its_time_zone_anew(
    night: Night, values: dict[str, str], zone: str
) -> None:
    location = night.add_place(**values)

    locations.update_location(location=location, now=night.now, **TALLINN)

    stored = Location.objects.get()
    assert stored.price_area == PriceArea.objects.get(code="EE")
    assert stored.timezone_name == zone


def test_an_area_set_by_hand_gives_way_to_that_of_the_point_when_asked(night: Night) -> None:
    location = night.add_place(price_area_code="NO5")

    locations.update_location(location=location, now=night.now, finds_area=True)

    stored = Location.objects.get()
    assert (stored.price_area, stored.is_area_hand_set) == (PriceArea.objects.get(code="NO2"), False)


def test_a_price_area_set_by_hand_survives_moving_the_point(night: Night) -> None:
    location = night.add_place()
    locations.update_location(location=location, now=night.now, price_area_code="NO5")

    locations.update_location(location=location, now=night.now, latitude=59.437)
    locations.update_location(location=location, now=night.now, longitude=24.7536)

    assert Location.objects.get().price_area == PriceArea.objects.get(code="NO5")


def test_taking_the_hand_set_area_back_leaves_none_and_the_next_move_finds_one(night: Night) -> None:
    location = night.add_place(price_area_code="NO5")

    locations.update_location(location=location, now=night.now, price_area_code=None)
    assert Location.objects.get().price_area is None
    locations.update_location(location=location, now=night.now, **PARIS)

    assert Location.objects.get().price_area == PriceArea.objects.get(code="FR")


def test_a_refused_edit_changes_nothing(night: Night) -> None:
    location = night.add_place()
    before = Location.objects.values().get()

    with pytest.raises(Refused):
        locations.update_location(location=location, now=night.now, name="Cottage", latitude=math.nan)

    assert Location.objects.values().get() == before


def test_an_edit_leaves_what_it_does_not_name(night: Night) -> None:
    location = night.add_place(radius_meters=200)

    locations.update_location(location=location, now=night.now, name=" Cottage ", example_area_code="SE4")

    stored = Location.objects.get()
    assert (stored.name, stored.radius_meters, stored.latitude) == ("Cottage", 200, KRISTIANSAND["latitude"])
    assert stored.example_area == PriceArea.objects.get(code="SE4")


def test_renaming_a_place_leaves_the_plan_alone(waiting: Night) -> None:
    locations.update_location(location=Location.objects.get(), now=waiting.now, name="Cottage")
    waiting.let_pass(timedelta(minutes=5))

    assert Plan.objects.get().ended_at is None
    assert waiting.commands() == ["STOP"]


def test_an_edit_that_moves_the_car_out_of_its_place_ends_the_plan_and_releases_the_car(waiting: Night) -> None:
    locations.update_location(location=Location.objects.get(), now=waiting.now, latitude=58.2467)
    assert Plan.objects.get().final_state == State.ENDED_DISABLED
    waiting.let_pass(timedelta(minutes=10))

    assert waiting.commands() == ["STOP", "START"]
    assert waiting.is_charging
    assert waiting.vehicle.state == State.CONSIDERING
    assert waiting.vehicle.rule == "not_at_a_place"


def test_a_smaller_radius_lets_go_of_a_car_at_its_edge() -> None:
    night = make_night()
    place = night.add_place()
    locations.update_location(location=place, now=night.now, latitude=KRISTIANSAND["latitude"] + 200 / 111_195)
    assert VehicleView.objects.get().location == place

    locations.update_location(location=place, now=night.now, radius_meters=50)

    assert VehicleView.objects.get().location is None


def test_another_time_zone_moves_the_deadline_and_leads_to_a_new_plan(waiting: Night) -> None:
    before = Plan.objects.get()

    locations.update_location(location=Location.objects.get(), now=waiting.now, timezone_name="Europe/London")
    seen = waiting.let_pass(timedelta(minutes=15))

    before.refresh_from_db()
    after = Plan.objects.get(ended_at=None)
    assert before.final_state == State.DEADLINE_CHANGED
    assert before.deadline_at == datetime(2026, 1, 14, 6, 0, tzinfo=UTC)
    assert after.deadline_at == datetime(2026, 1, 14, 7, 0, tzinfo=UTC)
    assert seen[-1] == State.STOPPED


def test_deleting_the_place_of_a_running_plan_keeps_the_plan_for_the_record(waiting: Night) -> None:
    locations.delete_location(location=Location.objects.get(), now=waiting.now)

    plan = Plan.objects.get()
    assert plan.final_state == State.ENDED_DISABLED
    assert plan.location is None
    assert VehicleView.objects.get().location is None


def test_deleting_one_of_two_places_leaves_the_plan_at_the_other_alone(waiting: Night) -> None:
    cottage = waiting.add_place(name="Cottage", **TALLINN)

    locations.delete_location(location=cottage, now=waiting.now)
    waiting.let_pass(timedelta(minutes=5))

    assert Plan.objects.get().ended_at is None
    assert waiting.commands() == ["STOP"]


def test_only_a_simulated_car_that_stands_nowhere_arrives_at_a_new_place(night: Night) -> None:
    home = night.add_place()
    simulation.drive_away(vehicle=night.vehicle, now=night.now)

    night.add_place(name="Cottage", **TALLINN)

    assert VehicleView.objects.get().location is None
    assert home.name == "Home"


def test_a_place_of_one_driver_is_none_of_anothers(night: Night) -> None:
    bob = drivers.create_driver(client=clients.ensure_built_in_client(now=night.now), external_id="bob", now=night.now)

    locations.create_location(driver=bob, name="Home", now=night.now, **KRISTIANSAND)
    simulation.drive_home(vehicle=night.vehicle, location=Location.objects.get(), now=night.now)

    assert VehicleView.objects.get().location is None
