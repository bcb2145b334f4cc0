"""Looking at many due cars at once: loaded and judged together, and written together where only time has passed.

Whoever looks waits for nobody while it keeps cars from others, and keeps them for some tenths of a second: a car that
somebody else is at is left, and so is one that takes more than deciding, to be evaluated alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from json import dumps
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from charging.core.decide import decide
from charging.core.decision import Decision
from charging.core.facts import Facts
from charging.models import Due, PlanningRow, Policy, Vehicle
from charging.models.vehicles import GatewayName
from charging.operations.bulk_rows import update_rows
from charging.operations.carrying_out import Judged, carry_out, hold_after, next_poll_at
from charging.operations.decision_log import changes_anything
from charging.operations.due import POLL_UNPLUGGED
from charging.operations.facts import Around, Rows, facts_of, has_other_money
from charging.operations.many_rows import load_many
from charging.operations.one_of_many import unless_it_fails
from charging.operations.planning_rows import planning_values
from charging.operations.prices import PricePeriod, prices_read_once

log = structlog.get_logger(__name__)

CARS_AT_ONCE = 25
WRITTEN_AT_ONCE = 8
"""So many of them are written one by one while the others are kept; what is left has its turn in the next round."""

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Look:
    """What is written of a car that was looked at; `planning` is None where its row stays as it is."""

    vehicle: Vehicle
    now: datetime
    considerations: str
    due: Values
    planning: Values | None


def look_together(*, vehicle_ids: Sequence[int], at_wall: datetime) -> set[int]:
    """Evaluates those of the cars that need nobody to be asked, as `evaluate` does; returns which.

    A fault leaves all of a round. Of a single car nothing is shared: it is left.
    """
    done, waiting = set[int](), list(vehicle_ids)
    while len(waiting) > 1:
        some, waiting = waiting[:CARS_AT_ONCE], waiting[CARS_AT_ONCE:]
        try:
            seen, later = _look_at(some, at_wall)
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            log.exception("cars not looked at together")
            continue
        done |= seen
        waiting = later + waiting
    return done


@transaction.atomic
def _look_at(vehicle_ids: Sequence[int], at_wall: datetime) -> tuple[set[int], list[int]]:
    """One round. Returns what was done, and the cars that were not reached: fewer than were asked for."""
    free = Vehicle.objects.select_for_update(skip_locked=True).filter(pk__in=vehicle_ids)
    turns = Due.objects.select_for_update(skip_locked=True).filter(pk__in=list(free.values_list("pk", flat=True)))
    taken = list(turns.filter(due_at__lte=at_wall).values_list("pk", flat=True))
    calm, done, later = list[_Look](), set[int](), list[int]()
    with prices_read_once():
        for rows, around in load_many(vehicle_ids=taken):
            if len(done) == WRITTEN_AT_ONCE:
                later.append(rows.vehicle.pk)
                continue
            judged = _judged(rows, around, at_wall)
            if judged is None:
                continue
            if (look := _calm(judged)) is not None:
                calm.append(look)
            elif _is_carried_out(judged):
                done.add(rows.vehicle.pk)
    _write(calm)
    return done | {look.vehicle.pk for look in calm}, later


def _is_carried_out(judged: Judged) -> bool:
    """Writes what follows for one of the cars, unless there is something to send; a fault leaves it as it was."""
    if judged.decision.command is not None or judged.decision.renew_hold is not None:
        return False
    carried_out = partial(_carried_out, judged)
    return unless_it_fails(carried_out, otherwise=False, vehicle=str(judged.rows.vehicle.public_id))


@transaction.atomic
def _carried_out(judged: Judged) -> bool:
    vehicle, now = judged.rows.vehicle, judged.now
    if vehicle.due.next_poll_at <= now:
        # Whoever tells by itself is asked in vain.
        Due.objects.filter(vehicle=vehicle).update(next_poll_at=now + POLL_UNPLUGGED)
    carry_out(vehicle=vehicle, judged=judged, trigger="timer")
    return True


def _judged(rows: Rows, around: Around, at_wall: datetime) -> Judged | None:
    """What is decided about the car; None where it takes more than deciding, or cannot be done."""
    vehicle = rows.vehicle
    now = vehicle.driver.clock.own(at_wall)
    now = max(now, vehicle.evaluated_at) if vehicle.evaluated_at is not None else now
    if not _takes_deciding_alone(rows, now):
        return None
    return unless_it_fails(partial(_decided, rows, around, now), otherwise=None, vehicle=str(vehicle.public_id))


def _decided(rows: Rows, around: Around, now: datetime) -> Judged | None:
    facts, period = facts_of(rows=rows, now=now, around=around)
    return Judged(rows, facts, period, decide(facts, now), now)


def _calm(judged: Judged) -> _Look | None:
    """What there is to write after looking at the car; None where that is more than that it was looked at."""
    rows, facts, period, decision, now = judged.rows, judged.facts, judged.period, judged.decision, judged.now
    vehicle = rows.vehicle
    if not _is_calm(rows, facts, decision, period):
        return None
    known: PlanningRow | None = getattr(vehicle, "planning_row", None)
    planning = planning_values(vehicle=vehicle, facts=facts, decision=decision, plan=rows.plan, period=period, now=now)
    if (known is None) != (planning is None):
        return None
    if planning is not None and all(getattr(known, name) == value for name, value in planning.items()):
        planning = None
    considerations = dumps(asdict(decision.considerations))
    return _Look(vehicle, now, considerations, _due(vehicle, facts, decision, now), planning)


def _takes_deciding_alone(rows: Rows, now: datetime) -> bool:
    """Whether a look needs nobody to be asked, ends no pause, and judges no command; at the wall's own pace."""
    vehicle = rows.vehicle
    is_asked = vehicle.due.next_poll_at <= now and vehicle.gateway != GatewayName.PUSH
    has_command = rows.command is not None and rows.command.as_facts().is_open
    return vehicle.driver.clock_speed == 1 and not (is_asked or has_command or _is_paused(rows.policy))


