"""`manage.py create_client`: credentials for the API, and what a first try with them needs."""

import json
from datetime import datetime
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import transaction

from charging.adapters.bundled import read_json
from charging.models import Client, Driver, Vehicle
from charging.operations.clients import Credentials, add_credentials, create_client, ensure_built_in_client
from charging.operations.clocks import own_now, wall_now
from charging.operations.drivers import create_driver
from charging.operations.vehicles import CarDetails, add_simulated_car

CAR = "family"
SOC_PERCENT = 38.0
CHARGE_LIMIT_PERCENT = 80.0


class Command(BaseCommand):
    help = "Make credentials for the API. The secret is shown once and never again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="what the client is called")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--built-in", action="store_true", help="see the drivers of this server's own pages")
        parser.add_argument("--user", metavar="ID", help="make this user, unless the client has it")
        parser.add_argument("--simulated-car", action="store_true", help="give the user a simulated car")

    @transaction.atomic
    def handle(
        self, *_args: Any, name: str, json: bool, built_in: bool, user: str | None, simulated_car: bool, **_rest: Any
    ) -> None:
        if simulated_car and user is None:
            raise CommandError("A car belongs to somebody: say whose with --user ID")
        now = wall_now()
        credentials = _credentials(name, is_built_in=built_in, now=now)
        driver = _driver(credentials.client, user, now) if user is not None else None
        vehicle = _car(driver) if simulated_car and driver is not None else None
        made = {
            "client_id": credentials.client_id,
            "client_secret": credentials.client_secret,
            "user_id": driver.external_id if driver is not None else None,
            "vehicle_id": str(vehicle.public_id) if vehicle is not None else None,
        }
        self.stdout.write(as_json(made) if json else as_lines(made))


def as_json(made: dict[str, str | None]) -> str:
    return json.dumps(made)


def as_lines(made: dict[str, str | None]) -> str:
    labels = {"client_id": "Client id", "client_secret": "Client secret (shown only this once)"}
    labels |= {"user_id": "User id", "vehicle_id": "Vehicle id"}
    return "\n".join(f"{labels[key]}: {value}" for key, value in made.items() if value is not None)


def _credentials(name: str, *, is_built_in: bool, now: datetime) -> Credentials:
    if is_built_in:
        return add_credentials(client=ensure_built_in_client(now=now))
    try:
        return create_client(name=name, now=now)
    except ValueError as fault:
        raise CommandError(str(fault)) from fault


def _driver(client: Client, user_id: str, now: datetime) -> Driver:
    driver = Driver.objects.of_client(client).filter(external_id=user_id).first()
    if driver is not None:
        return driver
    try:
        return create_driver(client=client, external_id=user_id, now=now)
    except ValueError as fault:
        raise CommandError(str(fault)) from fault


def _car(driver: Driver) -> Vehicle:
    model = next(row for row in read_json("car_models.json") if row["key"] == CAR)
    details = CarDetails(
        vendor=model["vendor"],
        brand=model["brand"],
        model=model["model"],
        year=model["year"],
        battery_capacity_kwh=model["battery_capacity_kwh"],
        max_power_kw=model["max_power_kw"],
        soc_percent=SOC_PERCENT,
        charge_limit_percent=CHARGE_LIMIT_PERCENT,
    )
    return add_simulated_car(driver=driver, details=details, now=own_now(driver=driver))
