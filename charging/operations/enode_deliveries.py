"""What Enode sends by itself: taken once, and only news (RELIABILITY A13)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction

from charging.adapters.vehicles.enode_actions import action_of
from charging.adapters.vehicles.enode_car import car_from_json, control_in
from charging.adapters.vehicles.enode_events import Event
from charging.adapters.vehicles.enode_reading import reading_of
from charging.adapters.vehicles.enode_values import text_of, yes_or_no
from charging.adapters.vehicles.gateway import GatewayError
from charging.core.trouble import Trouble
from charging.models import ConnectedCar, Connection, Due, ReceivedDelivery
from charging.models.connections import ConnectionKind
from charging.operations import telemetry, vendor_actions
from charging.operations.batches import delete_in_batches
from charging.operations.car_control import note_control
from charging.operations.clocks import own_now
from charging.operations.connections import note_answer, note_trouble
from charging.operations.one_of_many import unless_it_fails

log = structlog.get_logger(__name__)

NEWS_FOR = timedelta(days=4)
"""Deliveries are tried for about three days; what is older is sent again by somebody else."""

REMEMBERED_FOR = timedelta(days=9)
CLOCKS_DIFFER_BY = timedelta(minutes=5)


@transaction.atomic
def take_delivery(*, delivery_id: str, body: bytes, events: Iterable[Event], at_wall: datetime) -> bool:
    """Lets the events of a delivery count. Returns whether it came for the first time; a second one changes nothing.

    The id is not signed, the body is: neither may come again.
    """
    checksum = hashlib.sha256(body).hexdigest()
    try:
        with transaction.atomic():
            ReceivedDelivery.objects.create(
                delivery_id=delivery_id or checksum, body_checksum=checksum, received_at=at_wall
            )
    except IntegrityError:
        return False
    news = [one for one in events if -CLOCKS_DIFFER_BY <= at_wall - one.created_at <= NEWS_FOR and one.name in HANDLERS]
    # Two deliveries take the cars that both are about in one order; of each car the events stay in theirs.
    for event in sorted(news, key=_about):
        unless_it_fails(partial(_handle, event, at_wall), otherwise=None, delivered=event.name)
    return True


@transaction.atomic
def _handle(event: Event, at_wall: datetime) -> None:
    HANDLERS[event.name](event, at_wall)


def _about(event: Event) -> str:
    return text_of(event.vehicle, "id", 100) or text_of(event.action, "targetId", 100)


def forget_old_deliveries(*, at_wall: datetime) -> int:
    """Deletes which deliveries came so long ago that their events are no news any more. Returns how many."""
    return delete_in_batches(ReceivedDelivery.objects.filter(received_at__lt=at_wall - REMEMBERED_FOR))


def _connection_of(event: Event) -> Connection | None:
    try:
        user_id = UUID(event.user_id)
    except ValueError:
        return None
    return Connection.objects.filter(kind=ConnectionKind.ENODE, public_id=user_id).select_related("driver").first()


def _car_of(event: Event, vehicle_id: str) -> ConnectedCar | None:
    """The car, which has to be one of the user's of the event."""
    connection = _connection_of(event)
    if connection is None or not vehicle_id:
        return None
    cars = ConnectedCar.objects.filter(connection=connection).select_related("vehicle__driver", "connection__driver")
    return next((car for car in cars if car.entities.get("vehicle") == vehicle_id), None)


def _seen(event: Event, at_wall: datetime) -> None:
    """What the car says now; that it is looked at again follows from it."""
    car = _car_of(event, text_of(event.vehicle, "id", 100))
    if car is None:
        return
    now = own_now(driver=car.vehicle.driver, at_wall=at_wall)
    known = car_from_json(car.entities, event.user_id)
    reading = reading_of(event.vehicle, known.tells, now)
    if reading is None:
        return
    note_control(vehicle=car.vehicle, control=control_in(event.vehicle), now=now)
    telemetry.record_reading(vehicle=car.vehicle, reading=reading, now=now)
    if not car.connection.trouble or _is_let_in_again(car, event):
        note_answer(connection=car.connection, at_wall=at_wall)
    # Decided on at once, and not asked again for what was told just now.
    Due.objects.filter(vehicle=car.vehicle).update(own_at=now, due_at=car.vehicle.driver.clock.wall(now))


def _is_let_in_again(car: ConnectedCar, event: Event) -> bool:
    """Whether Enode reaches the car since the driver had to sign in: they may have done so and not come back here.

    Of cars of several makers behind one link one says nothing of the others' access.
    """
    connection = car.connection
    if not connection.is_sign_in_needed or connection.trouble_since is None:
        return False
    if connection.cars.exclude(vehicle__vendor=car.vehicle.vendor).exists():
        return False
    return yes_or_no(event.vehicle, "isReachable") is True and event.created_at > connection.trouble_since


def _acted(event: Event, _at_wall: datetime) -> None:
    car = _car_of(event, text_of(event.action, "targetId", 100))
    if car is None:
        return
    try:
        action = action_of(event.action)
    except GatewayError:
        return
    vendor_actions.note_action(car.vehicle_id, action)


def _lost(event: Event, at_wall: datetime) -> None:
    """The maker of one of the cars lets the server in no more."""
    connection = _connection_of(event)
    vendor = text_of(event.content, "vendor", 20)
    if connection is not None and connection.cars.filter(vehicle__vendor=vendor).exists():
        _note_lost(connection, event, at_wall)


def _gone(event: Event, at_wall: datetime) -> None:
    car = _car_of(event, text_of(event.vehicle, "id", 100))
    if car is not None:
        _note_lost(car.connection, event, at_wall)


def _note_lost(connection: Connection, event: Event, at_wall: datetime) -> None:
    """What happened before the last answer is no news: the driver may have linked the car anew since."""
    if connection.last_answer_at is None or event.created_at > connection.last_answer_at:
        note_trouble(connection=connection, error=GatewayError(kind=Trouble.SIGN_IN_NEEDED), at_wall=at_wall)


HANDLERS: dict[str, Callable[[Event, datetime], None]] = {
    "user:vehicle:discovered": _seen,
    "user:vehicle:updated": _seen,
    "user:vehicle:deleted": _gone,
    "user:credentials:invalidated": _lost,
    "user:vendor-action:updated": _acted,
    "user:charge-action:updated": _acted,
}
"""All other events are taken and change nothing."""
