"""Cars of a test with real processes: each with a driver, a home and a deadline, in the evening of its own clock."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from multiprocessing import get_context
from random import Random

from django.db import connections, transaction

from charging.models import Client, Driver, Vehicle
from charging.operations import clients, clocks, drivers, locations, policies, prices, vehicles
from charging.operations.clients import Credentials
from charging.operations.clocks import wall_now
from tests.operations.night import FAMILY_CAR, KRISTIANSAND

EVENING = datetime(2026, 1, 13, 18, 0, tzinfo=UTC)


def make_client() -> Credentials:
    prices.ensure_price_areas()
    return clients.create_client(name="Faults", now=EVENING)


def make_fleet(client: Client, *, cars: int, seed: int, fast_share: float = 0.0, makers: int = 1) -> list[Vehicle]:
    """Cars that stand plugged in at home since some minutes of their clocks; some of them live sixty times as fast.

    So many processes make them together, which is for a fleet that is committed: in a test's transaction one must.
    """
    draw = Random(seed)
    wanted = [
        _Wanted(f"driver-{number}", draw.random() < fast_share, EVENING + timedelta(minutes=draw.randrange(180)))
        for number in range(cars)
    ]
    if makers == 1:
        return [_make_car(client, one) for one in wanted]
    connections.close_all()  # A connection that two processes share is of use to none.
    with ProcessPoolExecutor(makers, mp_context=get_context("fork")) as pool:
        made = list(pool.map(partial(_make_car_elsewhere, client), wanted, chunksize=5))
    found = Vehicle.objects.select_related("driver").in_bulk(made)
    return [found[pk] for pk in made]


@dataclass(frozen=True, slots=True)
class _Wanted:
    name: str
    is_fast: bool
    now: datetime


def _make_car_elsewhere(client: Client, wanted: _Wanted) -> int:
    return _make_car(client, wanted).pk


@transaction.atomic
def _make_car(client: Client, wanted: _Wanted) -> Vehicle:
    now = wanted.now
    driver = drivers.create_driver(client=client, external_id=wanted.name, now=now)
    vehicle = vehicles.add_simulated_car(driver=driver, details=FAMILY_CAR, now=now)
    locations.create_location(driver=driver, name="Home", now=now, **KRISTIANSAND)
    vehicle.refresh_from_db()
    policies.set_policy(vehicle=vehicle, is_enabled=True, deadline=time(7, 0), minimum_charge_limit=0, now=now)
    Driver.objects.filter(pk=driver.pk).update(clock_speed=60 if wanted.is_fast else 1)
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
