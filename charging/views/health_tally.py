"""How many of the checks of a car are ready, as its dashboard says it."""

from __future__ import annotations

from charging.operations.readiness import checks_of
from charging.operations.readiness_check import Rows
from charging.views.readiness_rows import tally
from charging.views.situation import Situation


def health_tally(situation: Situation) -> str:
    """Returns how many checks are ready; empty for a car that has said nothing at all yet."""
    vehicle, view = situation.vehicle, situation.view
    if view is None:
        return ""
    rows = Rows(
        vehicle=vehicle,
        view=view,
        policy=situation.policy,
        places=[situation.home] if situation.home is not None else [],
        plan=situation.plan if situation.plan is not None and situation.plan.ended_at is None else None,
        findings=situation.recent_findings,
        now=situation.now,
        period=situation.period if situation.is_executing else None,
        may_be_tested=getattr(vehicle, "is_tested", True),
        started_elsewhere_at=getattr(vehicle, "started_elsewhere_at", None),
    )
    return tally(checks_of(rows))