def _is_paused(policy: Policy | None) -> bool:
    if policy is None:
        return False
    return not policy.is_enabled and (policy.paused_until is not None or policy.is_paused_until_next_plug_in)


def _is_calm(rows: Rows, facts: Facts, decision: Decision, period: PricePeriod | None) -> bool:
    """Whether the decision is that everything goes on as it is."""
    vehicle = rows.vehicle
    if decision.moves or changes_anything(facts, decision, vehicle.rule):
        return False
    is_in_other_money = rows.plan is not None and has_other_money(rows.plan, period)
    is_held_as_before = decision.renew_hold is None and hold_after(facts, decision) == facts.hold
    return is_held_as_before and not is_in_other_money and decision.is_protecting == vehicle.is_protecting


def _due(vehicle: Vehicle, facts: Facts, decision: Decision, now: datetime) -> Values:
    """When it is looked at again, as `schedule` has it for a car without a command on its way."""
    wanted = next_poll_at(vehicle, facts, decision, now)
    # Whoever tells by itself is asked in vain.
    agreed = vehicle.due.next_poll_at if vehicle.due.next_poll_at > now else now + POLL_UNPLUGGED
    poll_at = min(agreed, wanted)
    own_at = min(decision.next_evaluation_at, poll_at)
    return {"own_at": own_at, "due_at": vehicle.driver.clock.wall(own_at), "next_poll_at": poll_at}


def _write(looks: Sequence[_Look]) -> None:
    if not looks:
        return
    ids = [look.vehicle.pk for look in looks]
    update_rows(
        Vehicle,
        key="id",
        columns={
            "id": ids,
            "considerations": [look.considerations for look in looks],
            "evaluated_at": [look.now for look in looks],
        },
        added={"evaluation_count": [1] * len(looks)},
    )
    dues: dict[str, list[Any]] = {name: [look.due[name] for look in looks] for name in looks[0].due}
    ended: dict[str, list[Any]] = {
        "attempts": [0] * len(looks),
        "claimed_until": [None] * len(looks),
        "fault": [""] * len(looks),
    }
    update_rows(Due, key="vehicle", columns={"vehicle": ids, **dues, **ended})
    planned = [(look.vehicle.pk, look.planning) for look in looks if look.planning is not None]
    if planned:
        columns = {name: [values[name] for _pk, values in planned] for name in planned[0][1]}
        changed = {"vehicle": [pk for pk, _values in planned], **columns}
        update_rows(PlanningRow, key="vehicle", columns=changed, added={"version": [1] * len(planned)})
