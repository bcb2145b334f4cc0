"""The check whether anything else controls a car: told from what was found out, and from what started it lately."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from charging.core.causes import Status as Certainty
from charging.models import Finding, SmartOverride, Vehicle
from charging.models.findings import Answer
from charging.models.vehicles import OtherControl
from charging.operations.readiness_check import Check, Rows, Status

WATCHED_FOR = timedelta(days=3)
NOTHING_TO_WATCH = (Answer.ON_PURPOSE, Answer.FALSE_ALARM)


def recent_findings(*, vehicle: Vehicle, now: datetime) -> QuerySet[Finding]:
    """The open findings, and those that went less than three nights ago, in the order they were first seen."""
    lately = Q(last_seen_at__gt=now - WATCHED_FOR, merged_into=None) & ~Q(answer__in=NOTHING_TO_WATCH)
    return Finding.objects.filter(Q(gone_at__isnull=True) | lately, vehicle=vehicle).order_by("first_seen_at", "pk")


def started_elsewhere(**among: Any) -> QuerySet[SmartOverride, datetime]:
    """When something else than Readyby and the driver started such a car, the last time first."""
    starts = SmartOverride.objects.filter(is_from_elsewhere=True, **among).order_by("-created_at")
    return starts.values_list("created_at", flat=True)


def nothing_else(rows: Rows) -> Check:
    """Whether the car is left to Readyby, as far as anybody can tell."""
    vehicle = rows.vehicle
    if vehicle.other_control == OtherControl.ANOTHER_SERVICE:
        return Check("nothing_else", Status.NEEDS_YOU, "another_service")
    standing = _of_findings(rows)
    if standing is not None and standing.status != Status.READY:
        return standing
    if vehicle.other_control == OtherControl.SAFETY_NET and vehicle.safety_net_time is not None:
        return Check("nothing_else", Status.READY, "safety_net", {"time": vehicle.safety_net_time})
    if rows.now - vehicle.linked_at < WATCHED_FOR:
        return Check("nothing_else", Status.WAITING, "watching")
    if standing is not None:
        return standing
    started_at = rows.started_elsewhere_at
    if started_at is not None and rows.now - started_at < WATCHED_FOR:
        return Check("nothing_else", Status.WAITING, "started_elsewhere", {"at": started_at})
    return Check("nothing_else", Status.READY)


def _of_findings(rows: Rows) -> Check | None:
    """What the most telling finding says: the open ones, then one that went less than three nights ago."""
    found = sorted(rows.findings, key=lambda each: (-each.score, each.pk))
    checks = [Check("nothing_else", *_standing(each), {"finding": each}) for each in found]
    order = ["found", "suspected", "switched_off", "quiet", "on_purpose"]
    return min(checks, key=lambda check: order.index(check.reason), default=None)


def _standing(finding: Finding) -> tuple[Status, str]:
    if finding.gone_at is not None:
        return Status.WAITING, "quiet"
    if finding.answer == Answer.ON_PURPOSE:
        return Status.READY, "on_purpose"
    if finding.answer == Answer.SWITCHED_OFF:
        return Status.WAITING, "switched_off"
    if finding.status == Certainty.SUSPECTED:
        return Status.WAITING, "suspected"
    return Status.NEEDS_YOU, "found"
