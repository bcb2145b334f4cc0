"""Sending commands: claimed by a lease, sent outside any transaction, written back by whoever holds the lease."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from functools import partial
from time import monotonic

from django.db import transaction
from django.db.models import F, Q
from structlog.contextvars import bound_contextvars

from charging.adapters.vehicles.gateway import Acknowledgement, Gateway, GatewayError
from charging.adapters.vehicles.retry_after import LONGEST
from charging.core.commands import after_sending, next_sending_at
from charging.core.facts import CommandKind, CommandStatus, Hold
from charging.core.trouble import ENDED_IN_VAIN, Trouble
from charging.models import Command, Due, Vehicle
from charging.models.commands import OPEN
from charging.operations.car_control import look_soon
from charging.operations.clocks import wall_now
from charging.operations.command_ending import end_command
from charging.operations.due import poll_interval, schedule
from charging.operations.facts import thresholds_of
from charging.operations.failpoints import reach
from charging.operations.findings import look_for_interference
from charging.operations.gateways import gateway_of
from charging.operations.log_context import about_its_vehicle
from charging.operations.one_of_many import unless_it_fails
from charging.operations.urgency import urgent_from

LEASE = timedelta(seconds=60)
LASTS_SECONDS = 45.0
"""A job may last a minute: so long after its beginning no further command is sent."""


@about_its_vehicle
def send_open_command(*, vehicle: Vehicle, now: datetime) -> bool:
    """Sends the car's open command if it is due. Returns whether something was sent.

    A lost reply is no failure: the command stays open until the car shows the effect or the sendings are used up.
    """
    command = _claim(vehicle, now)
    if command is None:
        return False
    reach("sending:leased")
    acknowledgement: Acknowledgement | None = None
    detail, is_refused = "", False
    with bound_contextvars(command=str(command.public_id)):
        try:
            acknowledgement = _call(gateway_of(vehicle), command, now)
            is_refused = not acknowledgement.accepted
        except GatewayError as error:
            detail = str(error)
            # A START that did not go out goes out later; a STOP in vain is harmless, and counts as one.
            if not error.was_asked and command.kind == CommandKind.START:
                _put_off(command, detail, vehicle, now, error.retry_after or LEASE)
                return False
            is_refused = error.kind in ENDED_IN_VAIN
            if error.kind is Trouble.SCHEDULE_CONFLICT:
                acknowledgement = Acknowledgement(accepted=False, detail=detail, is_schedule_conflict=True)
        reach("sending:sent")
        _write_result(command, acknowledgement, detail, is_refused, now)
        if acknowledgement is not None and not acknowledgement.accepted:
            look_soon(vehicle=vehicle)
        if acknowledgement is not None and acknowledgement.is_schedule_conflict:
            look_for_interference(vehicle=vehicle, now=now)
    return True


def _claim(vehicle: Vehicle, now: datetime) -> Command | None:
    """Takes the lease on the due command; None when nothing is due or somebody else has it.

    A STOP whose hold is over meanwhile is ended instead: it would keep a car from charging without a reason.
    """
    token, at_wall = uuid.uuid4(), wall_now()
    unleased = Q(lease_until__isnull=True) | Q(lease_until__lte=at_wall)
    due = Command.objects.filter(unleased, vehicle=vehicle, status__in=OPEN, next_sending_at__lte=now)
    if not due.update(status=CommandStatus.SENDING.value, lease_token=token, lease_until=at_wall + LEASE):
        return None
    command = Command.objects.get(vehicle=vehicle, lease_token=token)
    command.vehicle = vehicle
    if _is_hold_over(command, now):
        status, detail = CommandStatus.SUPERSEDED, "Not sent: its hold was over before."
        end_command(command=command, vehicle=vehicle, status=status, now=now, failure_detail=detail)
        look_soon(vehicle=vehicle)
        return None
    return command


def _is_hold_over(command: Command, now: datetime) -> bool:
    ends = [at for at in (command.hold_until, command.hold_renew_by) if at is not None]
    return command.kind == CommandKind.STOP and min(ends, default=now) <= now


def _call(gateway: Gateway, command: Command, now: datetime) -> Acknowledgement:
    if command.kind == "START":
        return gateway.start(command_id=command.sending_key, now=now)
    assert command.hold_until is not None, "a stop is a hold"
    assert command.hold_renew_by is not None, "a stop is a hold"
    return gateway.stop(command_id=command.sending_key, hold=Hold(command.hold_until, command.hold_renew_by), now=now)


@transaction.atomic
def _write_result(
    command: Command, acknowledgement: Acknowledgement | None, detail: str, is_refused: bool, now: datetime
) -> None:
    vehicle = command.vehicle
    thresholds = thresholds_of(vehicle)
    accepted = None if acknowledgement is None else acknowledgement.accepted
    after = after_sending(command.as_facts(), now, accepted)
    is_conflict = acknowledgement is not None and acknowledgement.is_schedule_conflict
    Command.objects.filter(pk=command.pk, lease_token=command.lease_token, status__in=OPEN).update(
        status=after.status.value,
        attempts=after.attempts,
        refusals=F("refusals") + int(is_refused),
        last_sent_at=now,
        next_sending_at=next_sending_at(after, thresholds),
        lease_token=None,
        lease_until=None,
        failure_detail=(detail if acknowledgement is None else acknowledgement.detail)[:200],
        is_schedule_conflict=command.is_schedule_conflict or is_conflict,
        **(
            {"vendor_action_id": acknowledgement.action_id[:100], "vendor_action_state": ""}
            if acknowledgement is not None and acknowledgement.action_id
            else {}
        ),
    )
    due = Due.objects.select_for_update().get(vehicle=vehicle)
    soon = now + poll_interval(is_plugged_in=True, is_changing=True, is_simulated=vehicle.is_asked_often)
    schedule(vehicle=vehicle, own_at=due.own_at, next_poll_at=min(due.next_poll_at, soon))
    reach("sending:noted")


def _put_off(command: Command, detail: str, vehicle: Vehicle, now: datetime, wait: timedelta) -> None:
    """Waits until asking is worth it again, 15 minutes at most, and not beyond the last safe moment: from then on it
    cannot wait.
    """
    until = now + min(wait, LONGEST)
    _give_lease_back(command, detail, vehicle, min(until, urgent_from(vehicle=vehicle, now=now) or until))


@transaction.atomic
def _give_lease_back(command: Command, detail: str, vehicle: Vehicle, until: datetime) -> None:
    """Nothing was asked, so no sending is used up, and the id stays the same."""
    status = CommandStatus.UNKNOWN if command.attempts else CommandStatus.INTENDED
    Command.objects.filter(pk=command.pk, lease_token=command.lease_token, status__in=OPEN).update(
        status=status.value,
        next_sending_at=until,
        lease_token=None,
        lease_until=None,
        failure_detail=detail[:200],
    )
    due = Due.objects.select_for_update().get(vehicle=vehicle)
    schedule(vehicle=vehicle, own_at=due.own_at)


@about_its_vehicle
def renew_hold(*, vehicle: Vehicle, hold: Hold, now: datetime) -> bool:
    """Renews the lease of a held car. Returns whether the gateway took it; if not, the car starts by itself.

    Where the gateway keeps no lease the promise is this server's alone, and goes on with it.
    """
    if not vehicle.has_lease:
        return True
    try:
        return gateway_of(vehicle).renew(hold=hold, now=now).accepted
    except GatewayError:
        return False


def send_due_commands(*, at_wall: datetime) -> int:
    """Sends the STARTs that are due, for all cars: the net under the sending right after a decision. Returns how many.

    A STOP is sent only where it has just been decided that its reason still lives. The longest due come first; what is
    not reached in time is due at the next turn.
    """
    waiting = Command.objects.filter(kind="START", status__in=OPEN, next_sending_at__isnull=False)
    count, end = 0, monotonic() + LASTS_SECONDS
    for command in waiting.select_related("vehicle__driver").order_by("next_sending_at", "pk"):
        if monotonic() >= end:
            break
        now = command.vehicle.driver.clock.own(at_wall)
        if command.next_sending_at is not None and command.next_sending_at <= now:
            send = partial(send_open_command, vehicle=command.vehicle, now=now)
            count += unless_it_fails(send, otherwise=False, command=command.pk)
    return count
