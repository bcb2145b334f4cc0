"""Taking into the ledger what the guardian sent while the database was away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

import structlog
from django.db import transaction

from charging.adapters import guardian_files
from charging.adapters.guardian_files import Entry
from charging.core.facts import CommandKind, CommandPurpose, CommandStatus
from charging.models import Command, Plan, Vehicle
from charging.models.commands import OPEN
from charging.operations.command_ending import end_command
from charging.operations.due import look_again
from charging.operations.guarding_alone import ACCEPTED, SENDING, refusals_in
from charging.operations.one_of_many import unless_it_fails
from charging.operations.outbox import tell_command

log = structlog.get_logger(__name__)


def import_journal(*, at_wall: datetime) -> int:
    """Writes each START of the journal into the ledger, once, and empties the journal. Returns how many were new.

    Cars that are gone are left out, and what cannot be imported is logged and left out: it keeps nobody from guarding.
    Nobody is kept from writing meanwhile: while the database does not answer, the guardian needs its journal.
    Raises OperationalError and InterfaceError, and then the journal stays; OSError.
    """
    found = guardian_files.read_journal()
    if not found:
        return 0
    by_command: dict[str, list[Entry]] = {}
    for entry in found:
        by_command.setdefault(str(entry.get("command")), []).append(entry)
    count = sum(
        unless_it_fails(partial(_import, entries, at_wall), otherwise=False, command=command)
        for command, entries in by_command.items()
    )
    guardian_files.forget_journal(found)
    return count


@transaction.atomic
def _import(entries: Sequence[Entry], at_wall: datetime) -> bool:
    first, last = entries[0], entries[-1]
    command_id = UUID(first["command"])
    cars = Vehicle.objects.select_for_update(of=("self",)).select_related("driver")
    vehicle = cars.filter(public_id=first["vehicle"]).first()
    if vehicle is None or Command.objects.filter(public_id=command_id).exists():
        return False
    clock = vehicle.driver.clock
    created_at, now = clock.own(datetime.fromisoformat(first["at"])), clock.own(at_wall)
    is_newest = _supersede_older(vehicle, created_at, now)
    is_accepted = any(entry.get("event") == ACCEPTED for entry in entries)
    vehicle.command_generation += 1
    vehicle.save(update_fields=["command_generation"])
    open_status = CommandStatus.ACCEPTED if is_accepted else CommandStatus.UNKNOWN
    command = Command.objects.create(
        vehicle=vehicle,
        public_id=command_id,
        plan=Plan.objects.filter(vehicle=vehicle, public_id=first["plan"]).first() if first["plan"] else None,
        generation=vehicle.command_generation,
        kind=CommandKind.START.value,
        purpose=CommandPurpose.RELEASE.value,
        status=(open_status if is_newest else CommandStatus.SUPERSEDED).value,
        refusals=refusals_in(entries, first["command"]),
        attempts=sum(entry.get("event") == SENDING for entry in entries),
        created_at=created_at,
        last_sent_at=clock.own(datetime.fromisoformat(last["at"])),
        next_sending_at=now if is_newest and not is_accepted else None,
        completed_at=None if is_newest else now,
        failure_detail="Sent by the guardian while the database was away.",
    )
    tell_command(command=command, vehicle=vehicle, now=now)
    look_again(vehicle=vehicle, now=now)
    log.warning("a start of the guardian is in the ledger", vehicle=first["vehicle"], command=first["command"])
    return True


def _supersede_older(vehicle: Vehicle, created_at: datetime, now: datetime) -> bool:
    """Ends the open command that the START came after. Returns whether the START is the newest wish."""
    for command in Command.objects.filter(vehicle=vehicle, status__in=OPEN):
        if command.created_at > created_at:
            return False
        end_command(
            command=command,
            vehicle=vehicle,
            status=CommandStatus.SUPERSEDED,
            now=now,
            failure_detail="Replaced: the guardian let the car charge.",
        )
    return True
