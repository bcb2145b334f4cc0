"""New prices make plans worth another look."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from charging.models import Due, Location

BATCH = 500


@transaction.atomic
def wake_cars(*, area_codes: Collection[str], at_wall: datetime) -> int:
    """Makes the smart charging cars at places priced by these areas due at once; returns how many were not already.

    Cars of accelerated clocks are left alone: they live on sample prices, which never change.
    """
    example = Q(vehicle__view__location__example_area__code__in=area_codes)
    own = Q(
        vehicle__view__location__example_area__isnull=True,
        vehicle__view__location__price_area__code__in=area_codes,
    )
    return _wake(Due.objects.filter(example | own, vehicle__driver__clock_speed=1), at_wall)


@transaction.atomic
def wake_cars_at(*, locations: QuerySet[Location], at_wall: datetime) -> int:
    """The same for the cars at these places, whose drivers pay other prices now, however fast their clocks are."""
    return _wake(Due.objects.filter(vehicle__view__location__in=locations), at_wall)


def _wake(due_cars: QuerySet[Due], at_wall: datetime) -> int:
    later = due_cars.filter(vehicle__policy__is_enabled=True, due_at__gt=at_wall)
    woken = list(later.select_related("vehicle__driver").order_by("pk"))
    for due in woken:
        due.own_at, due.due_at = due.vehicle.driver.clock.own(at_wall), at_wall
    Due.objects.bulk_update(woken, ["own_at", "due_at"], batch_size=BATCH)
    return len(woken)
