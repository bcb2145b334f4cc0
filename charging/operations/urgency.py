"""Whether a START cannot wait: the last safe moment has come, or the car is below its minimum."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from charging.core.case import Case
from charging.models import Vehicle, VehicleView
from charging.operations.facts import load_facts
from charging.operations.one_of_many import unless_it_fails


def is_start_urgent(*, vehicle: Vehicle, now: datetime) -> bool:
    """Returns whether a breaker or a budget would cost the deadline or the minimum. Asked seldom: it loads the facts.

    A car of which too little is known to tell cannot wait either, nor one that is let go for good, nor one whose facts
    break the rules: to let it charge nothing of the rules may be needed.
    """
    if not VehicleView.objects.filter(vehicle=vehicle).exists():
        return False
    return unless_it_fails(partial(_is_urgent, vehicle, now), otherwise=True, vehicle=str(vehicle.public_id))


def _is_urgent(vehicle: Vehicle, now: datetime) -> bool:
    facts, _period = load_facts(vehicle=vehicle, now=now)
    if not facts.policy.is_enabled:
        return facts.hold is not None
    case = Case(facts, now)
    return case.is_below_minimum or case.latest_start is None or case.latest_start <= now


def urgent_from(*, vehicle: Vehicle, now: datetime) -> datetime | None:
    """Returns when a START that can wait now cannot any more: its last safe moment. None where that is not to come."""
    return unless_it_fails(partial(_latest_start, vehicle, now), otherwise=None, vehicle=str(vehicle.public_id))


def _latest_start(vehicle: Vehicle, now: datetime) -> datetime | None:
    facts, _period = load_facts(vehicle=vehicle, now=now)
    latest_start = Case(facts, now).latest_start
    return latest_start if latest_start is not None and latest_start > now else None
