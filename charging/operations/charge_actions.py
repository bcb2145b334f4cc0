"""Starting and stopping a car by hand: sent until the car shows the effect, or given up (API_CONTRACT 6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from time import monotonic

import structlog
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from charging.adapters.vehicles.gateway import GatewayError
from charging.core.commands import judge, next_sending_at
from charging.core.facts import CommandKind, CommandStatus
from charging.core.states import EXECUTING, State
from charging.models import ChargeAction, Command, Due, Vehicle, VehicleView
from charging.models.charge_actions import ActionState, FailureType
from charging.operations.command_ending import end_command
from charging.operations.due import poll_interval, schedule
from charging.operations.evaluation import locked
from charging.operations.facts import thresholds_of
from charging.operations.gateways import gateway_of
from charging.operations.issues import Issue, Refused
from charging.operations.one_of_many import unless_it_fails
from charging.operations.outbox import tell_action

NOT_ASKED_WAITS = timedelta(minutes=1)
"""How long an action waits that was not sent because nobody may be asked now."""

LASTS_SECONDS = 20.0
"""How long gateways that are slow to answer may hold up whoever waits behind them."""

log = structlog.get_logger(__name__)


class NotControllable(Exception):  # noqa: N818 - nothing went wrong, somebody was told no
    """The plan has the car now; the text says what to do instead."""


def request_action(*, vehicle: Vehicle, kind: CommandKind, now: datetime) -> ChargeAction:
    """Starts or stops the car. A pending action of the same kind is returned, one of the other kind is replaced.

    Raises Refused for a car that cannot be controlled, NotControllable while a plan is carried out.
    """
    action = _intend(vehicle, kind, now)
    advance(action=action, now=now)
    action.refresh_from_db()
    return action


@transaction.atomic
def _intend(vehicle: Vehicle, kind: CommandKind, now: datetime) -> ChargeAction:
    vehicle = locked(vehicle=vehicle)
    if not vehicle.is_capable:
        raise Refused([Issue("CONTROL_NOT_AVAILABLE", "", _("This car cannot be started and stopped from here"))])
    if State(vehicle.state) in EXECUTING:
        raise NotControllable(_("A plan is being carried out. Use smart-override to charge now."))
    pending = ChargeAction.objects.filter(vehicle=vehicle, state=ActionState.PENDING).first()
    if pending is not None and pending.kind == kind:
        return pending
    if pending is not None:
        settle(action=pending, state=ActionState.CANCELLED, failure_type=FailureType.CONFLICT, now=now)
    action = ChargeAction.objects.create(
        client_id=vehicle.driver.client_id,
        vehicle=vehicle,
        user_id=vehicle.driver.external_id,
        target_id=vehicle.public_id,
        kind=kind.value,
        created_at=now,
        updated_at=now,
        next_sending_at=now,
    )
    tell_action(action=action, updated_fields=["state"], now=now)
    return action


def advance(*, action: ChargeAction, now: datetime) -> None:
    """Judges a pending action by what the car last said, and sends it where that is due."""
    vehicle = action.vehicle
    if vehicle is None:
        settle(action=action, state=ActionState.CANCELLED, failure_type=FailureType.NOT_FOUND, now=now)
        return
    view = VehicleView.objects.filter(vehicle=vehicle).first() or VehicleView(vehicle=vehicle)
    judged = judge(action.as_facts(), view.as_car(vehicle), now, thresholds_of(vehicle))
    if judged.status == CommandStatus.CONFIRMED:
        settle(action=action, state=ActionState.CONFIRMED, failure_type=FailureType.NONE, now=now)
    elif judged.status == CommandStatus.FAILED:
        settle(action=action, state=ActionState.FAILED, failure_type=FailureType.NO_RESPONSE, now=now)
    elif action.next_sending_at is not None and action.next_sending_at <= now:
        obstacle = _obstacle(action, view)
        if obstacle is not None:
            settle(action=action, state=ActionState.CANCELLED, failure_type=obstacle, now=now)
        else:
            _send(action, vehicle, now)


def _obstacle(action: ChargeAction, view: VehicleView) -> FailureType | None:
    """Why sending makes no sense: the cable is not in, or nothing has to change."""
    if view.is_plugged_in is not True:
        return FailureType.FAILED_PRECONDITION
    is_wanted = view.is_charging is (action.kind == CommandKind.START)
    is_first = action.attempts == 0 and not _may_change(action, view)
    return FailureType.UNNECESSARY if is_wanted and is_first else None


def _may_change(action: ChargeAction, view: VehicleView) -> bool:
    """Whether the other wish was sent to the car after it was last seen: then it may not stay as it is."""
    if view.observed_at is None:
        return False
    sent = ChargeAction.objects.filter(vehicle=action.vehicle, last_sent_at__gte=view.observed_at)
    return sent.exclude(kind=action.kind).exists()


def _send(action: ChargeAction, vehicle: Vehicle, now: datetime) -> None:
    """Whoever moves the next sending has the right to send; the action's id keeps a second one harmless."""
    action.attempts, action.last_sent_at, action.updated_at = action.attempts + 1, now, now
    claimed = ChargeAction.objects.filter(pk=action.pk, state=ActionState.PENDING, attempts=action.attempts - 1)
    following = next_sending_at(action.as_facts(), thresholds_of(vehicle))
    if not claimed.update(attempts=action.attempts, last_sent_at=now, updated_at=now, next_sending_at=following):
        return
    gateway = gateway_of(vehicle)
    try:
        if action.kind == CommandKind.START:
            gateway.start(command_id=action.public_id, now=now)
        else:
            gateway.stop(command_id=action.public_id, hold=None, now=now)
    except GatewayError as error:
        log.info("no reply to an action", vehicle=str(vehicle.public_id), action=str(action.public_id))
        if not error.was_asked:
            _put_off(action, now + (error.retry_after or NOT_ASKED_WAITS))
    _read_soon(vehicle, now)


