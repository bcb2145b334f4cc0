"""The driver's word for where a car stands: it counts for one plug-in, while the car itself says nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from charging.core.facts import PowerDelivery
from charging.core.facts import Reading as ReadingFacts
from charging.models import Activity, ChargingSession, Location, OutboxMessage, Vehicle, VehicleView, Webhook
from charging.operations import evaluation, linking, locations, policies
from charging.operations.facts import load_facts
from charging.operations.issues import Refused
from charging.operations.linking import LinkedCar
from charging.operations.telemetry import record_reading
from charging.operations.told_place import tell_place
from tests import factories
from tests.factories import NOW, make_driver, make_location, make_price_area
from tests.operations.night import KRISTIANSAND

pytestmark = pytest.mark.django_db
PRICES = [0.05] * 24 + [0.30] * 72
"""Cheap from midnight to six."""


def reading(minutes: float, **values: object) -> ReadingFacts:
    plain = ReadingFacts(
        observed_at=NOW + timedelta(minutes=minutes),
        event_id=f"test:{minutes}",
        power_delivery=PowerDelivery.CHARGING,
        soc_percent=38.0,
        is_plugged_in=True,
        is_charging=True,
        charging_power_kw=11.0,
    )
    return replace(plain, **values)  # type: ignore[arg-type]


def hear(vehicle: Vehicle, minutes: float, **values: object) -> datetime:
    """A reading arrives and the car is evaluated. Returns when."""
    now = NOW + timedelta(minutes=minutes)
    record_reading(vehicle=vehicle, reading=reading(minutes, **values), now=now)
    evaluation.evaluate(vehicle=vehicle, now=now, trigger="test")
    return now


@pytest.fixture
def home() -> Location:
    for day in (9, 10):
        factories.make_prices(area=make_price_area(), day_start=factories.at(0, day=day), prices=PRICES)
    return make_location(driver=make_driver())


@pytest.fixture
def vehicle(home: Location) -> Vehicle:
    """A car that has been plugged in for some minutes, on, and has never said where."""
    car = LinkedCar(gateway="push", vendor="TESLA", battery_capacity_kwh=77, max_power_kw=11, charge_limit_percent=80)
    vehicle = linking.link_car(driver=home.driver, car=car, now=NOW)
    policies.set_policy(vehicle=vehicle, is_enabled=True, deadline=time(7), minimum_charge_limit=0, now=NOW)
    for minutes in (1, 6, 11, 16):
        hear(vehicle, minutes)
    vehicle.refresh_from_db()
    assert vehicle.rule == "not_at_a_place"
    return vehicle


def place_of(vehicle: Vehicle, now: datetime) -> int | None:
    facts, _period = load_facts(vehicle=vehicle, now=now)
    return facts.location_id


def test_the_drivers_word_makes_a_plan_possible(vehicle: Vehicle, home: Location) -> None:
    now = NOW + timedelta(minutes=17)

    tell_place(vehicle=vehicle, location=home, now=now)

    vehicle.refresh_from_db()
    assert place_of(vehicle, now) == home.pk
    assert vehicle.state.startswith("PLAN:EXECUTING"), vehicle.rule
    told = Activity.objects.get(code="place_told")
    assert (told.actor, told.params) == ("driver_here", {"place": "Home"})
    assert ChargingSession.objects.get(vehicle=vehicle).location == home


def test_it_holds_while_readings_come_without_a_position(vehicle: Vehicle, home: Location) -> None:
    tell_place(vehicle=vehicle, location=home, now=NOW + timedelta(minutes=17))

    now = hear(vehicle, 25)

    assert place_of(vehicle, now) == home.pk


def test_it_ends_with_the_plug_in(vehicle: Vehicle, home: Location) -> None:
    tell_place(vehicle=vehicle, location=home, now=NOW + timedelta(minutes=17))

    hear(vehicle, 30, is_plugged_in=False, is_charging=False, power_delivery=PowerDelivery.UNPLUGGED)
    assert VehicleView.objects.get(vehicle=vehicle).place_told_at is None
    now = hear(vehicle, 60)

    assert place_of(vehicle, now) is None
    assert ChargingSession.objects.order_by("plugged_in_at").values_list("place_name", flat=True)[0] == "Home"


def test_an_unplugging_that_is_heard_of_late_ends_it_too(vehicle: Vehicle, home: Location) -> None:
    tell_place(vehicle=vehicle, location=home, now=NOW + timedelta(minutes=17))
    hear(vehicle, 60)

    late = reading(40, is_plugged_in=False, is_charging=False, power_delivery=PowerDelivery.UNPLUGGED)
    record_reading(vehicle=vehicle, reading=late, now=NOW + timedelta(minutes=61))

    assert place_of(vehicle, NOW + timedelta(minutes=61)) is None


def test_a_car_that_says_where_it_is_has_the_last_word(vehicle: Vehicle, home: Location) -> None:
    tell_place(vehicle=vehicle, location=home, now=NOW + timedelta(minutes=17))

    now = hear(vehicle, 20, latitude=59.9127, longitude=10.7461)

    assert place_of(vehicle, now) is None
    with pytest.raises(Refused) as refused:
        tell_place(vehicle=vehicle, location=home, now=now)
    assert refused.value.issues[0].code == "POSITION_KNOWN"


def test_a_position_from_long_before_says_nothing_about_this_plug_in(vehicle: Vehicle, home: Location) -> None:
    unplugged = {"is_plugged_in": False, "is_charging": False, "power_delivery": PowerDelivery.UNPLUGGED}
    hear(vehicle, 20, **unplugged, **KRISTIANSAND)
    now = hear(vehicle, 120)
    assert place_of(vehicle, now) is None
    cabin = make_location(driver=home.driver, name="Cabin", latitude=60.0, longitude=9.0)

    tell_place(vehicle=vehicle, location=cabin, now=now)

    assert place_of(vehicle, hear(vehicle, 125)) == cabin.pk


def test_another_word_takes_the_place_of_the_first_and_the_same_one_is_heard_once(
    vehicle: Vehicle, home: Location
) -> None:
    cabin = make_location(driver=home.driver, name="Cabin", latitude=60.0, longitude=9.0)
    now = NOW + timedelta(minutes=17)

    for place in (home, home, cabin):
        tell_place(vehicle=vehicle, location=place, now=now)

    assert place_of(vehicle, now) == cabin.pk
    assert [told.params["place"] for told in Activity.objects.filter(code="place_told").order_by("pk")] == [
        "Home",
        "Cabin",
    ]


def test_a_word_of_a_place_that_is_removed_is_forgotten(vehicle: Vehicle, home: Location) -> None:
    now = NOW + timedelta(minutes=17)
    cabin = make_location(driver=home.driver, name="Cabin", latitude=60.0, longitude=9.0)
    tell_place(vehicle=vehicle, location=cabin, now=now)

    locations.delete_location(location=cabin, now=now)

    vehicle.refresh_from_db()
    view = VehicleView.objects.get(vehicle=vehicle)
    assert (view.location, view.place_told_at) == (None, None)
    assert place_of(vehicle, now) is None


def test_a_new_place_elsewhere_leaves_the_word_alone(vehicle: Vehicle, home: Location) -> None:
    now = NOW + timedelta(minutes=17)
    tell_place(vehicle=vehicle, location=home, now=now)

    locations.create_location(driver=home.driver, name="Cabin", latitude=60.0, longitude=9.0, now=now)

    assert place_of(vehicle, now) == home.pk


def test_a_car_whose_clock_is_ahead_is_believed_too(vehicle: Vehicle, home: Location) -> None:
    unplugged = {"is_plugged_in": False, "is_charging": False, "power_delivery": PowerDelivery.UNPLUGGED}
    hear(vehicle, 20, **unplugged)
    record_reading(vehicle=vehicle, reading=reading(34), now=NOW + timedelta(minutes=30))

    tell_place(vehicle=vehicle, location=home, now=NOW + timedelta(minutes=31))

    assert place_of(vehicle, NOW + timedelta(minutes=35)) == home.pk


def test_a_car_that_is_not_plugged_in_is_nowhere(vehicle: Vehicle, home: Location) -> None:
    now = hear(vehicle, 20, is_plugged_in=False, is_charging=False, power_delivery=PowerDelivery.UNPLUGGED)

    with pytest.raises(Refused) as refused:
        tell_place(vehicle=vehicle, location=home, now=now)

    assert refused.value.issues[0].code == "NOT_PLUGGED_IN"


def test_a_place_of_somebody_else_is_none(vehicle: Vehicle) -> None:
    with pytest.raises(Refused) as refused:
        tell_place(vehicle=vehicle, location=make_location(driver=make_driver()), now=NOW)

    assert refused.value.issues[0].code == "PLACE_INVALID"


def test_receivers_hear_of_the_place(vehicle: Vehicle, home: Location) -> None:
    client = vehicle.driver.client
    Webhook.objects.create(client=client, url="https://a.example/", encrypted_secret="x", created_at=NOW)

    tell_place(vehicle=vehicle, location=home, now=NOW + timedelta(minutes=17))

    told = OutboxMessage.objects.filter(event="user:vehicle:updated").get()
    assert told.payload["updatedFields"] == ["location.id"]
