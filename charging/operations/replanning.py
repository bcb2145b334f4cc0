"""New prices for an area: all its calm cars planned again from shared tables, and only what changed is written.

Evaluating alone decides states, commands and leases; here a running plan gets other windows or other costs, which the
car's next evaluation, at most ten minutes away, carries out. Cars that need more are made due at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Window
from django.db.models.functions import RowNumber

from charging.core.fleet_facts import fleet_facts
from charging.core.fleet_renewal import renew_fleet
from charging.core.price_line import EPOCH
from charging.core.priced_time import PricedTime
from charging.models import Location, PlanningRow
from charging.models.planning import FACTS, windows_of_texts
from charging.operations.exchange_rates import in_money_of
from charging.operations.place_prices import on_terms, terms_of
from charging.operations.planning_rows import terms_key
from charging.operations.prices import LIVE_WITHIN, PricePeriod, prices_between
from charging.operations.renewal_log import fleet_thresholds
from charging.operations.renewed_fleet import RenewedFleet
from charging.operations.renewed_plans import make_due, write_renewed

CARS_A_SHARD = 10_000
AFTER_ALL_PRICES = timedelta(hours=1)
LAST_ID = 2**63 - 1

COLUMNS = (
    *("vehicle", "version", "plan_id", "location_id", "minimum_percent", "terms_key", "prices_hash", "windows"),
    *FACTS,
)
TERMS_KEY = COLUMNS.index("terms_key")

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Shard:
    """The cars of one area with ids in `[first_id, last_id]`."""

    area_code: str
    first_id: int
    last_id: int


@dataclass(frozen=True, slots=True)
class Replanned:
    """How many cars of a shard: with a row, with the prices they had, planned again, left to be evaluated alone."""

    cars: int = 0
    unchanged: int = 0
    renewed: int = 0
    left: int = 0

    def __add__(self, other: Replanned) -> Replanned:
        return Replanned(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))


def shards_of(*, area_codes: Collection[str]) -> tuple[Shard, ...]:
    """The cars of these areas that are planned together, in parts of at most CARS_A_SHARD by id."""
    return tuple(shard for code in sorted(area_codes) for shard in _shards(code))


def _shards(area_code: str) -> Iterator[Shard]:
    numbered = PlanningRow.objects.filter(area_code=area_code).annotate(
        number=Window(RowNumber(), order_by="vehicle_id")
    )
    every = range(1, numbered.count() + 1, CARS_A_SHARD)
    firsts = list(numbered.filter(number__in=every).order_by("vehicle").values_list("vehicle", flat=True))
    lasts = [*(first - 1 for first in firsts[1:]), LAST_ID]
    for first, last in zip(firsts, lasts, strict=False):
        yield Shard(area_code, first, last)


@transaction.atomic
def replan_shard(*, area_code: str, first_id: int, last_id: int, at_wall: datetime) -> Replanned:
    """Plans the calm cars of a shard again where their prices have changed; returns how many of what.

    A shard that another process is at is left to it. Doing it twice writes nothing the second time. Rows may be older
    than what is known of their cars; those are evaluated soon, and their plans put right.
    """
    if not _take(area_code, first_id):
        return Replanned()
    rows = PlanningRow.objects.of_shard(area_code, first_id, last_id).values_list(*COLUMNS)
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[TERMS_KEY], []).append(row)
    done = [_replan_group(area_code, key, group, at_wall) for key, group in groups.items()]
    return sum(done, Replanned())


def _take(area_code: str, first_id: int) -> bool:
    """Keeps others from the shard until the end of the transaction; on SQLite writers wait for each other anyway."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s), hashtext(%s))", [area_code, str(first_id)])
        return bool(cursor.fetchone()[0])


def _replan_group(area_code: str, key: str, rows: list[Row], at_wall: datetime) -> Replanned:
    """The cars of a shard that pay the same."""
    columns: dict[str, Sequence[Any]] = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True))
    created_us, deadline_us = np.array(columns["created_us"]), np.array(columns["deadline_us"])
    start = EPOCH + timedelta(microseconds=int(created_us.min()))
    end = EPOCH + timedelta(microseconds=int(deadline_us.max()))
    period = _period_of(area_code, key, columns["location_id"][0], start, end, at_wall)
    if period is None:
        make_due(vehicle_ids=columns["vehicle"], at=at_wall)
        return Replanned(cars=len(rows), left=len(rows))
    prices = PricedTime(period.intervals)
    hashes = prices.fingerprints(created_us, deadline_us)
    changed = np.flatnonzero(hashes != np.array(columns["prices_hash"], dtype=np.object_))
    if not changed.size:
        return Replanned(cars=len(rows), unchanged=len(rows))
    if changed.size < len(rows):
        columns = {name: [column[number] for number in changed.tolist()] for name, column in columns.items()}
    facts = fleet_facts([columns[name] for name in FACTS], windows_of_texts(columns["windows"]))
    thresholds = in_money_of(fleet_thresholds(), period)
    renewals = renew_fleet(facts, prices, at_wall, thresholds)
    fleet = RenewedFleet(columns, hashes[changed].tolist(), facts, renewals)
    written = write_renewed(fleet=fleet, prices=prices, thresholds=thresholds, at=at_wall)
    left = set(columns["vehicle"]).difference(written)
    make_due(vehicle_ids=sorted(left), at=at_wall)
    return Replanned(len(rows), len(rows) - len(changed), len(written), len(left))


def _period_of(
    area_code: str, key: str, location_id: int, start: datetime, end: datetime, at_wall: datetime
) -> PricePeriod | None:
    """What all cars of a group pay; None where the terms of their places have changed since their rows were written."""
    since, until = start - LIVE_WITHIN, end + AFTER_ALL_PRICES
    period = prices_between(
        area_code=area_code,
        start=since,
        end=until,
        is_accelerated=False,
        now=at_wall,
        # With real prices around, the sample is for simulated cars alone: those are evaluated alone.
        allows_sample=not settings.READYBY_LIVE_PRICES,
    )
    if key:
        place = Location.objects.select_related("terms").filter(pk=location_id).first()
        terms = terms_of(place) if place is not None else None
        if terms is None:
            return None
        period = on_terms(period, terms, since, until)
    return period if terms_key(period) == key else None
