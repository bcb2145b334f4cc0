"""The last line: no held car is forgotten, whatever became of the processes that look at cars.

A hold ends at the car's next hour or at its latest safe start. Half a minute later a START must be on its way; if none
is, the car is let charge without deciding anything.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from charging.core.clock import Clock
from charging.models import Command, Vehicle
from charging.models.drivers import CLOCK
from charging.operations.releasing_many import release_many

GRACE = timedelta(seconds=30)


def guard(*, at_wall: datetime) -> int:
    """Releases every car whose hold should be over and that nobody has told to start. Returns how many were told."""
    return release_many(vehicle_ids=forgotten(at_wall=at_wall), at_wall=at_wall)


def forgotten(*, at_wall: datetime) -> list[int]:
    """The cars whose hold ended more than GRACE ago by their drivers' clocks, without a START that was sent.

    Fast clocks are left out: what happened to their cars is replayed in order, and may be hours behind them.
    """
    is_over = Q(hold_until__lte=at_wall - GRACE) | ~Q(driver__clock_own_anchor=F("driver__clock_wall_anchor"))
    held = Vehicle.objects.filter(is_over, driver__clock_speed=1, hold_until__isnull=False)
    columns = ("pk", "hold_until", *(f"driver__{name}" for name in CLOCK))
    own_now = {pk: (until, Clock(*clock).own(at_wall)) for pk, until, *clock in held.values_list(*columns)}
    late = {pk: now for pk, (until, now) in own_now.items() if until is not None and until <= now - GRACE}
    newest = {command.vehicle_id: command for command in _newest_of(late)}
    return [pk for pk, now in late.items() if not _was_told(newest.get(pk), now)]


def _newest_of(vehicle_ids: Collection[int]) -> QuerySet[Command]:
    """The newest command of each car, and of that what the guard asks for: a car may have thousands."""
    generations = Command.objects.filter(vehicle=OuterRef("pk")).order_by("-generation")
    newest = Vehicle.objects.filter(pk__in=vehicle_ids).values(newest=Subquery(generations.values("pk")[:1]))
    return Command.objects.filter(pk__in=newest).only("vehicle_id", "kind", "attempts", "next_sending_at")


def _was_told(command: Command | None, now: datetime) -> bool:
    """Whether a START went out, or waits for its moment because who should take it is left alone until then."""
    if command is None or command.kind != "START":
        return False
    return command.attempts > 0 or (command.next_sending_at is not None and command.next_sending_at > now)
