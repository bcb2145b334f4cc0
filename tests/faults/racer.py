"""One of many processes that look at cars as fast as they can. For a process in which Django runs."""

from __future__ import annotations

import time

from django.db import connection
from django.db.models import Count, Sum

from charging.models import Command, Due, Vehicle
from charging.operations.claims import claim_due
from charging.operations.clocks import wall_now
from charging.operations.sweep import run_vehicle

PAUSE_SECONDS = 0.005


def run(*, evaluations: int, seconds: float) -> int:
    """Takes cars and looks at them so often, or for so long. Returns 0; any fault of a race is raised."""
    done, end = 0, time.monotonic() + seconds
    while done < evaluations and time.monotonic() < end:
        taken = claim_due(at_wall=wall_now()).vehicle_ids
        for vehicle_id in taken:
            done += max(1, run_vehicle(vehicle_id=vehicle_id, at_wall=wall_now()))
            # One row at a time, so that it is not us who make a deadlock.
            Due.objects.filter(pk=vehicle_id, claimed_until=None).update(due_at=wall_now())
        if not taken:
            time.sleep(PAUSE_SECONDS)
    return 0


def evaluations() -> int:
    return Vehicle.objects.aggregate(sum=Sum("evaluation_count"))["sum"] or 0


def duplicates() -> int:
    """How often a car has two commands of one generation."""
    return Command.objects.values("vehicle", "generation").annotate(count=Count("pk")).filter(count__gt=1).count()


def deadlocks() -> int:
    """How many the database has seen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])
