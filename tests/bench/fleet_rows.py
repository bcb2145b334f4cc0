"""A fleet in the database: cars with running plans at real prices, as their evaluations leave them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction

from charging.adapters.prices.areas import areas
from charging.adapters.prices.price_day import PriceDay
from charging.adapters.prices.sample import sample_areas, sample_intervals
from charging.core.facts import PriceInterval, Thresholds
from charging.core.fleet_facts import fleet_of
from charging.core.fleet_renewal import plan_facts
from charging.core.planner import plans_of
from charging.core.planning_facts import PlanningFacts
from charging.core.priced_time import PricedTime
from charging.models import Client, Driver, Due, Plan, PlanningRow, PlanWindow, Vehicle
from charging.models.plans import money
from charging.operations.bulk_rows import insert_rows
from charging.operations.prices import ensure_price_areas, store_price_day

TODAY, TOMORROW = date(2025, 12, 9), date(2025, 12, 10)
CREATED_AT = datetime(2025, 12, 9, 10, 40, tzinfo=UTC)
NOW = datetime(2025, 12, 9, 16, 0, tzinfo=UTC)
"""The prices of the next day arrive late, in the dear hours of the evening, so that no plan charges at once."""

BATCH = 10_000
OTHER_DAYS = (timedelta(0), timedelta(days=7))
"""Tomorrow's prices are those of its own day, or of the same weekday of the next week."""


def areas_of_sample() -> list[str]:
    return sorted(sample_areas())


def publish(area_code: str, round_number: int) -> None:
    """Today's prices, and those of tomorrow that belong to this round."""
    for day, moved in ((TODAY, timedelta(0)), (TOMORROW, OTHER_DAYS[round_number % 2])):
        start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=1)
        rows = sample_intervals(area_code, start + moved, start + moved + timedelta(days=1))
        quarters = tuple(replace(one, start=one.start - moved, end=one.end - moved) for one, _ in rows)
        store_price_day(
            day=PriceDay(
                area_code=area_code,
                delivery_date=day,
                source="nord-pool",
                market_time_unit=timedelta(minutes=15),
                currency=areas()[area_code].currency,
                licence="",
                intervals=quarters,
            ),
            now=NOW + timedelta(seconds=round_number),
        )


def make_fleet(*, cars: int, seed: int) -> None:
    """Writes cars, shared out among the areas of the sample, with plans at the prices of round 0."""
    ensure_price_areas()
    codes = areas_of_sample()
    for code in codes:
        publish(code, 0)
    client = Client.objects.create(name="Bench", created_at=NOW)
    draw = Random(seed)
    first = 1
    for number in _batches(cars):
        with transaction.atomic():
            _write_batch(client, codes, range(first, first + number), draw)
        first += number


def _batches(cars: int) -> Iterator[int]:
    while cars > 0:
        yield min(cars, BATCH)
        cars -= BATCH


def _write_batch(client: Client, codes: list[str], ids: range, draw: Random) -> None:
    count = len(ids)
    insert_rows(
        Driver,
        columns={
            "id": list(ids),
            "client": [client.pk] * count,
            "external_id": [f"driver {pk}" for pk in ids],
            "public_id": [uuid.UUID(int=draw.getrandbits(128)).hex for _ in ids],
            "is_guest": [False] * count,
            "language": ["en"] * count,
            "created_at": [CREATED_AT] * count,
            "clock_wall_anchor": [CREATED_AT] * count,
            "clock_own_anchor": [CREATED_AT] * count,
            "clock_speed": [1] * count,
        },
    )
    _write_vehicles(ids, draw)
    by_area: dict[str, list[int]] = {}
    for pk in ids:
        by_area.setdefault(codes[pk % len(codes)], []).append(pk)
    for code, members in by_area.items():
        _write_plans(code, members, draw)
    later = [NOW + timedelta(seconds=draw.randrange(1, 300)) for _ in ids]
    insert_rows(Due, columns={"vehicle": list(ids), "own_at": later, "due_at": later, "next_poll_at": later})


def _write_vehicles(ids: range, draw: Random) -> None:
    text = {"brand": "Volkswagen", "model": "ID.4", "display_name": "", "vin": "", "vendor_asset_id": ""}
    text |= {"vendor": "VOLKSWAGEN", "gateway": "a real one", "other_control": "", "charger_brand": ""}
    same: dict[str, Any] = text | {
        "battery_capacity_kwh": 77.0,
        "max_power_kw": 11.0,
        "is_capable": True,
        "linked_at": CREATED_AT,
        "state": "PLAN:EXECUTING:STOPPED:AWAITING_PRICES",
        "state_changed_at": CREATED_AT,
        "event_seq": 3,
        "command_generation": 1,
        "is_protecting": False,
        "evaluated_at": NOW,
        "evaluation_count": 9,
        "considerations": "{}",
        "cards_put_aside": "[]",
        "rule": "seen stopped, prices missing",
    }
    columns = {name: [value] * len(ids) for name, value in same.items()}
    columns |= {"id": list(ids), "driver": list(ids)}
    columns["public_id"] = [uuid.UUID(int=draw.getrandbits(128)).hex for _ in ids]
    insert_rows(Vehicle, columns=columns)


