"""What is forgotten after a while, and what is known nevertheless."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from pytest_django import Settings

from charging.core.facts import PowerDelivery
from charging.core.facts import Reading as ReadingFacts
from charging.models import ChargeAction, Command, DecisionLog, Location, Reading, Vehicle, VehicleView
from charging.operations import retention
from charging.operations.batches import delete_in_batches
from charging.operations.facts import load_facts
from charging.operations.locations import create_location, delete_location, update_location
from charging.operations.telemetry import record_reading
from tests.admin.conftest import fill_history
from tests.factories import NOW, make_account, make_command, make_parked_car

pytestmark = pytest.mark.django_db
DAY = timedelta(hours=24)
SEEN_AT = NOW - timedelta(minutes=4)


def view_of(vehicle: Vehicle) -> VehicleView:
    return VehicleView.objects.get(vehicle=vehicle)


def forgotten(vehicle: Vehicle) -> Vehicle:
    """The car, a day later."""
    assert retention.forget_old_positions(at_wall=SEEN_AT + DAY + timedelta(seconds=1)) == 1
    return vehicle


def reading(**values: object) -> ReadingFacts:
    """A reading of the next day without a position."""
    defaults: dict[str, object] = {
        "observed_at": NOW + DAY,
        "event_id": "next day",
        "power_delivery": PowerDelivery.STOPPED,
        "is_plugged_in": True,
    }
    return ReadingFacts(**defaults | values)  # type: ignore[arg-type]


def test_a_position_is_forgotten_after_a_day_and_not_before() -> None:
    vehicle = make_parked_car()

    assert retention.forget_old_positions(at_wall=SEEN_AT + DAY) == 0
    assert view_of(vehicle).latitude is not None
    forgotten(vehicle)

    assert (view_of(vehicle).latitude, view_of(vehicle).longitude) == (None, None)


def test_how_long_is_a_setting(settings: Settings) -> None:
    settings.READYBY_KEEP_POSITIONS_HOURS = 2
    make_parked_car()

    assert retention.forget_old_positions(at_wall=NOW + timedelta(hours=2)) == 1


def test_positions_of_many_cars_are_forgotten_a_few_at_a_time() -> None:
    for _ in range(3):
        make_parked_car()

    assert retention.forget_old_positions(at_wall=NOW + 2 * DAY, at_once=2) == 3
    assert not VehicleView.objects.exclude(latitude=None).exists()


@pytest.mark.parametrize(("exact", "rough"), [(None, None), (12.3, 0), (149.0, 100), (987.0, 1000), (12_345.6, 12_000)])
def test_the_distance_stays_roughly(exact: float | None, rough: float | None) -> None:
    vehicle = make_parked_car(view={"distance_m": exact})

    assert view_of(forgotten(vehicle)).distance_m == rough


def test_a_car_that_is_still_plugged_in_is_still_at_its_place() -> None:
    vehicle = forgotten(make_parked_car())
    home = Location.objects.get()

    record_reading(vehicle=vehicle, reading=reading(), now=NOW + DAY)

    assert view_of(vehicle).location == home
    facts, _period = load_facts(vehicle=vehicle, now=NOW + DAY)
    assert facts.location_id == home.pk


def test_a_new_position_says_where_the_car_is_again() -> None:
    vehicle = forgotten(make_parked_car())

    far = reading(latitude=10.0, longitude=10.0)
    record_reading(vehicle=vehicle, reading=far, now=NOW + DAY)

    assert view_of(vehicle).latitude == 10.0
    assert view_of(vehicle).location is None


def test_a_car_that_was_never_seen_is_at_no_place() -> None:
    vehicle = make_parked_car(view={"latitude": None, "longitude": None, "position_observed_at": None})

    record_reading(vehicle=vehicle, reading=reading(), now=NOW + DAY)

    assert view_of(vehicle).location is None


def test_a_place_that_is_named_later_is_not_guessed() -> None:
    vehicle = forgotten(make_parked_car(view={"location": None}))
    Vehicle.objects.update(gateway="push")
    vehicle.refresh_from_db()

    create_location(driver=vehicle.driver, name="New", latitude=58.1467, longitude=7.9956, now=NOW + DAY)

    assert view_of(vehicle).location is None


@pytest.mark.parametrize("change", [{"latitude": 58.2}, {"radius_meters": 60}], ids=["moved", "narrower"])
def test_after_a_change_of_the_circle_nobody_knows(change: dict[str, float]) -> None:
    vehicle = forgotten(make_parked_car())

    update_location(location=Location.objects.get(), now=NOW + DAY, **change)

    assert view_of(vehicle).location is None
    assert view_of(vehicle).distance_m is None


@pytest.mark.parametrize("change", [{"name": "Cabin"}, {"radius_meters": 400}], ids=["renamed", "wider"])
def test_another_name_and_a_wider_circle_change_nothing(change: dict[str, object]) -> None:
    vehicle = forgotten(make_parked_car())

    update_location(location=Location.objects.get(), now=NOW + DAY, **change)

    assert view_of(vehicle).location == Location.objects.get()


def test_a_place_that_is_removed_is_gone_although_the_position_is_forgotten() -> None:
    vehicle = forgotten(make_parked_car())

    delete_location(location=Location.objects.get(), now=NOW + DAY)

    assert view_of(vehicle).location is None


def test_neither_readings_nor_decisions_hold_positions() -> None:
    vehicle = make_parked_car()
    fill_history(vehicle)

    assert not {"latitude", "longitude"} & {field.name for field in Reading._meta.get_fields()}
    row = DecisionLog.objects.get()
    assert "itude" not in str((row.facts, row.decision, row.prices.prices))


def test_commands_are_kept_for_a_year_and_open_ones_for_longer() -> None:
    vehicle = make_parked_car()
    old, new = NOW - timedelta(days=366), NOW - timedelta(days=364)
    make_command(vehicle=vehicle, status="CONFIRMED", created_at=old)
    kept = [
        make_command(vehicle=vehicle, status="CONFIRMED", created_at=new),
        make_command(vehicle=vehicle, created_at=old),
    ]
    actions = {"client": vehicle.driver.client, "user_id": "x", "target_id": vehicle.public_id, "kind": "STOP"}
    ChargeAction.objects.create(**actions, state="CONFIRMED", created_at=old, updated_at=old, completed_at=old)
    pending = ChargeAction.objects.create(**actions, created_at=old, updated_at=old)
    kind = ContentType.objects.get_for_model(Vehicle)
    for at in (old, new):
        entry = LogEntry.objects.create(user=make_account(), content_type=kind, object_id="1", action_flag=CHANGE)
        LogEntry.objects.filter(pk=entry.pk).update(action_time=at)

    assert retention.forget_old_commands(at_wall=NOW) == 3

    assert list(Command.objects.order_by("pk")) == kept
    assert ChargeAction.objects.get() == pending
    assert LogEntry.objects.get().action_time == new


def test_failed_sign_ins_are_kept_for_a_month() -> None:
    for days in (29, 31):
        attempt = AccessAttempt.objects.create(username=f"{days}", ip_address="192.0.2.7", failures_since_start=1)
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=NOW - timedelta(days=days))

    assert retention.forget_old_sign_ins(at_wall=NOW) == 1
    assert AccessAttempt.objects.get().username == "29"


def test_much_is_deleted_a_little_at_a_time() -> None:
    vehicle = make_parked_car()
    for number in range(5):
        make_command(vehicle=vehicle, status="CONFIRMED", generation=number)

    assert delete_in_batches(Command.objects.all(), at_once=2) == 5
    assert not Command.objects.exists()
