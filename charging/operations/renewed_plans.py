"""Writing what new prices made of many plans: one statement a table, and only for the cars that are still the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from charging.core.facts import Thresholds
from charging.core.fleet_renewal import next_look
from charging.core.priced_time import PricedTime
from charging.core.renewal import Change, Renewal
from charging.core.timing import CONSIDERED_EVERY
from charging.models import Due, Plan, PlanningRow, PlanWindow, Vehicle
from charging.models.plans import money
from charging.operations.bulk_rows import insert_rows, update_rows
from charging.operations.renewal_log import RULE, Renewed, log_renewals


@transaction.atomic
def write_renewed(*, renewed: Sequence[Renewed], prices: PricedTime, thresholds: Thresholds, at: datetime) -> list[int]:
    """Writes plans, windows, reasons, the log and the rows; returns the cars that were changed or held meanwhile."""
    states = _lock([car.vehicle_id for car in renewed])
    versions = dict(PlanningRow.objects.filter(pk__in=states).values_list("pk", "version"))
    ready = [car for car in renewed if versions.get(car.vehicle_id) == car.version]
    if ready:
        _write_plans(ready, at)
        _write_windows(ready, at)
        _write_rows(ready)
        log_renewals(cars=ready, states=states, prices=prices, at=at)
        _set_due(ready, thresholds, at)
    written = {car.vehicle_id for car in ready}
    return [car.vehicle_id for car in renewed if car.vehicle_id not in written]


@transaction.atomic
def make_due(*, vehicle_ids: Sequence[int], at: datetime) -> None:
    """Makes cars due at once whose clocks are the wall's; those that are due already keep their time."""
    Due.objects.filter(vehicle__in=vehicle_ids, due_at__gt=at).update(own_at=at, due_at=at)


def _lock(vehicle_ids: Sequence[int]) -> dict[int, str]:
    """The state of each car that nobody else holds, kept from others until the end of the transaction."""
    free = Vehicle.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
    return dict(free.filter(pk__in=vehicle_ids).order_by("pk").values_list("pk", "state"))


def _write_plans(cars: Sequence[Renewed], at: datetime) -> None:
    """As an evaluation writes a plan that changed: other hours count as a change, other prices for them do not."""
    fresh = [car.renewal.fresh for car in cars]
    reserves = [round(car.facts.reserve.total_seconds() / 60) for car in cars]
    update_rows(
        Plan,
        key="id",
        columns={
            "id": [car.plan_id for car in cars],
            "smart_cost": [_money(car.renewal) for car in cars],
            "prices_hash": [car.renewal.prices_hash for car in cars],
        },
        partly={
            "estimated_finish_at": [None if plan is None else plan.finish_at for plan in fresh],
            "reserve_minutes": [None if plan is None else n for plan, n in zip(fresh, reserves, strict=True)],
            "reason": [None if plan is None else Change.PRICES_CHANGED.value for plan in fresh],
        },
        added={"change_count": [int(car.has_moved and car.facts.created_at != at) for car in cars]},
    )
    moved = [car.vehicle_id for car in cars if car.has_moved]
    update_rows(Vehicle, key="id", columns={"id": moved, "rule": [RULE] * len(moved)})


def _money(renewal: Renewal) -> Any:
    return None if renewal.smart_cost is None else money(renewal.smart_cost)


def _write_windows(cars: Sequence[Renewed], at: datetime) -> None:
    """What is over stays as it is."""
    PlanWindow.objects.filter(plan__in=[car.plan_id for car in cars], end__gt=at).delete()
    ahead = [
        (car.plan_id, one)
        for car in cars
        for one in car.renewal.windows
        if one.end > one.start and (one.end > at or _was_cut(car, one.start, at))
    ]
    insert_rows(
        PlanWindow,
        columns={
            "plan": [plan_id for plan_id, _ in ahead],
            "start": [one.start for _, one in ahead],
            "end": [one.end for _, one in ahead],
            "energy_kwh": [one.energy_kwh for _, one in ahead],
            "cost": [money(one.cost) for _, one in ahead],
            "is_forced": [one.is_forced for _, one in ahead],
            "is_estimate": [one.is_estimate for _, one in ahead],
        },
    )


def _was_cut(car: Renewed, start: datetime, at: datetime) -> bool:
    """Whether the window that began then went on, before its plan was renewed."""
    return any(one.start == start and one.end > at for one in car.facts.windows)


def _write_rows(cars: Sequence[Renewed]) -> None:
    update_rows(
        PlanningRow,
        key="vehicle",
        columns={
            "vehicle": [car.vehicle_id for car in cars],
            "prices_hash": [car.renewal.prices_hash for car in cars],
            "windows": [car.windows for car in cars],
        },
        added={"version": [1] * len(cars)},
    )


def _set_due(cars: Sequence[Renewed], thresholds: Thresholds, at: datetime) -> None:
    """Brings the next look forward for the few cars whose plan says so."""
    looks = [
        next_look(car.facts, car.renewal, now=at, unit=thresholds.unit, looked_at_every=CONSIDERED_EVERY)
        for car in cars
    ]
    sooner: dict[datetime, list[int]] = {}
    for car, look in zip(cars, looks, strict=True):
        if look is not None:
            sooner.setdefault(look, []).append(car.vehicle_id)
    for look, vehicle_ids in sooner.items():
        make_due(vehicle_ids=vehicle_ids, at=look)
