"""The newest plan of a car and what its pages tell beside it, read with one query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, FilteredRelation, Q, QuerySet, Subquery

from charging.core.facts import Window
from charging.models import ChargingSession, Finding, LearnedPower, Location, Plan, Vehicle

JOINED = ("one_window", "newest_session", "learned_there")


@dataclass(frozen=True, slots=True)
class Beside:
    """Of the car of a plan: its newest plug-in, what it taught at a place, and whether there are certain findings."""

    session: ChargingSession | None
    learned: LearnedPower | None
    has_findings: bool


@dataclass(frozen=True, slots=True)
class NewestPlan:
    """A plan with its windows in time order."""

    plan: Plan
    windows: tuple[Window, ...]
    beside: Beside


def newest_plan(*, vehicle: Vehicle, place: Location | None, findings: QuerySet[Finding]) -> NewestPlan | None:
    """Returns the newest plan of the car, None for one without, with what was learned of it at `place`."""
    rows: list[Any] = list(_rows(vehicle, place, findings))
    if not rows:
        return None
    plan = rows[0]
    plan.location = _location(plan, place)
    # A row that was joined and is not there leaves no name behind.
    windows = [row.one_window.as_window() for row in rows if hasattr(row, "one_window")]
    return NewestPlan(
        plan=plan,
        windows=tuple(sorted(windows, key=lambda window: window.start)),
        beside=Beside(getattr(plan, "newest_session", None), getattr(plan, "learned_there", None), plan.has_findings),
    )


def _rows(vehicle: Vehicle, place: Location | None, findings: QuerySet[Finding]) -> QuerySet[Plan]:
    """The plan as many times as it has windows, and once where it has none."""
    newest = Plan.objects.filter(vehicle=vehicle).order_by("-created_at", "-pk").values("pk")[:1]
    session = ChargingSession.objects.filter(vehicle=vehicle).newest_first().values("pk")[:1]
    plans = Plan.objects.filter(pk=Subquery(newest)).annotate(
        one_window=FilteredRelation("windows"),
        newest_session=FilteredRelation(
            "vehicle__charging_sessions", condition=Q(vehicle__charging_sessions__pk=Subquery(session))
        ),
        learned_there=FilteredRelation(
            "vehicle__learned_powers", condition=Q(vehicle__learned_powers__location=place and place.pk)
        ),
        has_findings=Exists(findings),
    )
    return plans.select_related(*JOINED)


def _location(plan: Plan, place: Location | None) -> Location | None:
    """Where the plan charges: mostly the very place that is known already."""
    if place is not None and plan.location_id == place.pk:
        return place
    return Location.objects.with_prices().filter(pk=plan.location_id).first() if plan.location_id is not None else None
