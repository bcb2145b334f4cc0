"""Letting a held car charge without deciding anything: for cars that cannot be decided about, and for the guardian.

Nothing of the rules is asked here, so that a fault in them cannot keep a car from charging. Only a START is ever sent.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import partial

import structlog
from django.db import transaction
from django.db.models import F

from charging.adapters.vehicles.gateway import GatewayError
from charging.core.facts import CommandKind, CommandPurpose, CommandStatus
from charging.core.trouble import ENDED_IN_VAIN
from charging.models import Command, Vehicle
from charging.models.commands import OPEN
from charging.operations.command_ending import end_command
from charging.operations.failpoints import reach
from charging.operations.gateways import gateway_of
from charging.operations.one_of_many import unless_it_fails
from charging.operations.outbox import tell_command

log = structlog.get_logger(__name__)

NAMESPACE = uuid.UUID("5a3c1c0e-6c0b-4f0e-9d0a-0f8b6f0f7d11")


def release(*, vehicle_id: int, at_wall: datetime) -> bool:
    """Sends a held car a START, written down first. Returns whether one was sent now; doing it twice sends it once.

    A car that somebody is evaluating at this moment is left to them. What the car makes of it is judged as ever.
    """
    command = _intend(vehicle_id, at_wall)
    if command is None:
        return False
    reach("releasing:intended")
    vehicle = command.vehicle
    now = vehicle.driver.clock.own(at_wall)
    try:
        answer = gateway_of(vehicle).start(command_id=command.public_id, now=now)
    except GatewayError as error:
        # Whoever sweeps next sends it again, under the same id unless it has come to an end.
        Command.objects.filter(pk=command.pk).update(refusals=F("refusals") + int(error.kind in ENDED_IN_VAIN))
        log.warning("release not confirmed", vehicle=str(vehicle.public_id), command=str(command.public_id))
        return True
    reach("releasing:sent")
    Command.objects.filter(pk=command.pk, status=CommandStatus.INTENDED.value).update(
        status=CommandStatus.ACCEPTED.value if answer.accepted else CommandStatus.INTENDED.value,
        attempts=1,
        refusals=F("refusals") + int(not answer.accepted),
        last_sent_at=now,
        next_sending_at=None if answer.accepted else now,
        failure_detail=answer.detail[:200],
    )
    log.warning("car released", vehicle=str(vehicle.public_id), command=str(command.public_id))
    return True


def release_quietly(*, vehicle_id: int, at_wall: datetime) -> bool:
    """The same for one of many: a fault in one car is logged and never keeps the others from being released."""
    work = partial(release, vehicle_id=vehicle_id, at_wall=at_wall)
    return unless_it_fails(work, otherwise=False, releasing=vehicle_id)


@transaction.atomic
def _intend(vehicle_id: int, at_wall: datetime) -> Command | None:
    """Writes the command; None where the car is not held, was told already, or is in somebody's hands."""
    free = Vehicle.objects.select_for_update(skip_locked=True, of=("self",)).select_related("driver")
    vehicle = free.filter(pk=vehicle_id, hold_until__isnull=False).first()
    if vehicle is None:
        return None
    command_id = release_id(vehicle)
    if Command.objects.filter(public_id=command_id).exists():
        return None
    now = vehicle.driver.clock.own(at_wall)
    for replaced in Command.objects.filter(vehicle=vehicle, status__in=OPEN):
        end_command(
            command=replaced,
            vehicle=vehicle,
            status=CommandStatus.SUPERSEDED,
            now=now,
            failure_detail="Replaced: the car was let charge.",
        )
    vehicle.command_generation += 1
    vehicle.save(update_fields=["command_generation"])
    command = Command.objects.create(
        vehicle=vehicle,
        public_id=command_id,
        generation=vehicle.command_generation,
        kind=CommandKind.START.value,
        purpose=CommandPurpose.RELEASE.value,
        created_at=now,
        next_sending_at=now,
    )
    tell_command(command=command, vehicle=vehicle, now=now)
    return command


def release_id(vehicle: Vehicle) -> uuid.UUID:
    """The id of the START that ends this very hold, the same whoever sends it."""
    return uuid.uuid5(NAMESPACE, f"{vehicle.public_id}:{vehicle.hold_until:%Y-%m-%dT%H:%M:%S.%f}:guardian")
