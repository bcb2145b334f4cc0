"""What Enode sends by itself: taken once, believed of its own cars only, and never late news for new."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from charging.adapters.vehicles.enode_events import events_of
from charging.core.trouble import Trouble
from charging.models import Command, Connection, Due, Reading, ReceivedDelivery, Vehicle, VehicleView
from charging.operations import enode_deliveries
from charging.operations.enode_deliveries import forget_old_deliveries, take_delivery
from tests.adapters.enode_server import CAR_ID, MINUTE, make_content, stamp
from tests.connections import make_connection, make_enode_connection, put_behind_enode
from tests.factories import NOW, make_command, make_driver, make_due, make_vehicle

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> Connection:
    return make_enode_connection(driver=make_driver(clock_wall_anchor=NOW, clock_own_anchor=NOW))


@pytest.fixture
def car(connection: Connection) -> Vehicle:
    vehicle = make_vehicle(driver=connection.driver, vendor="VOLVO")
    make_due(vehicle=vehicle, own_at=NOW + timedelta(hours=1), due_at=NOW + timedelta(hours=1))
    put_behind_enode(connection, vehicle)
    return vehicle


def make_event(name: str, connection: Connection, *, at: datetime = NOW, **values: Any) -> dict[str, Any]:
    user = {"id": str(connection.public_id)}
    return {"event": name, "version": "2024-10-01", "createdAt": stamp(at), "user": user, **values}


def deliver(*events: dict[str, Any], identity: str = "", at_wall: datetime = NOW) -> bool:
    body = json.dumps(events).encode()
    return take_delivery(delivery_id=identity or str(uuid4()), body=body, events=events_of(body), at_wall=at_wall)


def trouble() -> str:
    return Connection.objects.get().trouble


def test_what_a_car_says_is_stored_and_looked_at(connection: Connection, car: Vehicle) -> None:
    assert deliver(make_event("user:vehicle:updated", connection, vehicle=make_content(at=NOW)))

    assert VehicleView.objects.get(vehicle=car).soc_percent == 42
    assert Due.objects.get(vehicle=car).due_at == NOW
    assert Connection.objects.get().last_answer_at == NOW


def test_the_same_delivery_counts_once_by_its_id_and_by_what_it_says(connection: Connection, car: Vehicle) -> None:
    event = make_event("user:vehicle:updated", connection, vehicle=make_content(at=NOW))
    other = make_event("user:vehicle:updated", connection, vehicle=make_content(at=NOW - MINUTE))

    assert deliver(event, identity="one")
    assert not deliver(event, identity="one")
    assert not deliver(event, identity="another")
    assert not deliver(other, identity="one")

    assert Reading.objects.filter(vehicle=car, event_id__startswith="enode:").count() == 1


def test_deliveries_without_an_id_are_told_apart_by_what_they_say(connection: Connection) -> None:
    bodies = [json.dumps([make_event("system:heartbeat", connection, at=NOW - n * MINUTE)]).encode() for n in (0, 1, 0)]

    assert [take_delivery(delivery_id="", body=body, events=(), at_wall=NOW) for body in bodies] == [True, True, False]


@pytest.mark.parametrize("age", [timedelta(days=4, seconds=1), -timedelta(minutes=6)], ids=["old", "of the future"])
def test_what_is_no_news_changes_nothing(connection: Connection, car: Vehicle, age: timedelta) -> None:
    at = NOW - age
    assert deliver(make_event("user:vehicle:updated", connection, at=at, vehicle=make_content(at=at)))

    assert not Reading.objects.filter(event_id__startswith="enode:").exists()


def test_a_delivery_is_forgotten_only_after_its_events_are_no_news(connection: Connection) -> None:
    deliver(make_event("system:heartbeat", connection))

    assert forget_old_deliveries(at_wall=NOW + timedelta(days=9)) == 0
    assert forget_old_deliveries(at_wall=NOW + timedelta(days=9, seconds=1)) == 1
    assert not ReceivedDelivery.objects.exists()


@pytest.mark.parametrize("whose", ["somebody else's car", "somebody else", "nobody", "no id", "another connection"])
def test_only_the_cars_of_the_user_are_meant(connection: Connection, car: Vehicle, whose: str) -> None:
    other = make_driver(client=connection.driver.client)
    strangers = make_enode_connection(driver=other, address="https://enode.example/2")
    home_assistant = make_connection(driver=other)
    event = make_event("user:vehicle:updated", connection, vehicle=make_content(at=NOW))
    event["user"] = {
        "somebody else's car": {"id": str(connection.public_id)},
        "somebody else": {"id": str(strangers.public_id)},
        "nobody": {"id": str(uuid4())},
        "no id": {"id": "x"},
        "another connection": {"id": str(home_assistant.public_id)},
    }[whose]
    if whose == "somebody else's car":
        event["vehicle"] = make_content(at=NOW, id="another car")

    assert deliver(event)

    assert not Reading.objects.filter(event_id__startswith="enode:").exists()


@pytest.mark.parametrize(
    "vehicle", [{}, [], {"id": CAR_ID}, make_content(chargeState={"lastUpdated": "x"}, lastSeen="x")]
)
def test_a_vehicle_without_sense_changes_nothing(connection: Connection, car: Vehicle, vehicle: object) -> None:
    assert deliver(make_event("user:vehicle:updated", connection, vehicle=vehicle))

    assert not Reading.objects.filter(event_id__startswith="enode:").exists()


@pytest.mark.parametrize("vendor", ["VOLVO", "TESLA", None])
def test_access_that_was_taken_back_needs_the_driver_of_such_a_car(
    connection: Connection, car: Vehicle, vendor: str | None
) -> None:
    deliver(make_event("user:credentials:invalidated", connection, vendor=vendor))

    assert trouble() == (Trouble.SIGN_IN_NEEDED if vendor == "VOLVO" else "")


@pytest.mark.parametrize("name", ["user:credentials:invalidated", "user:vehicle:deleted"])
@pytest.mark.parametrize(("minutes", "expected"), [(-1, ""), (0, ""), (1, "SIGN_IN_NEEDED")])
def test_what_happened_before_the_last_answer_is_no_news(
    connection: Connection, car: Vehicle, name: str, minutes: int, expected: str
) -> None:
    Connection.objects.update(last_answer_at=NOW - 5 * MINUTE)
    at = NOW - 5 * MINUTE + minutes * MINUTE

    deliver(make_event(name, connection, at=at, vendor="VOLVO", vehicle={"id": CAR_ID}))

    assert trouble() == expected


def test_a_car_that_still_speaks_does_not_bring_lost_access_back(connection: Connection, car: Vehicle) -> None:
    Connection.objects.update(trouble="SIGN_IN_NEEDED", trouble_since=NOW)

    deliver(make_event("user:vehicle:updated", connection, vehicle=make_content(at=NOW)))

    assert trouble() == "SIGN_IN_NEEDED"
    assert VehicleView.objects.get(vehicle=car).soc_percent == 42


@pytest.mark.parametrize("is_reachable", [True, False, None])
@pytest.mark.parametrize("others", ["VOLVO", "TESLA"])
def test_a_driver_who_has_let_enode_in_again_and_not_come_back_is_believed_by_the_car(
    connection: Connection, car: Vehicle, is_reachable: bool | None, others: str
) -> None:
    put_behind_enode(connection, make_vehicle(driver=connection.driver, vendor=others), car_id="another")
    Connection.objects.update(trouble="SIGN_IN_NEEDED", trouble_since=NOW, rests_until=NOW + timedelta(minutes=15))
    at = NOW + MINUTE
    told = make_content(at=at, isReachable=is_reachable)

    deliver(make_event("user:vehicle:updated", connection, at=at, vehicle=told), at_wall=at)

    assert trouble() == ("" if is_reachable and others == "VOLVO" else "SIGN_IN_NEEDED")


@pytest.mark.parametrize(
    ("key", "state", "reason", "detail", "is_conflict"),
    [
        ("vendorAction", "CONFIRMED", None, "", False),
        ("chargeAction", "FAILED", "NO_RESPONSE", "FAILED, NO_RESPONSE: asleep", False),
        ("vendorAction", "CANCELLED", "CONFLICT", "CANCELLED, CONFLICT: asleep", True),
        ("vendorAction", "CANCELLED", "UNNECESSARY", "", False),
    ],
)
def test_what_became_of_an_action_stands_beside_the_command(
    connection: Connection, car: Vehicle, key: str, state: str, reason: str | None, detail: str, is_conflict: bool
) -> None:
    make_command(vehicle=car, vendor_action_id="act-1", vendor_action_state="PENDING")
    why = {"type": reason, "detail": "asleep"} if reason else None
    told: Any = {key: {"id": "act-1", "targetId": CAR_ID, "state": state, "failureReason": why}}

    deliver(make_event("user:vendor-action:updated", connection, **told))

    command = Command.objects.get()
    assert (command.vendor_action_state, command.failure_detail) == (state, detail)
    assert (command.is_schedule_conflict, command.status) == (is_conflict, "ACCEPTED")


@pytest.mark.parametrize("action", [{}, {"id": "act-1"}, {"targetId": CAR_ID}, {"targetId": CAR_ID, "id": "other"}])
def test_an_action_that_is_none_of_ours_changes_nothing(
    connection: Connection, car: Vehicle, action: dict[str, str]
) -> None:
    make_command(vehicle=car, vendor_action_id="act-1")

    assert deliver(make_event("user:charge-action:updated", connection, chargeAction=action | {"state": "FAILED"}))

    assert Command.objects.get().vendor_action_state == ""


def test_one_event_that_breaks_keeps_no_other_back(
    connection: Connection, car: Vehicle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise ValueError("what is this")

    monkeypatch.setitem(enode_deliveries.HANDLERS, "user:vehicle:deleted", break_down)
    broken = make_event("user:vehicle:deleted", connection, vehicle=make_content(at=NOW))

    assert deliver(broken, make_event("user:vehicle:updated", connection, vehicle=make_content(at=NOW)))

    assert VehicleView.objects.get(vehicle=car).soc_percent == 42


def test_what_it_tells_by_itself_is_not_asked_again_and_ends_no_rest(connection: Connection, car: Vehicle) -> None:
    rests_until = NOW + timedelta(minutes=2)
    Connection.objects.update(trouble=Trouble.RATE_LIMITED, trouble_since=NOW, rests_until=rests_until)
    asked_next = Due.objects.get().next_poll_at

    deliver(make_event("user:vehicle:updated", connection, vehicle=make_content(at=NOW)))

    due = Due.objects.get()
    assert (due.due_at, due.next_poll_at) == (NOW, asked_next)
    assert Connection.objects.get().rests_until == rests_until
