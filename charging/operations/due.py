"""When a car is looked at again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import FilteredRelation, Q

from charging.core.clock import Clock
from charging.models import Due, Vehicle
from charging.models.drivers import CLOCK

POLL_WHILE_CHANGING = timedelta(minutes=2)
POLL_SIMULATED_WHILE_CHANGING = timedelta(seconds=5)
POLL_PLUGGED_IN = timedelta(minutes=5)
POLL_UNPLUGGED = timedelta(minutes=15)
FIRST_READINGS = ((timedelta(minutes=5), timedelta(seconds=30)), (timedelta(hours=1), timedelta(minutes=2)))
"""How often a car that has told nothing yet is asked, by how long ago it was connected: somebody waits for it."""


@transaction.atomic(savepoint=False)
def schedule(
    *, vehicle: Vehicle, own_at: datetime, next_poll_at: datetime | None = None, has_ended: bool = False
) -> None:
    """Sets when the car is due, an instant of its driver's clock; an earlier sending or poll comes first.

    `has_ended`: looking at it has ended well, so nobody is at it any more and earlier faults are forgotten. A reading
    that is due already stays due then: evaluating often must never put it off.
    """
    columns = ("due__next_poll_at", "waiting__next_sending_at", "waiting__lease_until")
    is_waiting = FilteredRelation("commands", condition=Q(commands__next_sending_at__isnull=False))
    with_waiting = Vehicle.objects.annotate(waiting=is_waiting).filter(pk=vehicle.pk)
    rows = list(with_waiting.values_list(*columns, *(f"driver__{name}" for name in CLOCK)))
    if not rows:
        raise Vehicle.DoesNotExist
    agreed, _at, _lease, *anchors = rows[0]
    clock = Clock(*anchors)
    poll_at = next_poll_at or agreed
    if has_ended and next_poll_at is not None and agreed is not None:
        poll_at = min(agreed, next_poll_at)
    # What somebody else is sending now is looked at when their lease is over, not again and again until then.
    sending = [
        at if lease_until is None else max(at, clock.own(lease_until))
        for _agreed, at, lease_until, *_clock in rows
        if at is not None
    ]
    earliest = min(instant for instant in (own_at, poll_at, *sending) if instant is not None)
    values: dict[str, Any] = {"own_at": earliest, "due_at": clock.wall(earliest), "next_poll_at": poll_at or earliest}
    if has_ended:
        values |= {"attempts": 0, "claimed_until": None, "fault": ""}
    # All but the first time the row is there: one statement instead of three.
    if not Due.objects.filter(vehicle=vehicle).update(**values):
        Due.objects.update_or_create(vehicle=vehicle, defaults=values)


def look_again(*, vehicle: Vehicle, now: datetime) -> None:
    """Makes the car due at once, with a fresh reading first."""
    schedule(vehicle=vehicle, own_at=now, next_poll_at=now)


def first_reading_in(*, connected_for: timedelta) -> timedelta:
    """How long until a car that has told nothing yet is asked again."""
    return next((every for until, every in FIRST_READINGS if connected_for < until), POLL_UNPLUGGED)


def poll_interval(
    *, is_plugged_in: bool, is_changing: bool, is_simulated: bool = False, is_pushed: bool = False
) -> timedelta:
    """How long until the next reading: soon while a command or a first measurement is on its way.

    Asking a simulated car costs nobody anything, so that a first plan need not be waited for. One that pushes what it
    has to say is not asked, and looked at when it says something new.
    """
    if is_changing:
        return POLL_SIMULATED_WHILE_CHANGING if is_simulated else POLL_WHILE_CHANGING
    return POLL_PLUGGED_IN if is_plugged_in and not is_pushed else POLL_UNPLUGGED
