"""A driver's clock goes back to the wall's once no car lives by it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from charging.models import Driver
from charging.operations.traces import actions_of, messages_of


@transaction.atomic
def back_to_wall(*, driver: Driver, at_wall: datetime) -> Driver:
    """Sets the clock of a driver without a car to the wall's, and what was dated later than that to this instant.

    Returns the driver; unchanged while there is a car, whose rows are all in the time of its own clock.
    """
    if driver.clock.shows_wall_time:
        return driver
    locked = Driver.objects.select_for_update().get(pk=driver.pk)
    if locked.vehicles.exists() or locked.clock.shows_wall_time:
        return locked
    locked.clock_wall_anchor = locked.clock_own_anchor = at_wall
    locked.clock_speed, locked.fast_until = 1, None
    locked.save(update_fields=["clock_wall_anchor", "clock_own_anchor", "clock_speed", "fast_until"])
    _end_at(locked.locations.all(), ("created_at",), at_wall)
    _end_at(locked.drafts.all(), ("created_at", "updated_at", "finished_at"), at_wall)
    _end_at(
        actions_of(locked), ("created_at", "updated_at", "next_sending_at", "last_sent_at", "completed_at"), at_wall
    )
    _end_at(messages_of(locked), ("created_at",), at_wall)
    for draft in locked.drafts.all():
        for answer in draft.answers.values():
            answer["at"] = min(datetime.fromisoformat(answer["at"]), at_wall).isoformat()
        draft.save(update_fields=["answers"])
    return locked


def _end_at(rows: QuerySet[Any], columns: Iterable[str], at: datetime) -> None:
    for column in columns:
        rows.filter(**{f"{column}__gt": at}).update(**{column: at})
