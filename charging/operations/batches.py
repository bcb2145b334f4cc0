"""Deleting much, a little at a time, so that nobody waits long for a lock."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from charging.models import Vehicle

AT_ONCE = 1000
CARS_AT_ONCE = 500


def delete_in_batches(rows: QuerySet[Any], at_once: int = AT_ONCE) -> int:
    """Deletes the rows, each batch in a transaction of its own. Returns how many there were."""
    count = 0
    while pks := list(rows.order_by().values_list("pk", flat=True)[:at_once]):
        with transaction.atomic():
            rows.model._default_manager.filter(pk__in=pks).delete()
        count += len(pks)
    return count


def delete_by_vehicle(rows: QuerySet[Any]) -> int:
    """Deletes rows that are old, some hundred cars at a time. Returns how many there were.

    Their tables are indexed by car and instant: with nothing left to delete only that is read, not the whole table.
    """
    cars = list(Vehicle.objects.order_by("pk").values_list("pk", flat=True))
    parts = (cars[first : first + CARS_AT_ONCE] for first in range(0, len(cars), CARS_AT_ONCE))
    return sum(delete_in_batches(rows.filter(vehicle__in=part)) for part in parts)
