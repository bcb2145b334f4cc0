"""A fleet that pushes its readings: plugged in at home, with a policy, looked at one after the other from the start."""

from __future__ import annotations

from datetime import time, timedelta
from random import Random

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
SPREAD = timedelta(minutes=15)
"""How long it takes until each car was looked at once: the interval in which a pushed car is looked at anyway."""
LATITUDE, LONGITUDE = 58.1467, 7.9956


def make_load_fleet(*, cars: int, seed: int) -> tuple[list[str], list[User]]:
    """Writes the rows. Returns the public ids of the cars, and accounts of some of their drivers."""
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
    vehicles = _write_cars(drivers, _write_places(drivers), Random(seed))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return [str(one.public_id) for one in vehicles], accounts


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


def _write_cars(drivers: list[Driver], places: list[Location], draw: Random) -> list[Vehicle]:
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
    _write_views(vehicles, places, draw)
    Policy.objects.bulk_create(
        Policy(vehicle=vehicle, is_enabled=True, deadline=time(7), minimum_charge_limit=0.0, updated_at=CREATED_AT)
        for vehicle in vehicles
    )
    marks = [NOW + SPREAD * (number / len(vehicles)) for number in range(len(vehicles))]
    Due.objects.bulk_create(
        Due(vehicle=vehicle, own_at=mark, due_at=mark, next_poll_at=mark)
        for vehicle, mark in zip(vehicles, marks, strict=True)
    )
    return vehicles


def _write_views(vehicles: list[Vehicle], places: list[Location], draw: Random) -> None:
    VehicleView.objects.bulk_create(
        VehicleView(
            vehicle=vehicle,
            location=place,
            observed_at=NOW - timedelta(minutes=1),
            soc_percent=float(draw.randrange(15, 70)),
            charge_limit_percent=80.0,
            is_plugged_in=True,
            is_charging=False,
            power_delivery="PLUGGED_IN:STOPPED",
            plugged_in_at=NOW - timedelta(hours=1),
            observed_power_kw=11.0,
            position_observed_at=NOW - timedelta(minutes=1),
            latitude=LATITUDE,
            longitude=LONGITUDE,
        )
        for vehicle, place in zip(vehicles, places, strict=True)
    )
