"""What another ready-by time would lead to for one car, looked at before it is saved."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from charging.models import Policy, Vehicle
from charging.views.access import now_of, own_vehicle
from charging.views.ready_by_preview import preview_sentence
from charging.views.time_input import NotATime, parse_time


@never_cache
@require_safe
@login_required
def preview(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The fragment that looks ahead while a time is being typed; nothing while there is nothing to say."""
    vehicle = own_vehicle(request, public_id)
    sentence = looked_ahead(vehicle, request.GET.get("ready_by", ""))
    return render(request, "components/ready_by_preview.html", {"preview": sentence})


def looked_ahead(vehicle: Vehicle, text: str) -> str:
    """Returns what a time as it was typed would lead to; empty for what is no time."""
    policy: Policy | None = getattr(vehicle, "policy", None)
    try:
        deadline = parse_time(text)
    except NotATime:
        return ""
    minimum_percent = policy.minimum_charge_limit if policy is not None else 0.0
    return preview_sentence(vehicle, deadline, minimum_percent, now_of(vehicle), tells_clocks=False)
