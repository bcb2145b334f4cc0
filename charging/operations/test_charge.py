"""The test charge: the car is started for two minutes, then stopped, and shows whether it does both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _

from charging.core.facts import CommandKind, CommandStatus
from charging.models import Command, SmartOverride, Vehicle, VehicleView
from charging.operations import overrides
from charging.operations.issues import Issue, refuse_if_any

STARTS_WITHIN = timedelta(minutes=20)
"""How long the start is waited for; some cars sleep deeply."""
STOPS_WITHIN = timedelta(minutes=10)
"""A stop that is not even wanted this long after the test has its reason: the car charges in one of its hours."""


class Outcome(StrEnum):
    """How far a test got, or how it ended."""

    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    PASSED = "passed"
    STARTED_ONLY = "started_only"
    NOT_STARTED = "not_started"
    NOT_STOPPED = "not_stopped"
    BROKEN_OFF = "broken_off"


@dataclass(frozen=True, slots=True)
class LastTest:
    """The newest test of a car: when it began, and what came of it."""

    at: datetime
    outcome: Outcome


def begin_test(*, vehicle: Vehicle, view: VehicleView, now: datetime) -> SmartOverride:
    """Starts the car for two minutes. Raises Refused with the reason where that would show nothing."""
    refuse_if_any(reasons_not_to(vehicle=vehicle, view=view) or _reasons_not_to_begin(vehicle))
    return overrides.charge_now(vehicle=vehicle, now=now, until_at=now + STARTS_WITHIN, is_test=True)


def reasons_not_to(*, vehicle: Vehicle, view: VehicleView) -> tuple[Issue, ...]:
    """Returns why the car cannot be tested now: the first thing that stands in the way, or nothing."""
    if vehicle.state == "DISABLED":
        return (Issue("NOT_ENABLED", "", _("Smart charging is off")),)
    if view.is_plugged_in is not True:
        return (Issue("NOT_PLUGGED_IN", "", _("Your car is not plugged in")),)
    if view.location is None:
        return (Issue("AWAY", "", _("Your car is not at one of your places")),)
    if view.is_fully_charged:
        return (Issue("FULL", "", _("Your car is full")),)
    if view.is_charging or vehicle.state == "PLAN:EXECUTING:OVERRIDDEN":
        return (Issue("CHARGING", "", _("Your car is charging already")),)
    return ()


def _reasons_not_to_begin(vehicle: Vehicle) -> tuple[Issue, ...]:
    """A charge now that the car has not followed yet would become the test."""
    if SmartOverride.objects.filter(vehicle=vehicle, ended_at__isnull=True).exists():
        return (Issue("CHARGE_NOW", "", _("Your car is on its way to charge now")),)
    return ()


def last_test(*, vehicle: Vehicle, now: datetime) -> LastTest | None:
    """Returns the newest test of this car, None where there was none. Reads only."""
    test = SmartOverride.objects.filter(vehicle=vehicle, is_test=True).order_by("-created_at", "-pk").first()
    if test is None:
        return None
    commands = Command.objects.filter(vehicle=vehicle, created_at__gte=test.created_at).order_by("generation")
    start, stop = _start_and_stop(list(commands))
    return LastTest(test.created_at, _outcome(test, start, stop, now))


def _start_and_stop(commands: list[Command]) -> tuple[Command | None, Command | None]:
    """The first start, and the first stop after it."""
    start = next((each for each in commands if each.kind == CommandKind.START), None)
    later = [each for each in commands if start is not None and each.generation > start.generation]
    return start, next((each for each in later if each.kind == CommandKind.STOP), None)


def _outcome(test: SmartOverride, start: Command | None, stop: Command | None, now: datetime) -> Outcome:
    if start is None or start.status != CommandStatus.CONFIRMED:
        if start is not None and start.status == CommandStatus.FAILED:
            return Outcome.NOT_STARTED
        return Outcome.STARTING if test.ended_at is None else Outcome.BROKEN_OFF
    if test.ended_at is None:
        return Outcome.RUNNING
    if stop is None:
        return Outcome.STOPPING if now < test.ended_at + STOPS_WITHIN else Outcome.STARTED_ONLY
    if stop.status == CommandStatus.CONFIRMED:
        return Outcome.PASSED
    if stop.status == CommandStatus.FAILED:
        return Outcome.NOT_STOPPED
    return Outcome.STARTED_ONLY if stop.status == CommandStatus.SUPERSEDED else Outcome.STOPPING
