"""What a driver is told by mail: a finding after two nights, a deadline at risk at once; each once (UX 2.5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q

from charging.core.causes import Status
from charging.core.states import State
from charging.models import AlertMail, Finding, Location, Plan, Vehicle
from charging.models.findings import Answer

NIGHTS = 2
"""A finding is worth a mail after as many nights."""
LATE = timedelta(minutes=10)
"""A car that will be as late is at risk."""
QUIET_FROM, QUIET_UNTIL = time(22, 0), time(7, 0)
AT_MOST = 200
"""Mails of one round; the rest waits for the next."""


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that a driver should know: what was found, or, without a finding, that the deadline is at risk."""

    vehicle: Vehicle
    subject: str
    finding: Finding | None = None


def due_alerts(*, at_wall: datetime) -> list[Alert]:
    """The alerts that have not been mailed and may be now, the deadlines at risk first.

    Only for drivers with an email address, whose clock is not accelerated and whose smart charging is on.
    """
    found = [*_deadlines_at_risk(), *_findings(at_wall)]
    vehicles = [alert.vehicle.pk for alert in found]
    mailed = set(AlertMail.objects.filter(vehicle__in=vehicles).values_list("vehicle", "subject"))
    return [alert for alert in found if (alert.vehicle.pk, alert.subject) not in mailed][:AT_MOST]


def claim(*, alert: Alert, at_wall: datetime) -> bool:
    """Takes an alert for mailing; False where another process has."""
    with transaction.atomic():
        _row, is_ours = AlertMail.objects.get_or_create(
            vehicle=alert.vehicle, subject=alert.subject, defaults={"sent_at": at_wall}
        )
    return is_ours


def give_back(*, alert: Alert) -> None:
    """The mail of a claimed alert could not be sent: it is due again."""
    AlertMail.objects.filter(vehicle=alert.vehicle, subject=alert.subject).delete()


def is_quiet(place: Location | None, at: datetime) -> bool:
    """Whether it is night at a place, at UTC's where there is none."""
    clock = at.astimezone(ZoneInfo(place.timezone_name) if place is not None else UTC).time()
    return clock >= QUIET_FROM or clock < QUIET_UNTIL


def _reachable(prefix: str) -> Q:
    conditions = {
        f"{prefix}driver__account__isnull": False,
        f"{prefix}driver__clock_speed": 1,
        f"{prefix}policy__is_enabled": True,
    }
    return Q(**conditions) & ~Q(**{f"{prefix}driver__account__email": ""})


def _deadlines_at_risk() -> Iterator[Alert]:
    """Plans that run late, and cars that do not start although they were asked again and again."""
    is_late = Q(estimated_finish_at__gt=F("deadline_at") + LATE)
    has_failed = Q(vehicle__state=State.START_FAILED.value)
    plans = Plan.objects.filter(is_late | has_failed, _reachable("vehicle__"), ended_at__isnull=True)
    for plan in plans.select_related("vehicle__driver__account").order_by("pk"):
        yield Alert(plan.vehicle, f"plan {plan.pk}")


def _findings(at_wall: datetime) -> Iterator[Alert]:
    findings = Finding.objects.open().filter(
        _reachable("vehicle__"), status=Status.CONFIRMED.value, answer=Answer.NONE, nights__gte=NIGHTS
    )
    rows = findings.select_related("vehicle__driver__account", "vehicle__view__location").order_by("pk")
    for finding in rows:
        is_put_aside = finding.vehicle.put_aside.get(f"finding-{finding.pk}") == finding.last_seen_at.isoformat()
        if not is_put_aside and not is_quiet(_place_of(finding.vehicle), at_wall):
            yield Alert(finding.vehicle, f"finding {finding.pk}", finding)


def _place_of(vehicle: Vehicle) -> Location | None:
    view = getattr(vehicle, "view", None)
    here = view.location if view is not None else None
    return here or vehicle.driver.locations.order_by("created_at", "pk").first()
