"""Writing what `decide` has decided: plan, events with their messages, timeline, override, command."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from charging.core.decide import MAKES_PLAN
from charging.core.decision import CommandIntent, Decision, Move
from charging.core.facts import CommandStatus, Facts, RunningPlan
from charging.core.facts_json import fingerprint, to_json
from charging.core.renewal import spans
from charging.core.states import EXECUTING, Event
from charging.models import (
    Activity,
    Command,
    MissedDeadline,
    OutboxMessage,
    Plan,
    PlanWindow,
    SmartOverride,
    StateEvent,
    Vehicle,
)
from charging.models.activities import Actor
from charging.models.commands import OPEN
from charging.models.plans import money
from charging.operations.activities import activity_of
from charging.operations.command_ending import end_command
from charging.operations.decision_log import CODE_VERSION
from charging.operations.facts import Rows, has_other_money
from charging.operations.failpoints import reach
from charging.operations.metering import cost_of_what_flowed
from charging.operations.outbox import tell_command
from charging.operations.plug_in_history import was_claimed
from charging.operations.prices import PricePeriod

STATUS_UPDATED = "user:vehicle:smart-charging-status-updated"

Step = tuple[int, Move, Plan | None]
"""The number of a step among all of its car, the step, and the plan that it is one of."""


@transaction.atomic(savepoint=False)
def write_plan(
    *, rows: Rows, facts: Facts, decision: Decision, period: PricePeriod | None, now: datetime
) -> Plan | None:
    """Writes a new or changed plan. Returns the plan that the car's state speaks of."""
    vehicle, wanted, stored = rows.vehicle, decision.plan, rows.plan
    is_in_other_money = stored is not None and has_other_money(stored, period)
    if wanted is None or (wanted == facts.plan and stored is not None and not is_in_other_money):
        return stored
    is_new = any(move.event in MAKES_PLAN for move in decision.moves)
    if is_new:
        assert period is not None, "a plan rests on prices"
        stored = _new_plan(vehicle, facts, wanted, period, now)
    assert stored is not None, "a plan that changes is stored"
    if is_in_other_money and period is not None:
        stored.currency, stored.non_smart_cost = period.currency, money(wanted.non_smart_cost)
    has_new_windows = (
        is_new or facts.plan is None or wanted.windows != facts.plan.windows or not stored.windows.exists()
    )
    has_other_windows = has_new_windows or is_in_other_money
    if has_other_windows:
        # New prices for the same hours change what a plan costs, not the plan.
        is_the_same = facts.plan is not None and spans(wanted.windows) == spans(facts.plan.windows)
        stored.change_count += 0 if is_the_same or stored.created_at == now else 1
    was_missed = bool(stored.failure_condition)
    _set_outcome(stored, vehicle, facts, wanted, now)
    stored.save()
    if stored.failure_condition and not was_missed and not vehicle.is_simulated:
        MissedDeadline.objects.create(reason=stored.failure_condition, at=now)
    if has_other_windows:
        _write_windows(stored, wanted, is_new=is_new)
    return stored


def _set_outcome(stored: Plan, vehicle: Vehicle, facts: Facts, wanted: RunningPlan, now: datetime) -> None:
    stored.smart_cost = _money_if_known(wanted.smart_cost)
    if wanted.ended_at is not None:
        flowed = cost_of_what_flowed(vehicle=vehicle, prices=facts.prices, start=stored.created_at, end=now)
        stored.smart_cost = _money_if_known(wanted.smart_cost if flowed is None else flowed)
    stored.estimated_finish_at = wanted.estimated_finish_at
    stored.reserve_minutes = round(wanted.reserve.total_seconds() / 60)
    stored.reason = wanted.reason
    stored.prices_hash = wanted.prices_hash
    stored.stop_confirmed_at = wanted.stop_confirmed_at
    stored.start_confirmed_at = wanted.start_confirmed_at
    stored.ended_at = wanted.ended_at
    stored.final_state = wanted.final_state.value if wanted.final_state else ""
    stored.failure_condition = wanted.failure_condition.value if wanted.failure_condition else ""


def _new_plan(vehicle: Vehicle, facts: Facts, wanted: RunningPlan, period: PricePeriod, now: datetime) -> Plan:
    return Plan(
        vehicle=vehicle,
        location_id=wanted.location_id,
        currency=period.currency,
        price_area_code=period.area_code,
        prices_recorded_on=[day.isoformat() for day in period.recorded_between(now, wanted.deadline_at)],
        created_at=now,
        deadline_at=wanted.deadline_at,
        energy_kwh=wanted.energy_kwh,
        non_smart_cost=money(wanted.non_smart_cost),
        facts_hash=fingerprint(to_json(facts)),
        code_version=CODE_VERSION,
    )


