"""What was done to a car since it was plugged in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from charging.core.facts import CommandKind, CommandPurpose, CommandStatus, PlugInHistory
from charging.models import Command, SmartOverride, Vehicle

FOLLOWED_START = (CommandKind.START, CommandStatus.CONFIRMED)


def history_since(*, vehicle: Vehicle, plugged_in_at: datetime | None) -> PlugInHistory:
    """Counts our commands since then, and says who started the car last; nothing for a car that is not plugged in."""
    if plugged_in_at is None:
        return PlugInHistory()
    commands = Command.objects.filter(vehicle=vehicle, created_at__gte=plugged_in_at)
    told = list(commands.order_by().values_list("kind", "status", "purpose"))
    overrides = SmartOverride.objects.filter(vehicle=vehicle, created_at__gte=plugged_in_at)
    last = overrides.order_by("-created_at", "-pk").values_list("is_from_elsewhere", flat=True).first()
    return history_of(told, is_from_elsewhere=last)


def history_of(told: Sequence[tuple[str, str, str]], *, is_from_elsewhere: bool | None) -> PlugInHistory:
    """The history that these commands make up, each its kind, status and purpose, and the last override."""
    return PlugInHistory(
        starts=sum((kind, status) == FOLLOWED_START for kind, status, _ in told),
        counter_commands=sum(purpose == CommandPurpose.COUNTER for _, _, purpose in told),
        was_taken_over=is_from_elsewhere is True,
    )


def was_claimed(*, vehicle: Vehicle, plugged_in_at: datetime | None) -> bool:
    """Whether the driver has said of a start in this plug-in that it was them."""
    if plugged_in_at is None:
        return False
    return SmartOverride.objects.filter(vehicle=vehicle, created_at__gte=plugged_in_at, is_claimed=True).exists()
