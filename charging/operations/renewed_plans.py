"""Writing what new prices made of many plans: one statement a table, and only for the cars that are still the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction

from charging.core.facts import Thresholds
from charging.core.fleet_facts import COST_STEP
from charging.core.fleet_renewal import NEVER, next_looks
from charging.core.price_line import EPOCH
from charging.core.priced_time import MICROSECOND, PricedTime
from charging.core.renewal import Change
from charging.core.timing import CONSIDERED_EVERY
from charging.models import Due, Plan, PlanningRow, PlanWindow, Vehicle
from charging.operations.bulk_rows import among, insert_rows, update_rows
from charging.operations.renewal_log import RULE, log_renewals
from charging.operations.renewed_fleet import RenewedFleet


@transaction.atomic
def write_renewed(*, fleet: RenewedFleet, prices: PricedTime, thresholds: Thresholds, at: datetime) -> list[int]:
    """Writes plans, windows, reasons, the log and the rows; returns the cars that nobody held or changed meanwhile."""
    states = _lock(fleet.column("vehicle"))
    before = dict(zip(fleet.column("vehicle"), fleet.column("version"), strict=True))
    versions = PlanningRow.objects.filter(pk__in=among(states)).values_list("pk", "version")
    ready = fleet.only({pk for pk, version in versions if before[pk] == version})
    if ready.rows:
        _write_plans(ready, at)
        _write_windows(ready, at)
        _write_rows(ready)
        log_renewals(
            fleet=ready,
            states=[states[pk] for pk in ready.column("vehicle")],
            prices=prices,
            thresholds=thresholds,
            at=at,
        )
        _set_due(ready, thresholds, at)
    return ready.column("vehicle")


@transaction.atomic
def make_due(*, vehicle_ids: Sequence[int], at: datetime) -> None:
    """Makes cars due then whose clocks are the wall's; those that are due before keep their time."""
    if vehicle_ids:
        Due.objects.filter(vehicle__in=among(vehicle_ids), due_at__gt=at).update(own_at=at, due_at=at)


def _lock(vehicle_ids: Sequence[int]) -> dict[int, str]:
    """The state of each car that nobody else holds, kept from others until the end of the transaction."""
    free = Vehicle.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
    return dict(free.filter(pk__in=among(vehicle_ids)).values_list("pk", "state"))


def _write_plans(fleet: RenewedFleet, at: datetime) -> None:
    """As an evaluation writes a plan that changed: other hours count as a change, other prices for them do not."""
    at_us = (at - EPOCH) // MICROSECOND
    is_fresh, created = fleet.renewals.is_fresh.tolist(), fleet.column("created_us")
    finished = _instants(fleet.renewals.finish_us.tolist())
    reserves = fleet.column("reserve_us")
    update_rows(
        Plan,
        key="id",
        columns={
            "id": fleet.column("plan_id"),
            "smart_cost": fleet.smart_costs,
            "prices_hash": fleet.prices_hashes,
        },
        partly={
            "estimated_finish_at": [end if is_new else None for is_new, end in zip(is_fresh, finished, strict=True)],
            "reserve_minutes": [
                round(reserve / 1_000_000 / 60) if is_new else None
                for is_new, reserve in zip(is_fresh, reserves, strict=True)
            ],
            "reason": [Change.PRICES_CHANGED.value if is_new else None for is_new in is_fresh],
        },
        added={
            "change_count": [int(moved and us != at_us) for moved, us in zip(fleet.has_moved, created, strict=True)]
        },
    )
    moved = [pk for moved, pk in zip(fleet.has_moved, fleet.column("vehicle"), strict=True) if moved]
    update_rows(Vehicle, key="id", columns={"id": moved, "rule": [RULE] * len(moved)})


def _instants(instants_us: Sequence[int]) -> list[datetime]:
    """One value for all equal ones: they are few, and told apart faster."""
    known = {us: EPOCH + timedelta(microseconds=us) for us in set(instants_us)}
    return [known[us] for us in instants_us]


def _write_windows(fleet: RenewedFleet, at: datetime) -> None:
    """What is over stays as it is; what goes on was deleted, and is written anew up to its end."""
    PlanWindow.objects.filter(plan__in=among(fleet.column("plan_id")), end__gt=at).delete()
    windows, at_us = fleet.renewals.windows, (at - EPOCH) // MICROSECOND
    has_begun = (windows.start_us < at_us) & fleet.facts.is_charging[fleet.renewals.rows][:, None]
    is_cut = has_begun & (windows.end_us == at_us)
    car, column = np.nonzero((windows.end_us > windows.start_us) & ((windows.end_us > at_us) | is_cut))
    plan_ids = fleet.column("plan_id")
    insert_rows(
        PlanWindow,
        columns={
            "plan": [plan_ids[number] for number in car.tolist()],
            "start": _instants(windows.start_us[car, column].tolist()),
            "end": _instants(windows.end_us[car, column].tolist()),
            "energy_kwh": windows.energy_kwh[car, column].tolist(),
            "cost": [steps * COST_STEP for steps in windows.cost_steps[car, column].tolist()],
            "is_forced": windows.is_forced[car, column].tolist(),
            "is_estimate": windows.is_estimate[car, column].tolist(),
        },
    )


def _write_rows(fleet: RenewedFleet) -> None:
    update_rows(
        PlanningRow,
        key="vehicle",
        columns={
            "vehicle": fleet.column("vehicle"),
            "prices_hash": fleet.prices_hashes,
            "windows": fleet.windows,
        },
        added={"version": [1] * len(fleet.rows)},
    )


def _set_due(fleet: RenewedFleet, thresholds: Thresholds, at: datetime) -> None:
    """Brings the next look forward for the few cars whose plan says so."""
    facts = fleet.facts.take(fleet.renewals.rows)
    looks = next_looks(facts, fleet.renewals, now=at, unit=thresholds.unit, looked_at_every=CONSIDERED_EVERY)
    vehicle_ids = fleet.column("vehicle")
    for look_us in np.unique(looks[looks < NEVER]).tolist():
        cars = [vehicle_ids[place] for place in np.flatnonzero(looks == look_us).tolist()]
        make_due(vehicle_ids=cars, at=EPOCH + timedelta(microseconds=look_us))
