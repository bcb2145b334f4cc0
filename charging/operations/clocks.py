"""What time it is: on the wall, and for a driver whose simulated cars may live faster."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction

from charging.models import Driver, Due

_started = time.monotonic()
_ahead_of_host = timedelta(0)

FAST_FOR = timedelta(hours=26)
"""A fast clock goes back to the wall's pace after a day and a little, plan or no plan."""


def wall_now() -> datetime:
    """The present, aware UTC, by the host's clock or the database's where this process goes by that.

    With READYBY_NOW set, the present counts from that instant on: the time that has passed is the one since
    READYBY_NOW_SINCE, or else since this process started.
    """
    if settings.READYBY_NOW is None:
        return datetime.now(UTC) + _ahead_of_host
    start: datetime = settings.READYBY_NOW
    since: datetime | None = settings.READYBY_NOW_SINCE
    passed = timedelta(seconds=time.monotonic() - _started) if since is None else datetime.now(UTC) - since
    return start.astimezone(UTC) + passed


def go_ahead_of_host(offset: timedelta) -> None:
    """From now on the present of this process is so much later than its host's clock."""
    global _ahead_of_host  # noqa: PLW0603 - one present for all threads of a process
    _ahead_of_host = offset


def own_now(*, driver: Driver, at_wall: datetime | None = None) -> datetime:
    """What the driver's clock shows now, or at a wall instant."""
    return driver.clock.own(at_wall or wall_now())


@transaction.atomic
def set_speed(*, driver: Driver, speed: int, at_wall: datetime) -> Driver:
    """Sets the pace of the driver's clock from `at_wall` on, and rewrites when their cars are due on the wall.

    Raises ValueError for an unknown speed, and for a fast clock while the driver has a real car.
    """
    driver = Driver.objects.select_for_update().get(pk=driver.pk)
    if speed != 1 and driver.vehicles.exclude(gateway="simulator").exists():
        raise ValueError("A driver with a real car lives at the wall's pace")
    clock = driver.clock.with_speed(speed, max(at_wall, driver.clock_wall_anchor))
    driver.clock_wall_anchor = clock.wall_anchor
    driver.clock_own_anchor = clock.own_anchor
    driver.clock_speed = clock.speed
    driver.fast_until = clock.own_anchor + FAST_FOR if speed != 1 else None
    driver.save(update_fields=["clock_wall_anchor", "clock_own_anchor", "clock_speed", "fast_until"])
    for due in Due.objects.filter(vehicle__driver=driver):
        Due.objects.filter(pk=due.pk).update(due_at=clock.wall(due.own_at))
    return driver
