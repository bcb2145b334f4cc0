"""The end of a command in the ledger, and the message that tells of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from charging.core.facts import CommandStatus
from charging.models import Command, Vehicle
from charging.models.commands import OPEN
from charging.operations.outbox import tell_command


@transaction.atomic
def end_command(
    *,
    command: Command,
    vehicle: Vehicle,
    status: CommandStatus,
    now: datetime,
    failure_detail: str = "",
    is_cancelled: bool = False,
) -> bool:
    """Ends an open command, also on `command`. Returns whether it was open; what has ended stays as it ended."""
    ending = {
        "status": status.value,
        "completed_at": now,
        "next_sending_at": None,
        "is_cancelled": is_cancelled,
        **({"failure_detail": failure_detail} if failure_detail else {}),
    }
    if not Command.objects.filter(pk=command.pk, status__in=OPEN).update(**ending):
        return False
    for name, value in ending.items():
        setattr(command, name, value)
    tell_command(command=command, vehicle=vehicle, now=now)
    return True
