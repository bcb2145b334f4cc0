"""Loading what many cars are judged by: the rows of `facts`, for all of them in as many queries as for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model, OuterRef, Q, QuerySet, Subquery

from charging.core.facts import PlugInHistory
from charging.models import (
    Command,
    Finding,
    LearnedPower,
    Location,
    Plan,
    SmartOverride,
    Vehicle,
)
from charging.operations.facts import Around, Rows, place_of_this_plug_in
from charging.operations.foreign_window import telling_hours
from charging.operations.plug_in_history import history_of

SHOWN_WITH = (
    *("driver", "due", "planning_row", "policy"),
    *("view__location__price_area", "view__location__example_area", "view__location__terms"),
)


def load_many(*, vehicle_ids: Collection[int]) -> list[tuple[Rows, Around]]:
    """Returns what is stored of these cars, of each as `load_rows` and `load_around` do, where something is known.

    Each car has its row of `Due`, `Policy` and `PlanningRow` at hand, where there is one.
    """
    vehicles = _vehicles(vehicle_ids)
    plans = _newest(Plan.objects.prefetch_related("windows"), vehicles, "newest_plan_id")
    commands = _newest(Command.objects.all(), vehicles, "newest_command_id")
    overrides = _newest(SmartOverride.objects.all(), vehicles, "open_override_id")
    places = _newest(Location.objects.all(), vehicles, "first_place_id")
    rows = [
        Rows(
            vehicle=vehicle,
            view=vehicle.view,
            policy=getattr(vehicle, "policy", None),
            plan=plans.get(vehicle.pk),
            command=commands.get(vehicle.pk),
            override=overrides.get(vehicle.pk),
            first_place=places.get(vehicle.pk),
        )
        for vehicle in vehicles
    ]
    return list(zip(rows, _around(rows), strict=True))


def _vehicles(vehicle_ids: Collection[int]) -> list[Vehicle]:
    """The cars, each with the ids of the rows that count of many."""

    def first(model: type[Model], *order: str, **among: Any) -> Subquery:
        return Subquery(model._default_manager.filter(**among).order_by(*order).values("pk")[:1])

    of_it = {"vehicle": OuterRef("pk")}
    return list(
        Vehicle.objects.filter(pk__in=vehicle_ids, view__isnull=False)
        .select_related(*SHOWN_WITH)
        .annotate(
            newest_plan_id=first(Plan, "-created_at", "-pk", **of_it),
            newest_command_id=first(Command, "-generation", **of_it),
            open_override_id=first(SmartOverride, "pk", ended_at__isnull=True, **of_it),
            first_place_id=first(Location, "created_at", "pk", driver=OuterRef("driver_id")),
        )
    )


def _newest(rows: QuerySet[Any], vehicles: Sequence[Vehicle], column: str) -> dict[int, Any]:
    """By car, the row whose id stands beside it."""
    ids = {vehicle.pk: getattr(vehicle, column) for vehicle in vehicles}
    wanted = {pk for pk in ids.values() if pk is not None}
    found = rows.in_bulk(wanted) if wanted else {}
    return {vehicle_id: found[pk] for vehicle_id, pk in ids.items() if pk is not None}


def _around(rows: Sequence[Rows]) -> list[Around]:
    ids = [row.vehicle.pk for row in rows]
    hours: dict[int, list[Finding]] = defaultdict(list)
    for finding in telling_hours().filter(vehicle__in=ids):
        hours[finding.vehicle_id].append(finding)
    learned = {(row.vehicle_id, row.location_id): row for row in LearnedPower.objects.filter(vehicle__in=ids)}
    histories, enabled = _histories(rows), _enabled_elsewhere([row.vehicle for row in rows])
    around = []
    for row in rows:
        pk, plugged_in_at, place = row.vehicle.pk, row.view.plugged_in_at, place_of_this_plug_in(row.view)
        power = learned.get((pk, place.pk)) if place is not None else None
        is_asked = place is not None and row.policy is not None and row.policy.is_enabled
        around.append(
            Around(
                learned=power.as_learned(before=plugged_in_at) if power is not None else None,
                this_plug_in=histories.get(pk, PlugInHistory()),
                telling_hours=hours[pk] if is_asked else (),
                is_enabled_elsewhere=pk in enabled,
            )
        )
    return around


def _histories(rows: Sequence[Rows]) -> Mapping[int, PlugInHistory]:
    """By car, what was done to it since it was plugged in."""
    since: dict[int, datetime] = {
        row.vehicle.pk: row.view.plugged_in_at for row in rows if row.view.plugged_in_at is not None
    }
    if not since:
        return {}
    newer = {"vehicle__in": since, "created_at__gte": min(since.values())}
    told: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    commands = Command.objects.filter(**newer).order_by()
    for pk, at, kind, status, purpose in commands.values_list("vehicle_id", "created_at", "kind", "status", "purpose"):
        if at >= since[pk]:
            told[pk].append((kind, status, purpose))
    last: dict[int, bool] = {}
    overrides = SmartOverride.objects.filter(**newer).order_by("created_at", "pk")
    for pk, at, is_from_elsewhere in overrides.values_list("vehicle_id", "created_at", "is_from_elsewhere"):
        if at >= since[pk]:
            last[pk] = is_from_elsewhere
    return {pk: history_of(told[pk], is_from_elsewhere=last.get(pk)) for pk in since}


def _enabled_elsewhere(vehicles: Sequence[Vehicle]) -> set[int]:
    """Those that another user has smart charging enabled for, too."""
    vins = {vehicle.vin for vehicle in vehicles if vehicle.vin}
    assets = {vehicle.vendor_asset_id for vehicle in vehicles if vehicle.vendor_asset_id}
    if not vins and not assets:
        return set()
    same = Vehicle.objects.filter(Q(vin__in=vins) | Q(vendor_asset_id__in=assets), policy__is_enabled=True)
    known = list(same.values_list("pk", "vin", "vendor", "vendor_asset_id"))
    by_vin: dict[str, set[int]] = defaultdict(set)
    by_asset: dict[tuple[str, str], set[int]] = defaultdict(set)
    for pk, vin, vendor, asset in known:
        by_vin[vin].add(pk)
        by_asset[vendor, asset].add(pk)
    found = set()
    for vehicle in vehicles:
        others = by_vin[vehicle.vin] if vehicle.vin else set[int]()
        others = others | (by_asset[vehicle.vendor, vehicle.vendor_asset_id] if vehicle.vendor_asset_id else set())
        if others - {vehicle.pk}:
            found.add(vehicle.pk)
    return found