def _put_off(action: ChargeAction, until: datetime) -> None:
    """Nothing was asked, so no sending is used up."""
    pending = ChargeAction.objects.filter(pk=action.pk, state=ActionState.PENDING, attempts=action.attempts)
    pending.update(attempts=action.attempts - 1, next_sending_at=until)


@transaction.atomic
def _read_soon(vehicle: Vehicle, now: datetime) -> None:
    due = Due.objects.select_for_update().filter(vehicle=vehicle).first()
    if due is not None:
        soon = now + poll_interval(is_plugged_in=True, is_changing=True, is_simulated=vehicle.is_asked_often)
        schedule(vehicle=vehicle, own_at=due.own_at, next_poll_at=min(due.next_poll_at, soon))


@transaction.atomic
def settle(*, action: ChargeAction, state: ActionState, failure_type: FailureType, now: datetime) -> bool:
    """Ends a pending action. Returns whether it was pending."""
    pending = ChargeAction.objects.filter(pk=action.pk, state=ActionState.PENDING)
    is_ended = pending.update(
        state=state, failure_type=failure_type, completed_at=now, updated_at=now, next_sending_at=None
    )
    if is_ended:
        changed = ["state", "completedAt", *(["failureReason"] if failure_type else [])]
        tell_action(action=ChargeAction.objects.get(pk=action.pk), updated_fields=changed, now=now)
    return bool(is_ended)


@transaction.atomic
def cancel_action(*, action: ChargeAction, now: datetime) -> bool:
    """Ends our sending; the car may still follow what was sent. Returns whether the action was pending."""
    return settle(action=action, state=ActionState.CANCELLED, failure_type=FailureType.REQUESTED_CANCELLATION, now=now)


def cancel_command(*, command: Command, now: datetime) -> bool:
    """Ends the sending of a command; a plan that still needs it gives a new one. Returns whether it was open."""
    return end_command(
        command=command, vehicle=command.vehicle, status=CommandStatus.SUPERSEDED, now=now, is_cancelled=True
    )


def advance_actions_of(*, vehicle: Vehicle, now: datetime) -> None:
    """Judges and sends the pending action of one car, after it has said something new."""
    for action in ChargeAction.objects.filter(vehicle=vehicle, state=ActionState.PENDING).select_related(
        "vehicle__driver"
    ):
        advance(action=action, now=now)


def advance_actions(*, at_wall: datetime) -> int:
    """Judges pending actions and sends those that are due, the longest due first. Returns how many were looked at.

    After `LASTS_SECONDS` no further one is begun: what is left comes first at the next bell.
    """
    end, looked_at = monotonic() + LASTS_SECONDS, 0
    pending = ChargeAction.objects.filter(state=ActionState.PENDING).select_related("vehicle__driver")
    for action in list(pending.order_by(F("next_sending_at").asc(nulls_last=True), "pk")):
        if looked_at and monotonic() >= end:
            break
        now = action.vehicle.driver.clock.own(at_wall) if action.vehicle is not None else at_wall
        unless_it_fails(partial(advance, action=action, now=now), otherwise=None, action=action.pk)
        looked_at += 1
    return looked_at


def abandon_actions(*, vehicle: Vehicle, now: datetime) -> None:
    """Ends what is pending for a car that is about to be removed."""
    for action in ChargeAction.objects.filter(vehicle=vehicle, state=ActionState.PENDING):
        settle(action=action, state=ActionState.CANCELLED, failure_type=FailureType.NOT_FOUND, now=now)
