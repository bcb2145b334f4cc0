"""Letting cars charge before the access to them ends: afterwards nobody here can start what stands still."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from charging.core.facts import CommandKind, CommandStatus
from charging.models import Command, Vehicle
from charging.models.commands import OPEN
from charging.operations import evaluation, sending
from charging.operations.clocks import own_now
from charging.operations.command_ending import end_command
from charging.operations.users import release_car

TAKEN = frozenset({CommandStatus.ACCEPTED.value, CommandStatus.CONFIRMED.value})


class StillHeld(Exception):  # noqa: N818 - nothing went wrong here, somebody did not answer
    """Cars that we stopped did not take the START that ends it. Smart charging is off, everything else as it was."""

    def __init__(self, vehicles: Iterable[Vehicle]) -> None:
        self.vehicles = tuple(vehicles)
        super().__init__(f"{len(self.vehicles)} still held")


def let_go(*, vehicles: Iterable[Vehicle], at_wall: datetime, insists: bool) -> None:
    """Turns smart charging off for cars whose access is about to end, and lets those that are held charge.

    Raises StillHeld where one did not take its START, unless whoever asks for the end insists on it.
    """
    cars = list(vehicles)
    for vehicle in cars:
        _start_now(vehicle, at_wall)
    held = [vehicle for vehicle in cars if is_still_held(vehicle)]
    if held and not insists:
        raise StillHeld(held)


def is_still_held(vehicle: Vehicle) -> bool:
    """Whether only this server can start the car, and it has not taken a START since we stopped it."""
    reached = Vehicle.objects.filter(pk=vehicle.pk, hold_until__isnull=False, connected__isnull=False)
    if vehicle.has_lease or not reached.exists():
        return False
    newest = Command.objects.filter(vehicle=vehicle).order_by("-generation").first()
    return newest is None or newest.kind != CommandKind.START or newest.status not in TAKEN


def end_hold(*, vehicle: Vehicle, now: datetime) -> None:
    """Ends what is on its way to a car that cannot be reached any more, and the hold; in the transaction of the end."""
    vehicle = evaluation.locked(vehicle=vehicle)
    for command in Command.objects.filter(vehicle=vehicle, status__in=OPEN):
        end_command(
            command=command,
            vehicle=vehicle,
            status=CommandStatus.SUPERSEDED,
            now=now,
            failure_detail="Ended: the car was disconnected.",
        )
    Vehicle.objects.filter(pk=vehicle.pk).update(hold_until=None, hold_renew_by=None)


def _start_now(vehicle: Vehicle, at_wall: datetime) -> None:
    """Sends a held car its START now: also one that waits for its next sending, or was given up before."""
    now = own_now(driver=vehicle.driver, at_wall=at_wall)
    waiting = Command.objects.filter(vehicle=vehicle, kind=CommandKind.START.value, status__in=OPEN)
    waiting.filter(next_sending_at__gt=now).update(next_sending_at=now)
    release_car(vehicle=vehicle, at_wall=at_wall)
    if is_still_held(vehicle) and not Command.objects.filter(vehicle=vehicle, status__in=OPEN).exists():
        evaluation.evaluate(vehicle=vehicle, now=now, trigger="let go")
        sending.send_open_command(vehicle=vehicle, now=now)
