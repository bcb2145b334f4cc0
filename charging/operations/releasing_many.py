"""Letting many cars charge at once: one whose vendor does not answer keeps few others waiting, and none for long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from time import monotonic

from django.db import connection, connections

from charging.operations.releasing import release_quietly

AT_ONCE = {"sqlite": 1}
"""How many cars are told at once, where the database bears few writers; elsewhere MANY_AT_ONCE."""
MANY_AT_ONCE = 8
LASTS_SECONDS = 20.0
"""After that no further car is told: the sweep before it took half of the minute that a job may last."""


def release_many(*, vehicle_ids: Sequence[int], at_wall: datetime) -> int:
    """Releases the cars, some at once, in their order. Returns how many were told; who is left has the next turn.

    Raises OperationalError and InterfaceError where the database goes away.
    """
    end = monotonic() + LASTS_SECONDS

    def tell(vehicle_id: int) -> bool:
        return monotonic() < end and release_quietly(vehicle_id=vehicle_id, at_wall=at_wall)

    at_once = min(AT_ONCE.get(connection.vendor, MANY_AT_ONCE), len(vehicle_ids))
    if at_once <= 1:
        return sum(map(tell, vehicle_ids))
    with ThreadPoolExecutor(at_once, "releases") as pool:
        return sum(pool.map(_with_its_own_connection(tell), vehicle_ids))


def _with_its_own_connection(tell: Callable[[int], bool]) -> Callable[[int], bool]:
    def work(vehicle_id: int) -> bool:
        try:
            return tell(vehicle_id)
        finally:
            connections.close_all()

    return work
