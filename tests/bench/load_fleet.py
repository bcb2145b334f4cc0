"""A fleet that pushes its readings: most cars are plugged in at home, with a policy, the others are still to arrive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone
from oauth2_provider.models import AccessToken

from charging.models import Client, Driver, Due, Location, Policy, PriceArea, Vehicle, VehicleView
from charging.models.vehicles import GatewayName
from charging.operations.clients import add_credentials
from charging.operations.prices import ensure_price_areas
from tests.bench.fleet_rows import CREATED_AT, NOW, areas_of_sample, publish

TOKEN = "load"
DRIVERS_WITH_PAGES = 50
AWAY = 0.05
"""The share of the fleet that is on the road at the beginning."""
SPREAD = timedelta(minutes=15)
"""How long it takes until each car was looked at once: the interval in which a pushed car is looked at anyway."""
LATITUDE, LONGITUDE = 58.1467, 7.9956


@dataclass(frozen=True, slots=True)
class LoadFleet:
    """The battery levels of its cars by public id, the ids of those on the road and of those whose drivers sign in."""

    levels: dict[str, int]
    away: list[str]
    seen: list[str]
    accounts: list[User]


def make_load_fleet(*, cars: int, seed: int, away: float = AWAY) -> LoadFleet:
    """Writes the rows; `away` is the share of the cars that is on the road."""
    ensure_price_areas()
    for code in areas_of_sample():
        publish(code, 0)
    client = Client.objects.create(name="Load", created_at=CREATED_AT)
    application = add_credentials(client=client).client.applications.latest("pk").application
    # The library asks the real clock.
    expires = timezone.now() + timedelta(days=1)
    AccessToken.objects.create(token=TOKEN, application=application, expires=expires, scope="api")
    accounts = [User.objects.create_user(f"driver{number}@example.com") for number in range(DRIVERS_WITH_PAGES)]
    drivers = _write_drivers(client, accounts, cars)
    out, draw = int(cars * away), Random(seed)
    levels = [draw.randrange(15, 70) for _ in range(cars)]
    # Drivers that sign in are the first, and have a car at home: on the road are the last.
    vehicles = _write_cars(drivers, _write_places(drivers), levels, cars - out)
    ids = [str(one.public_id) for one in vehicles]
    return LoadFleet(dict(zip(ids, levels, strict=True)), ids[cars - out :], ids[:DRIVERS_WITH_PAGES], accounts)


def _write_drivers(client: Client, accounts: list[User], cars: int) -> list[Driver]:
    clock = {"clock_wall_anchor": CREATED_AT, "clock_own_anchor": CREATED_AT}
    return Driver.objects.bulk_create(
        Driver(
            client=client,
            account=accounts[number] if number < len(accounts) else None,
            external_id=f"driver {number}",
            created_at=CREATED_AT,
            **clock,
        )
        for number in range(cars)
    )


def _write_places(drivers: list[Driver]) -> list[Location]:
    areas = [PriceArea.objects.get(code=code) for code in areas_of_sample()]
    return Location.objects.bulk_create(
        Location(
            driver=driver,
            name="Home",
            latitude=LATITUDE,
            longitude=LONGITUDE,
            timezone_name="Europe/Oslo",
            price_area=areas[number % len(areas)],
            created_at=CREATED_AT,
        )
        for number, driver in enumerate(drivers)
    )


def _write_cars(drivers: list[Driver], places: list[Location], levels: list[int], at_home: int) -> list[Vehicle]:
    vehicles = Vehicle.objects.bulk_create(
        Vehicle(
            driver=driver,
            vendor="VOLKSWAGEN",
            brand="Volkswagen",
            model="ID.4",
            display_name="Family car",
            gateway=GatewayName.PUSH,
            battery_capacity_kwh=77.0,
            max_power_kw=11.0,
            linked_at=CREATED_AT,
            state_changed_at=CREATED_AT,
        )
        for driver in drivers
    )
    _write_views(vehicles, places, levels, at_home)
    Policy.objects.bulk_create(
        Policy(vehicle=vehicle, is_enabled=True, deadline=time(7), minimum_charge_limit=0.0, updated_at=CREATED_AT)
        for vehicle in vehicles
    )
    Due.objects.bulk_create(Due(vehicle=vehicle, own_at=NOW, due_at=NOW, next_poll_at=NOW) for vehicle in vehicles)
    return vehicles


def make_all_due() -> None:
    """Lets every car be looked at as soon as somebody looks."""
    Due.objects.update(own_at=NOW, due_at=NOW, next_poll_at=NOW)


def spread_looks(*, begin: datetime = NOW) -> None:
    """Lets the cars be looked at one after the other from `begin` on, in no order that they are stored in."""
    dues = list(Due.objects.order_by("pk"))
    marks = [begin + SPREAD * (number / len(dues)) for number in range(len(dues))]
    Random(len(dues)).shuffle(marks)
    for due, mark in zip(dues, marks, strict=True):
        due.own_at = due.due_at = due.next_poll_at = mark
    Due.objects.bulk_update(dues, ["own_at", "due_at", "next_poll_at"], batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _write_views(vehicles: list[Vehicle], places: list[Location], levels: list[int], at_home: int) -> None:
    """The first `at_home` of the cars have been plugged in for an hour, the others are on the road."""
    on_the_road: dict[str, Any] = {
        "location": None,
        "is_plugged_in": False,
        "plugged_in_at": None,
        "power_delivery": "UNPLUGGED",
    }
    on_the_road |= {"latitude": LATITUDE + 1}
    plugged_in: dict[str, Any] = {"is_plugged_in": True, "plugged_in_at": NOW - timedelta(hours=1)}
    plugged_in |= {"power_delivery": "PLUGGED_IN:STOPPED", "latitude": LATITUDE}
    VehicleView.objects.bulk_create(
        VehicleView(
            vehicle=vehicle,
            observed_at=NOW - timedelta(minutes=1),
            soc_percent=float(levels[number]),
            charge_limit_percent=80.0,
            is_charging=False,
            observed_power_kw=11.0,
            position_observed_at=NOW - timedelta(minutes=1),
            longitude=LONGITUDE,
            **(plugged_in | {"location": place} if number < at_home else on_the_road),
        )
        for number, (vehicle, place) in enumerate(zip(vehicles, places, strict=True))
    )