def _money_if_known(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else money(amount)


def _write_windows(plan: Plan, wanted: RunningPlan, *, is_new: bool) -> None:
    if not is_new:
        plan.windows.all().delete()
    PlanWindow.objects.bulk_create(
        PlanWindow(
            plan=plan,
            start=window.start,
            end=window.end,
            energy_kwh=window.energy_kwh,
            cost=money(window.cost),
            is_forced=window.is_forced,
            is_estimate=window.is_estimate,
        )
        for window in wanted.windows
        if window.end > window.start
    )


@transaction.atomic(savepoint=False)
def write_moves(*, vehicle: Vehicle, decision: Decision, plan: Plan | None, trigger: str, now: datetime) -> None:
    """Writes one event, one message and at most one timeline entry for each step; sets the state on `vehicle`."""
    steps = [move for move in decision.moves if move.from_state != move.to_state]
    if steps:
        first, vehicle.event_seq = vehicle.event_seq + 1, vehicle.event_seq + len(steps)
        told = [
            (seq, move, plan if {move.from_state, move.to_state} & EXECUTING else None)
            for seq, move in enumerate(steps, first)
        ]
        _write_events(vehicle, told, decision, trigger, now)
        OutboxMessage.objects.bulk_create(_message(vehicle, *step, now) for step in told)
        reach("outbox:told")
        entries = [activity_of(move, decision.plan, now) for move in steps]
        Activity.objects.bulk_create(Activity(vehicle=vehicle, at=now, **entry) for entry in entries if entry)
    if decision.state.value != vehicle.state:
        vehicle.state = decision.state.value
        vehicle.state_changed_at = now


def _write_events(vehicle: Vehicle, told: Sequence[Step], decision: Decision, trigger: str, now: datetime) -> None:
    StateEvent.objects.bulk_create(
        StateEvent(
            vehicle=vehicle,
            seq=seq,
            at=now,
            event=move.event,
            from_state=move.from_state.value,
            to_state=move.to_state.value,
            rule=decision.rule[:60],
            trigger=trigger[:40],
            plan=plan,
        )
        for seq, move, plan in told
    )


def _message(vehicle: Vehicle, seq: int, move: Move, plan: Plan | None, now: datetime) -> OutboxMessage:
    return OutboxMessage(
        client_id=vehicle.driver.client_id,
        vehicle=vehicle,
        event=STATUS_UPDATED,
        seq=seq,
        payload={"state": move.to_state.value, "plan": str(plan.public_id) if plan is not None else None},
        created_at=now,
    )


@transaction.atomic(savepoint=False)
def write_override(*, vehicle: Vehicle, decision: Decision, now: datetime) -> None:
    """Ends an override that is over; a start by somebody else begins one."""
    if decision.ends_override:
        SmartOverride.objects.filter(vehicle=vehicle, ended_at__isnull=True).update(ended_at=now)
    if any(move.event == Event.FOREIGN_START for move in decision.moves):
        # Whoever said "that was me" once is not asked again before the car is unplugged.
        is_theirs = was_claimed(vehicle=vehicle, plugged_in_at=vehicle.view.plugged_in_at)
        SmartOverride.objects.create(
            vehicle=vehicle, created_at=now, is_from_elsewhere=not is_theirs, is_claimed=is_theirs
        )


@transaction.atomic(savepoint=False)
def write_command(*, vehicle: Vehicle, decision: Decision, plan: Plan | None, now: datetime) -> None:
    """Writes the intended command into the ledger; an open one of the other kind is superseded."""
    intent: CommandIntent | None = decision.command
    if intent is None:
        return
    for replaced in Command.objects.filter(vehicle=vehicle, status__in=OPEN):
        end_command(
            command=replaced,
            vehicle=vehicle,
            status=CommandStatus.SUPERSEDED,
            now=now,
            failure_detail="Replaced by a newer command.",
        )
    vehicle.command_generation += 1
    command = Command.objects.create(
        vehicle=vehicle,
        plan=plan if plan is not None and plan.ended_at is None else None,
        generation=vehicle.command_generation,
        kind=intent.kind.value,
        purpose=intent.purpose.value,
        created_at=now,
        next_sending_at=now,
        hold_until=intent.hold.until if intent.hold is not None else None,
        hold_renew_by=intent.hold.renew_by if intent.hold is not None else None,
    )
    tell_command(command=command, vehicle=vehicle, now=now)


def note(*, vehicle: Vehicle, code: str, actor: Actor, now: datetime, **params: object) -> None:
    """Writes one line of the timeline."""
    Activity.objects.create(vehicle=vehicle, at=now, code=code, actor=actor, params=params)
