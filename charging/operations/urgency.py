"""Whether a START cannot wait: the last safe moment has come, or the car is below its minimum."""

from __future__ import annotations

from datetime import datetime

from charging.core.case import Case
from charging.models import Vehicle, VehicleView
from charging.operations.facts import load_facts


def is_start_urgent(*, vehicle: Vehicle, now: datetime) -> bool:
    """Returns whether a breaker or a budget would cost the deadline or the minimum. Asked seldom: it loads the facts.

    A car of which too little is known to tell cannot wait either, while smart charging is on.
    """
    if not VehicleView.objects.filter(vehicle=vehicle).exists():
        return False
    facts, _period = load_facts(vehicle=vehicle, now=now)
    if not facts.policy.is_enabled:
        return False
    case = Case(facts, now)
    return case.is_below_minimum or case.latest_start is None or case.latest_start <= now
