"""What was done to a car since it was plugged in."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q

from charging.core.facts import CommandKind, CommandPurpose, CommandStatus, PlugInHistory
from charging.models import Command, SmartOverride, Vehicle


def history_since(*, vehicle: Vehicle, plugged_in_at: datetime | None) -> PlugInHistory:
    """Counts our commands since then, and says who started the car last; nothing for a car that is not plugged in."""
    if plugged_in_at is None:
        return PlugInHistory()
    followed = Q(kind=CommandKind.START.value, status=CommandStatus.CONFIRMED.value)
    counts = Command.objects.filter(vehicle=vehicle, created_at__gte=plugged_in_at).aggregate(
        starts=Count("pk", filter=followed),
        counter_commands=Count("pk", filter=Q(purpose=CommandPurpose.COUNTER.value)),
    )
    overrides = SmartOverride.objects.filter(vehicle=vehicle, created_at__gte=plugged_in_at)
    last = overrides.order_by("-created_at", "-pk").first()
    return PlugInHistory(**counts, was_taken_over=last is not None and last.is_from_elsewhere)


def was_claimed(*, vehicle: Vehicle, plugged_in_at: datetime | None) -> bool:
    """Whether the driver has said of a start in this plug-in that it was them."""
    if plugged_in_at is None:
        return False
    return SmartOverride.objects.filter(vehicle=vehicle, created_at__gte=plugged_in_at, is_claimed=True).exists()
