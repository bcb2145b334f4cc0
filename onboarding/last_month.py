"""What the answers given so far would have saved in the last month, for the pages after the place is picked."""

from __future__ import annotations

from datetime import time
from typing import Any

from charging.models import Location
from charging.operations.clocks import wall_now
from charging.operations.previews import supposed_policy
from charging.views.last_month import last_month_context
from onboarding.step_page import Visit
from onboarding.steps import MINIMUM, READY_BY


def last_month_of(visit: Visit) -> dict[str, Any]:
    """The context of components/last_month.html for the first place; empty before there is one, and the answers."""
    vehicle, now = visit.draft.vehicle, wall_now()
    location = Location.objects.of_driver(visit.driver).with_prices().order_by("created_at", "pk").first()
    if vehicle is None or location is None or not {READY_BY.key, MINIMUM.key} <= visit.draft.answered:
        return {}
    policy = supposed_policy(
        vehicle=vehicle,
        deadline=time.fromisoformat(visit.draft.value_of(READY_BY.key)["time"]),
        minimum_charge_limit=float(visit.draft.value_of(MINIMUM.key)["percent"]),
        now=now,
    )
    return last_month_context(vehicle=vehicle, location=location, policy=policy, query=visit.request.GET, now=now)
