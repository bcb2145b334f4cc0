"""What becomes of a command to a simulated car: the car after it, and the answer."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from charging.adapters.vehicles.gateway import Acknowledgement
from charging.adapters.vehicles.seeded import share
from charging.adapters.vehicles.simulated_car import PendingCommand, SimulatedCar, effect_at, with_event
from charging.core.facts import CommandKind, Hold

REMEMBERED_COMMANDS = 16

TAKEN = Acknowledgement(accepted=True)
TAKEN_BEFORE = Acknowledgement(accepted=True, detail="This command was taken before.")
NOT_PLUGGED_IN = Acknowledgement(accepted=False, detail="The car is not plugged in.")
NOT_HELD = Acknowledgement(accepted=False, detail="The car is not held.")
IN_CONFLICT = Acknowledgement(
    accepted=False, detail="The charger follows a schedule of its own.", is_schedule_conflict=True
)

Outcome = tuple[SimulatedCar, Acknowledgement]


def take(car: SimulatedCar, command_id: UUID, kind: CommandKind, hold: Hold | None) -> Outcome:
    """The car with the command on its way, or as faults leave it.

    A command that was acknowledged and never reached the car is not remembered: sent again, it may be carried out.
    """
    if str(command_id) in car.seen_command_ids:
        return car, TAKEN_BEFORE
    if not car.is_plugged_in:
        return car, NOT_PLUGGED_IN
    if kind is CommandKind.START and any(period.contains(car.at) for period in car.faults.conflicts):
        return car, IN_CONFLICT
    if _is_ignored(car, kind):
        return _ignoring_one_less(car, kind), TAKEN
    if car.is_asleep and _is_drawn(car, "asleep", car.faults.lost_after_sleep_share):
        return with_event(car), TAKEN
    seen = (*car.seen_command_ids, str(command_id))[-REMEMBERED_COMMANDS:]
    pending = PendingCommand(kind=kind, effect_at=effect_at(car, str(command_id)), hold=hold)
    return replace(car, pending=pending, seen_command_ids=seen), TAKEN


def renew(car: SimulatedCar, hold: Hold) -> Outcome:
    """The car with another hold, or with another hold in the stop on its way to it."""
    if car.pending is not None and car.pending.kind is CommandKind.STOP and car.pending.hold is not None:
        car = replace(car, pending=replace(car.pending, hold=hold))
    elif car.pending is not None or car.hold is None:
        return car, NOT_HELD
    return car if car.hold is None else replace(car, hold=hold), TAKEN


def is_reply_lost(car: SimulatedCar) -> bool:
    """Whether the answer to what is asked now never arrives; at another instant it may."""
    return _is_drawn(car, "reply", car.faults.lost_reply_share)


def _is_ignored(car: SimulatedCar, kind: CommandKind) -> bool:
    return (car.faults.starts_to_ignore if kind is CommandKind.START else car.faults.stops_to_ignore) > 0


def _ignoring_one_less(car: SimulatedCar, kind: CommandKind) -> SimulatedCar:
    faults = car.faults
    if kind is CommandKind.START:
        return replace(car, faults=replace(faults, starts_to_ignore=faults.starts_to_ignore - 1))
    return replace(car, faults=replace(faults, stops_to_ignore=faults.stops_to_ignore - 1))


def _is_drawn(car: SimulatedCar, name: str, probability: float) -> bool:
    return probability > 0 and share(f"{car.seed}:{name}:{car.at.isoformat()}") < probability
