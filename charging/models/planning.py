"""What new prices can change, one narrow row a car, so that a whole price area is read in one go."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from json import loads
from typing import Any

from django.db import models

from charging.core.facts import Window
from charging.core.planning_facts import PlanningFacts
from charging.core.price_line import EPOCH
from charging.core.priced_time import MICROSECOND
from charging.models.plans import money
from charging.models.vehicles import Vehicle


class PlanningRowQuerySet(models.QuerySet["PlanningRow"]):
    def of_shard(self, area_code: str, first_id: int, last_id: int) -> PlanningRowQuerySet:
        """The cars of an area with ids in `[first_id, last_id]`, in the order of their ids."""
        return self.filter(area_code=area_code, vehicle__gte=first_id, vehicle__lte=last_id).order_by("vehicle")


class PlanningRow(models.Model):
    """A car whose plan runs calmly, written by its evaluation; without a row a car is evaluated alone.

    Instants and durations are whole microseconds, since 1970 where they are instants: a fleet is read as numbers.
    `terms_key` is empty where the market's price alone counts; cars with the same one pay the same. `version` counts
    the writes. No column that changes often is indexed, and `plan_id` and `location_id` are no foreign keys: to delete
    a plan would mean to search all rows.
    """

    vehicle = models.OneToOneField(Vehicle, on_delete=models.CASCADE, primary_key=True, related_name="planning_row")
    plan_id = models.BigIntegerField()
    location_id = models.BigIntegerField()
    area_code = models.CharField(max_length=10)
    terms_key = models.CharField(max_length=64, blank=True, default="")
    version = models.PositiveIntegerField(default=0)
    minimum_percent = models.FloatField()
    created_us = models.BigIntegerField()
    deadline_us = models.BigIntegerField()
    observed_us = models.BigIntegerField()
    is_charging = models.BooleanField()
    energy_kwh = models.FloatField()
    power_kw = models.FloatField()
    duration_us = models.BigIntegerField()
    reserve_us = models.BigIntegerField()
    max_windows = models.PositiveSmallIntegerField()
    min_window_us = models.BigIntegerField()
    prices_hash = models.CharField(max_length=64)
    windows = models.TextField(help_text="JSON: start, end, energy in kWh, cost, is it an estimate, is it forced")

    objects = PlanningRowQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["area_code", "vehicle"], name="planning_rows_by_area")]

    def __str__(self) -> str:
        return f"planning of {self.vehicle_id} in {self.area_code}"

    @staticmethod
    def values_of(facts: PlanningFacts) -> dict[str, Any]:
        """The columns that hold these facts."""
        return {
            "created_us": (facts.created_at - EPOCH) // MICROSECOND,
            "deadline_us": (facts.deadline_at - EPOCH) // MICROSECOND,
            "observed_us": (facts.observed_at - EPOCH) // MICROSECOND,
            "is_charging": facts.is_charging,
            "energy_kwh": facts.energy_kwh,
            "power_kw": facts.power_kw,
            "duration_us": facts.duration // MICROSECOND,
            "reserve_us": facts.reserve // MICROSECOND,
            "max_windows": facts.max_windows,
            "min_window_us": facts.min_window // MICROSECOND,
            "prices_hash": facts.prices_hash,
            "windows": windows_as_text(facts.windows),
        }


FACTS = (
    *("created_us", "deadline_us", "observed_us", "is_charging", "energy_kwh", "power_kw", "duration_us", "reserve_us"),
    *("max_windows", "min_window_us", "prices_hash", "windows"),
)
"""The columns that `facts_of_row` reads, in its order."""


def facts_of_row(
    created_us: int,
    deadline_us: int,
    observed_us: int,
    is_charging: bool,
    energy_kwh: float,
    power_kw: float,
    duration_us: int,
    reserve_us: int,
    max_windows: int,
    min_window_us: int,
    prices_hash: str,
    windows: str,
) -> PlanningFacts:
    """The facts in the columns FACTS of a row."""
    return PlanningFacts(
        created_at=EPOCH + timedelta(microseconds=created_us),
        deadline_at=EPOCH + timedelta(microseconds=deadline_us),
        observed_at=EPOCH + timedelta(microseconds=observed_us),
        is_charging=is_charging,
        energy_kwh=energy_kwh,
        power_kw=power_kw,
        duration=timedelta(microseconds=duration_us),
        reserve=timedelta(microseconds=reserve_us),
        max_windows=max_windows,
        min_window=timedelta(microseconds=min_window_us),
        prices_hash=prices_hash,
        windows=windows_of_text(windows),
    )


def windows_as_text(windows: tuple[Window, ...]) -> str:
    """Windows as compact JSON: start and end in microseconds, energy, cost in steps of 0.0001, and the two marks."""
    rows = [
        f"[{(one.start - EPOCH) // MICROSECOND},{(one.end - EPOCH) // MICROSECOND},{one.energy_kwh!r},"
        f"{int(money(one.cost).scaleb(4))},{one.is_estimate:d},{one.is_forced:d}]"
        for one in windows
    ]
    return f"[{','.join(rows)}]"


def windows_of_text(text: str) -> tuple[Window, ...]:
    """The windows in that JSON."""
    return tuple(
        Window(
            EPOCH + timedelta(microseconds=start),
            EPOCH + timedelta(microseconds=end),
            energy_kwh,
            Decimal(cost).scaleb(-4),
            bool(is_forced),
            bool(is_estimate),
        )
        for start, end, energy_kwh, cost, is_estimate, is_forced in loads(text)
    )
