"""Looking at many cars for which time has passed and nothing else: judged together, and written in three statements.

A car whose look would change anything but when it was looked at is left untouched, to be evaluated alone. Whoever looks
waits for nobody while it keeps cars from others: a car that somebody else is at is left, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
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
from charging.operations.decision_log import changes_anything
from charging.operations.due import POLL_UNPLUGGED
from charging.operations.evaluation import hold_after, next_poll_at
from charging.operations.facts import Around, Rows, facts_of, has_other_money
from charging.operations.many_rows import load_many
from charging.operations.planning_rows import planning_values
from charging.operations.prices import PricePeriod, prices_read_once

log = structlog.get_logger(__name__)

CARS_AT_ONCE = 25
"""So many cars are kept from others at the same time, for some hundredths of a second."""

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Look:
    """What is written of a car that was looked at; `planning` is None where its row stays as it is."""

    vehicle: Vehicle
    now: datetime
    considerations: str
    due: Values
    planning: Values | None


def look_at_calm(*, vehicle_ids: Sequence[int], at_wall: datetime) -> set[int]:
    """Evaluates those of the cars that only time has passed for, as `evaluate` does; returns which. A fault leaves all.

    Of a single car nothing is shared: it is left.
    """
    done: set[int] = set()
    for first in range(0, len(vehicle_ids), CARS_AT_ONCE):
        some = vehicle_ids[first : first + CARS_AT_ONCE]
        if len(some) > 1:
            try:
                done |= _look_at(some, at_wall)
            except SoftTimeLimitExceeded:
                raise
            except Exception:
                log.exception("cars not looked at together")
    return done


@transaction.atomic
def _look_at(vehicle_ids: Sequence[int], at_wall: datetime) -> set[int]:
    free = Vehicle.objects.select_for_update(skip_locked=True).filter(pk__in=vehicle_ids)
    turns = Due.objects.select_for_update(skip_locked=True).filter(pk__in=list(free.values_list("pk", flat=True)))
    taken = list(turns.filter(due_at__lte=at_wall).values_list("pk", flat=True))
    with prices_read_once():
        looks = [_judged(rows, around, at_wall) for rows, around in load_many(vehicle_ids=taken)]
    calm = [look for look in looks if look is not None]
    _write(calm)
    return {look.vehicle.pk for look in calm}


def _judged(rows: Rows, around: Around, at_wall: datetime) -> _Look | None:
    """What there is to write after looking at the car; None where that is more than that it was looked at."""
    vehicle = rows.vehicle
    now = vehicle.driver.clock.own(at_wall)
    now = max(now, vehicle.evaluated_at) if vehicle.evaluated_at is not None else now
    if not _may_be_calm(rows, now):
        return None
    try:
        facts, period = facts_of(rows=rows, now=now, around=around)
        decision = decide(facts, now)
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        log.exception("car not judged", vehicle=str(vehicle.public_id))
        return None
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


def _may_be_calm(rows: Rows, now: datetime) -> bool:
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
