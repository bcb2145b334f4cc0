"""Cars whose Home Assistant tells by itself what changes: whom to listen to, and what becomes of what is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db.models import F, Prefetch

from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.home_assistant_entities import Entities, entities_from_json
from charging.adapters.vehicles.home_assistant_http import HomeAssistantApi
from charging.adapters.vehicles.home_assistant_live import reading_told, wanted_of
from charging.adapters.vehicles.home_assistant_states import EntityState
from charging.core.trouble import Trouble
from charging.models import ConnectedCar, Connection, Vehicle, VehicleView
from charging.models.connections import ConnectionKind
from charging.models.vehicles import GatewayName
from charging.operations.clocks import own_now
from charging.operations.connections import home_assistant_of, note_answer, note_trouble
from charging.operations.due import look_again
from charging.operations.pushed_readings import Taken, push_batch

log = structlog.get_logger(__name__)

TOLD_TO_THE_DRIVER = frozenset({Trouble.SIGN_IN_NEEDED, Trouble.RATE_LIMITED})
"""Of a line that is cut nobody has to know: the car is asked as before, and that tells what is the matter."""

OVER_WITH_NEWS = frozenset({"", Trouble.OFFLINE.value, Trouble.NO_ANSWER.value})


@dataclass(frozen=True, slots=True)
class LiveCar:
    """A car behind a Home Assistant, by the id of its row, and what is used of it."""

    pk: int
    entities: Entities

    @property
    def wanted(self) -> frozenset[str]:
        return wanted_of(self.entities)


@dataclass(frozen=True, slots=True)
class Post:
    """A Home Assistant to listen to, and the cars behind it. Another token, address or entity makes another post."""

    connection_id: int
    api: HomeAssistantApi
    cars: tuple[LiveCar, ...]

    @property
    def wanted(self) -> frozenset[str]:
        return frozenset(entity_id for car in self.cars for entity_id in car.wanted)


def load_posts() -> dict[int, Post]:
    """Returns whom to listen to, by connection: those with cars, but none whose driver has to sign in again."""
    of_driver = ConnectedCar.objects.filter(
        vehicle__gateway=GatewayName.HOME_ASSISTANT, vehicle__driver_id=F("connection__driver_id")
    )
    connections = (
        Connection.objects.filter(kind=ConnectionKind.HOME_ASSISTANT, cars__in=of_driver)
        .exclude(trouble=Trouble.SIGN_IN_NEEDED)
        .prefetch_related(Prefetch("cars", of_driver.order_by("pk")))
        .distinct()
    )
    posts = (_post(connection) for connection in connections)
    return {post.connection_id: post for post in posts if post is not None}


def _post(connection: Connection) -> Post | None:
    try:
        api = home_assistant_of(connection)
    except ValueError:
        # Said where the car is asked.
        return None
    cars = tuple(LiveCar(car.pk, entities_from_json(car.entities)) for car in connection.cars.all())
    return Post(connection.pk, api, cars)


def rest_of(*, post: Post, at_wall: datetime) -> timedelta:
    """Returns how long the other end still wants to be left alone."""
    rests_until = Connection.objects.filter(pk=post.connection_id).values_list("rests_until", flat=True).first()
    return timedelta() if rests_until is None else max(rests_until - at_wall, timedelta())


def note_lost(*, post: Post, error: GatewayError, at_wall: datetime) -> None:
    """Writes down why nothing is heard, where that is more than a line that is cut."""
    log.info("not listening", connection=post.connection_id, trouble=error.kind.value, reason=str(error))
    connection = Connection.objects.filter(pk=post.connection_id).first()
    if connection is None or error.kind not in TOLD_TO_THE_DRIVER:
        return
    if _is_of_now(post, connection):
        note_trouble(connection=connection, error=error, at_wall=at_wall)


def _is_of_now(post: Post, connection: Connection) -> bool:
    """Whether it is still asked as it was: the driver may have signed in again meanwhile."""
    try:
        return home_assistant_of(connection) == post.api
    except ValueError:
        return False


def take_states(*, post: Post, car: LiveCar, known: Mapping[str, EntityState], at_wall: datetime) -> Taken | None:
    """Takes in what a car says, like a reading that an app has pushed. Returns what became of it.

    A plug-in is looked at with a reading that is asked for: only that tells of what has not changed how fresh it is.
    None where it says nothing of the battery and the plug, and where the car is read in another way by now.
    """
    row = (
        ConnectedCar.objects.select_related("vehicle__driver", "connection")
        .filter(pk=car.pk, connection_id=post.connection_id, vehicle__gateway=GatewayName.HOME_ASSISTANT)
        .first()
    )
    if row is None or entities_from_json(row.entities) != car.entities:
        return None
    now = own_now(driver=row.vehicle.driver, at_wall=at_wall)
    reading = reading_told(car.entities, known, now)
    if reading is None:
        return None
    was_plugged_in = _is_plugged_in(row.vehicle)
    (taken,) = push_batch(vehicle=row.vehicle, readings=[reading], now=now)
    if not was_plugged_in and _is_plugged_in(row.vehicle):
        look_again(vehicle=row.vehicle, now=now)
    if row.connection.trouble in OVER_WITH_NEWS:
        note_answer(connection=row.connection, at_wall=at_wall)
    return taken


def _is_plugged_in(vehicle: Vehicle) -> bool:
    return VehicleView.objects.filter(vehicle=vehicle, is_plugged_in=True).exists()