def _make_car(draw: Random) -> PlanningFacts:
    power_kw = draw.choice([2.3, 3.7, 7.4, 11.0])
    deadline = datetime(2025, 12, 10, draw.randrange(4, 9), draw.choice([0, 15, 30, 45]), tzinfo=UTC)
    hours = (deadline - NOW) / timedelta(hours=1)
    energy_kwh = min(draw.uniform(3, 50), power_kw * hours * 0.6)
    duration = timedelta(hours=energy_kwh / power_kw)
    return PlanningFacts(
        created_at=CREATED_AT - timedelta(seconds=draw.randrange(3600)),
        deadline_at=deadline,
        observed_at=NOW,
        is_charging=False,
        energy_kwh=energy_kwh,
        power_kw=power_kw,
        duration=duration,
        reserve=timedelta(minutes=10) + duration * 0.05,
        max_windows=3,
        min_window=timedelta(minutes=30),
        prices_hash="",
        windows=(),
    )


def _write_plans(area_code: str, ids: list[int], draw: Random) -> None:
    prices = PricedTime(_known(area_code))
    cars = [_make_car(draw) for _ in ids]
    # From an hour later on, so that nobody charges when the new prices arrive.
    evening = NOW + timedelta(hours=1)
    fleet = plan_facts(fleet_of(cars), prices, evening, Thresholds())
    plans = plans_of(fleet, [car.power_kw for car in cars], evening)
    cars = [
        replace(car, windows=plan.windows, prices_hash=prices.fingerprint(car.created_at, car.deadline_at))
        for car, plan in zip(cars, plans, strict=True)
    ]
    count = len(ids)
    insert_rows(
        Plan,
        columns={
            "id": ids,
            "vehicle": ids,
            "public_id": [uuid.UUID(int=draw.getrandbits(128)).hex for _ in ids],
            "currency": ["EUR"] * count,
            "created_at": [car.created_at for car in cars],
            "deadline_at": [car.deadline_at for car in cars],
            "energy_kwh": [car.energy_kwh for car in cars],
            "non_smart_cost": [money(plan.cost_charged_at_once) for plan in plans],
            "smart_cost": [money(plan.cost) for plan in plans],
            "estimated_finish_at": [plan.finish_at for plan in plans],
            "reserve_minutes": [round(car.reserve.total_seconds() / 60) for car in cars],
            "reason": ["cheapest"] * count,
            "prices_hash": [car.prices_hash for car in cars],
            "price_area_code": [area_code] * count,
            "prices_recorded_on": ["[]"] * count,
            "final_state": [""] * count,
            "failure_condition": [""] * count,
            "change_count": [0] * count,
            "facts_hash": [""] * count,
            "code_version": [""] * count,
        },
    )
    _write_windows_and_rows(area_code, ids, cars)


def _write_windows_and_rows(area_code: str, ids: list[int], cars: list[PlanningFacts]) -> None:
    windows = [(pk, one) for pk, car in zip(ids, cars, strict=True) for one in car.windows]
    insert_rows(
        PlanWindow,
        columns={
            "plan": [pk for pk, _ in windows],
            "start": [one.start for _, one in windows],
            "end": [one.end for _, one in windows],
            "energy_kwh": [one.energy_kwh for _, one in windows],
            "cost": [money(one.cost) for _, one in windows],
            "is_forced": [False] * len(windows),
            "is_estimate": [False] * len(windows),
        },
    )
    values = [PlanningRow.values_of(car) for car in cars]
    columns: dict[str, list[Any]] = {name: [row[name] for row in values] for name in values[0]}
    same = {"area_code": area_code, "terms_key": "", "version": 0, "minimum_percent": 0.0}
    columns |= {name: [value] * len(ids) for name, value in same.items()}
    insert_rows(PlanningRow, columns=columns | {"vehicle": ids, "plan_id": ids, "location_id": ids})


def _known(area_code: str) -> tuple[PriceInterval, ...]:
    start = datetime(2025, 12, 8, 23, tzinfo=UTC)
    return tuple(one for one, _ in sample_intervals(area_code, start, start + timedelta(days=2)))
