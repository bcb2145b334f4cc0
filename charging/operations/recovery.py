"""After a restored backup: what the database believes is older than what the cars do."""

from __future__ import annotations

from datetime import datetime

from charging.core.facts import CommandStatus
from charging.models import Command
from charging.models.commands import OPEN
from charging.operations.clocks import own_now
from charging.operations.command_ending import end_command
from charging.operations.guardian_journal import import_journal
from charging.operations.sweep import reconcile


def recover(*, at_wall: datetime) -> int:
    """Gives up every open command and has every car looked at afresh before anything is sent. Returns how many cars.

    What a guardian sent meanwhile comes into the ledger first. A command of the backup may have been carried out, or
    taken back, long ago: only a new reading tells what is needed.
    """
    import_journal(at_wall=at_wall)
    for command in Command.objects.filter(status__in=OPEN).select_related("vehicle__driver"):
        vehicle = command.vehicle
        end_command(
            command=command,
            vehicle=vehicle,
            status=CommandStatus.SUPERSEDED,
            now=own_now(driver=vehicle.driver, at_wall=at_wall),
            failure_detail="Given up: the server was restored from a backup.",
        )
    return reconcile(at_wall=at_wall)
