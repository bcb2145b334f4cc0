"""Cars of a test with real processes: each with a driver, a home and a deadline, in the evening of its own clock."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from random import Random

from django.db import transaction

from charging.models import Client, Driver, Vehicle
from charging.operations import clients, clocks, drivers, locations, policies, prices, vehicles
from charging.operations.clients import Credentials
from charging.operations.clocks import wall_now
from tests.operations.night import FAMILY_CAR, KRISTIANSAND

EVENING = datetime(2026, 1, 13, 18, 0, tzinfo=UTC)


def make_client() -> Credentials:
    prices.ensure_price_areas()
    return clients.create_client(name="Faults", now=EVENING)


def make_fleet(client: Client, *, cars: int, seed: int, fast_share: float = 0.0) -> list[Vehicle]:
    """Cars that stand plugged in at home since some minutes of their clocks; some of them live sixty times as fast."""
    draw = Random(seed)
    return [make_car(client, f"driver-{number}", draw, is_fast=draw.random() < fast_share) for number in range(cars)]


@transaction.atomic
def make_car(client: Client, name: str, draw: Random, *, is_fast: bool) -> Vehicle:
    now = EVENING + timedelta(minutes=draw.randrange(180))
    driver = drivers.create_driver(client=client, external_id=name, now=now)
    vehicle = vehicles.add_simulated_car(driver=driver, details=FAMILY_CAR, now=now)
    locations.create_location(driver=driver, name="Home", now=now, **KRISTIANSAND)
    vehicle.refresh_from_db()
    policies.set_policy(vehicle=vehicle, is_enabled=True, deadline=time(7, 0), minimum_charge_limit=0, now=now)
    Driver.objects.filter(pk=driver.pk).update(clock_speed=60 if is_fast else 1)
    return vehicle


def start_clocks(cars: list[Vehicle]) -> None:
    """From this moment of the wall on the clocks run, from where the cars were made; what is due is due by the wall."""
    for vehicle in cars:
        made = Driver.objects.get(pk=vehicle.driver_id)
        Driver.objects.filter(pk=made.pk).update(clock_wall_anchor=wall_now(), clock_speed=1)
        vehicle.driver = clocks.set_speed(driver=made, speed=made.clock_speed, at_wall=wall_now())


def slow_down_all() -> None:
    for driver in Driver.objects.exclude(clock_speed=1):
        clocks.set_speed(driver=driver, speed=1, at_wall=wall_now())
