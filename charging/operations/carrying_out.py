"""Writing everything that follows from a decision about a car that is kept from all others."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from charging.core.car_view import is_measuring
from charging.core.decide import AS_BEFORE
from charging.core.decision import Decision
from charging.core.facts import Facts, Hold
from charging.core.states import Event
from charging.models import Vehicle
from charging.models.vehicles import GatewayName
from charging.operations import decisions
from charging.operations.decision_log import log_decision
from charging.operations.due import first_reading_in, poll_interval, schedule
from charging.operations.facts import Rows
from charging.operations.failpoints import reach
from charging.operations.findings import has_news, look_at_nights
from charging.operations.log_context import about_its_vehicle
from charging.operations.one_off_deadline import forget_one_off_deadline
from charging.operations.planning_rows import keep_planning_row
from charging.operations.prices import PricePeriod
from charging.operations.sessions import keep_sessions


@dataclass(frozen=True, slots=True)
class Judged:
    """A car's rows, the facts that they are at `now` with where their prices come from, and what follows from them."""

    rows: Rows
    facts: Facts
    period: PricePeriod | None
    decision: Decision
    now: datetime


@about_its_vehicle
@transaction.atomic(savepoint=False)
def carry_out(*, vehicle: Vehicle, judged: Judged, trigger: str, resumes_at: datetime | None = None) -> None:
    """Writes state, events, plan, command, lease and when to look again, as it was decided.

    `vehicle` is the row that was judged, and locked; `resumes_at` is when a pause ends, None without one.
    """
    rows, facts, period, decision, now = judged.rows, judged.facts, judged.period, judged.decision, judged.now
    reach("evaluation:decided")
    plan = decisions.write_plan(rows=rows, facts=facts, decision=decision, period=period, now=now)
    decisions.write_moves(vehicle=vehicle, decision=decision, plan=plan, trigger=trigger, now=now)
    decisions.write_override(vehicle=vehicle, decision=decision, now=now)
    decisions.write_command(vehicle=vehicle, decision=decision, plan=plan, now=now)
    if any(move.event == Event.UNPLUGGED for move in decision.moves):
        forget_one_off_deadline(vehicle=vehicle)
    if facts.car.plugged_in_at is not None and _turns(vehicle, decision):
        keep_sessions(vehicle=vehicle, at=facts.car.plugged_in_at, now=now)
    log_decision(vehicle=vehicle, facts=facts, decision=decision, rule_before=vehicle.rule, trigger=trigger, now=now)
    _write_vehicle(vehicle, facts, decision, now)
    if has_news(decision):
        look_at_nights(vehicle=vehicle, now=now)
    keep_planning_row(vehicle=vehicle, facts=facts, decision=decision, plan=plan, period=period, now=now)
    own_at = min(decision.next_evaluation_at, resumes_at or decision.next_evaluation_at)
    poll_at = next_poll_at(vehicle, facts, decision, now)
    schedule(vehicle=vehicle, own_at=own_at, next_poll_at=poll_at, has_ended=True)
    reach("evaluation:written")


def _turns(vehicle: Vehicle, decision: Decision) -> bool:
    """Whether the plug-in goes on in another way, so that what it took until now is written down."""
    return bool(decision.moves) or decision.is_protecting != vehicle.is_protecting


def next_poll_at(vehicle: Vehicle, facts: Facts, decision: Decision, now: datetime) -> datetime:
    """When a reading is wanted; one that is due before stays due."""
    if vehicle.needs_connection and facts.car.observed_at is None:
        return now + first_reading_in(connected_for=now - vehicle.linked_at)
    has_open_command = decision.command is not None or (facts.command is not None and facts.command.is_open)
    return now + poll_interval(
        is_plugged_in=facts.car.is_plugged_in is True,
        is_changing=has_open_command or is_measuring(facts.car),
        is_simulated=vehicle.is_asked_often,
        is_pushed=vehicle.gateway == GatewayName.PUSH,
    )


def hold_after(facts: Facts, decision: Decision) -> Hold | None:
    """The lease after the decision. It counts from the intention on, so that a hold is never forgotten.

    It is gone when the car charges without a command on its way, is full, or is unplugged. A START that takes a STOP
    back may be lost, so that it counts once the car was seen to charge after it.
    """
    if decision.command is not None and decision.command.hold is not None:
        return decision.command.hold
    if decision.renew_hold is not None:
        return decision.renew_hold
    is_on_its_way = decision.command is not None or (facts.command is not None and facts.command.is_open)
    is_over = (facts.car.is_charging and not is_on_its_way) or facts.car.is_plugged_in is False
    return None if is_over or facts.car.is_fully_charged else facts.hold


def _write_vehicle(vehicle: Vehicle, facts: Facts, decision: Decision, now: datetime) -> None:
    # A renewal counts once the gateway has taken it: the sweep asks, and writes it then.
    hold = facts.hold if decision.renew_hold is not None else hold_after(facts, decision)
    vehicle.hold_until = hold.until if hold is not None else None
    vehicle.hold_renew_by = hold.renew_by if hold is not None else None
    vehicle.is_protecting = decision.is_protecting
    vehicle.considerations = asdict(decision.considerations)
    # "As before" is no reason: the one that led here stays for whoever asks.
    vehicle.rule = vehicle.rule if decision.rule == AS_BEFORE else decision.rule[:60]
    vehicle.evaluated_at = now
    vehicle.evaluation_count += 1
    vehicle.save(
        update_fields=[
            "state",
            "state_changed_at",
            "event_seq",
            "command_generation",
            "is_protecting",
            "hold_until",
            "hold_renew_by",
            "considerations",
            "rule",
            "evaluated_at",
            "evaluation_count",
        ]
    )
