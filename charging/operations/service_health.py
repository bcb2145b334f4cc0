"""Whether this installation can do its work. The broker is never asked: it only rings a bell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from charging.operations.database_clock import MOST_OFFSET
from charging.operations.figures import Sweeping, load_sweeping
from charging.operations.price_figures import prices_of_areas

MOST_LAG = timedelta(seconds=120)
"""How long a car that is due may wait to be looked at."""
MOST_SILENCE = timedelta(seconds=120)
"""How long ago the last sweep may have ended."""
OLD_PRICES = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class ServiceHealth:
    """Why the installation is not ready, and what is worth a look although it is; names for machines, all in English.

    `sweeping` is None where the database does not tell.
    """

    faults: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    sweeping: Sweeping | None = None

    @property
    def is_ready(self) -> bool:
        return not self.faults


def look_at_service(*, at_wall: datetime) -> ServiceHealth:
    """Returns the state of the installation. Raises nothing: without a database that is the one fault."""
    try:
        if not are_migrations_applied():
            return ServiceHealth(("migrations",))
        sweeping = load_sweeping(at_wall=at_wall)
        prices = prices_of_areas(at_wall=at_wall)
    except Error:
        return ServiceHealth(("database",))
    is_old = any(area.age is not None and area.age > OLD_PRICES for area in prices)
    is_off = sweeping.clock_offset is not None and abs(sweeping.clock_offset) > MOST_OFFSET
    late = any(area.are_late for area in prices)
    warnings = {"price_age": is_old, "prices_of_tomorrow": late, "clock_offset": is_off}
    return ServiceHealth(faults_of(sweeping), tuple(name for name, is_so in warnings.items() if is_so), sweeping)


def faults_of(sweeping: Sweeping) -> tuple[str, ...]:
    """Returns what is wrong with the looking at cars; nothing where it goes on as it should."""
    is_silent = sweeping.heartbeat_age is None or sweeping.heartbeat_age > MOST_SILENCE
    found = {"sweep_lag": sweeping.lag > MOST_LAG, "sweep_heartbeat": is_silent}
    return tuple(name for name, is_so in found.items() if is_so)


def does_database_answer() -> bool:
    """Returns whether the database answers at all."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def are_migrations_applied() -> bool:
    """Returns whether the database is that of this version, in one query. Raises Error where it is away."""
    if not MigrationRecorder(connection).has_table():
        return False
    applied = MigrationRecorder.Migration.objects.values_list("app", "name")
    return _newest_migrations() <= set(applied)


@cache
def _newest_migrations() -> frozenset[tuple[str, str]]:
    """The last migration of every app as it lies on the disk, which does not change while a process runs."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())
