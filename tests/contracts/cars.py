"""Cars as an app adds them, for stories that are told over HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import time_machine

from charging.models import Client, Driver, Vehicle
from charging.operations import charge_actions, linking, locations, sweep, users
from charging.operations.clocks import wall_now
from charging.operations.prices import ensure_price_areas

KRISTIANSAND: dict[str, Any] = {"latitude": 58.1467, "longitude": 7.9956}


def make_simulated_car(client: Client, *, now: datetime, user_id: str = "anna", soc_percent: float = 40.0) -> Vehicle:
    """A simulated car, plugged in at Home in Kristiansand, where it charges."""
    ensure_price_areas()
    driver: Driver = users.ensure_user(client=client, external_id=user_id, at_wall=now)
    car = linking.LinkedCar("simulator", "TESLA", 60.0, 11.0, charge_limit_percent=80.0, soc_percent=soc_percent)
    vehicle = linking.link_car(driver=driver, car=car, now=now)
    locations.create_location(driver=driver, name="Home", now=now, **KRISTIANSAND)
    return Vehicle.objects.get(pk=vehicle.pk)


def pass_time(traveller: time_machine.Traveller, *, until: datetime, step: timedelta = timedelta(seconds=30)) -> None:
    """Lets the periodic jobs run until an instant, as they would by themselves."""
    while (now := wall_now()) < until:
        traveller.move_to(min(now + step, until), tick=True)
        at_wall = wall_now()
        sweep.sweep(at_wall=at_wall)
        charge_actions.advance_actions(at_wall=at_wall)
