"""The hours that a learned schedule leaves, for the facts of a car."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time

from charging.core.causes import Cause, Status
from charging.core.foreign_window import open_periods
from charging.core.periods import Period
from charging.models import Finding, Vehicle
from charging.models.findings import Answer, FindingQuerySet

OPENS_AT = (Cause.TIMER, Cause.REPORTED_SCHEDULE)
"""What tells the time before which nothing flows: what was seen goes before what was said."""

CLOSES_AT = (Cause.WINDOW_END,)


def foreign_window(vehicle: Vehicle, timezone_name: str, now: datetime, deadline_at: datetime) -> tuple[Period, ...]:
    """Returns when the car can charge until the deadline, as far as confirmed findings tell; empty without one."""
    return window_of(telling_hours().filter(vehicle=vehicle), timezone_name, now, deadline_at)


def telling_hours() -> FindingQuerySet:
    """The confirmed findings that tell from when, or until when, cars can charge."""
    causes = (*OPENS_AT, *CLOSES_AT)
    return Finding.objects.open().filter(status=Status.CONFIRMED.value, cause__in=causes, clock_time__isnull=False)


def window_of(found: Iterable[Finding], timezone_name: str, now: datetime, deadline_at: datetime) -> tuple[Period, ...]:
    """Returns when a car with such findings can charge until the deadline; empty where they leave it every hour."""
    opens, closes = learned_hours(found)
    if opens is None and closes is None:
        return ()
    return open_periods(opens, closes, timezone_name=timezone_name, now=now, until=deadline_at)


def learned_hours(findings: Iterable[Finding]) -> tuple[time | None, time | None]:
    """Returns from when until when a schedule of somebody else lets the car charge, by its local clock; None: always.

    `findings` are open ones. Who has switched a schedule off is believed: only without its hours can it show that it
    is gone, or still there.
    """
    clocks = {
        finding.cause: finding.clock_time
        for finding in findings
        if finding.status == Status.CONFIRMED and finding.answer != Answer.SWITCHED_OFF
    }
    opens = (clocks[cause] for cause in OPENS_AT if clocks.get(cause) is not None)
    closes = (clocks[cause] for cause in CLOSES_AT if clocks.get(cause) is not None)
    return next(opens, None), next(closes, None)
