"""New prices make plans worth another look."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet

from charging.models import Due, Location
from charging.operations.replanning import Shard, replan_shard, shards_of

log = structlog.get_logger(__name__)

BATCH = 500


HandOut = Callable[[Shard], object]
"""What is done with a part of an area that has to be planned."""


def prices_arrived(*, area_codes: Collection[str], at_wall: datetime, hand_out: HandOut | None = None) -> int:
    """New prices for these areas: plans their calm cars together, and makes the others due at once.

    `hand_out` gets the parts of the areas where somebody else does the planning. A fault in one part is logged: its
    cars see the new prices at their next evaluations. Returns how many cars are newly due.
    """
    woken = wake_cars(area_codes=area_codes, at_wall=at_wall)
    for shard in shards_of(area_codes=area_codes):
        try:
            if hand_out is not None:
                hand_out(shard)
            else:
                replan_shard(**asdict(shard), at_wall=at_wall)
        except Exception:
            log.exception("part of an area not planned", price_area=shard.area_code, first_vehicle=shard.first_id)
    return woken


@transaction.atomic
def wake_cars(*, area_codes: Collection[str], at_wall: datetime) -> int:
    """Makes the smart charging cars at places priced by these areas due at once; returns how many were not already.

    Cars with a planning row are left to be planned together, and cars of accelerated clocks alone: they live on sample
    prices, which never change.
    """
    example = Q(vehicle__view__location__example_area__code__in=area_codes)
    own = Q(
        vehicle__view__location__example_area__isnull=True,
        vehicle__view__location__price_area__code__in=area_codes,
    )
    alone = Due.objects.filter(vehicle__planning_row__isnull=True, vehicle__driver__clock_speed=1)
    return _wake(alone.filter(example | own), at_wall)


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
