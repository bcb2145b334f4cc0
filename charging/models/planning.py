"""What new prices can change, one narrow row a car, so that a whole price area is read in one go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from json import dumps
from typing import Any

import numpy as np
from django.db import models

from charging.core.facts import Window
from charging.core.fleet_facts import WINDOW_NUMBERS, FleetWindows, column_values, window_rows, windows_from
from charging.core.planning_facts import PlanningFacts
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
        values = dict(zip(FACTS, column_values(facts), strict=True))
        return values | {"prices_hash": facts.prices_hash, "windows": windows_as_text(facts.windows)}


FACTS = (
    *("created_us", "deadline_us", "observed_us", "is_charging", "energy_kwh", "power_kw", "duration_us", "reserve_us"),
    *("max_windows", "min_window_us"),
)
"""The columns that `fleet_facts` reads beside the windows, in its order."""


def windows_as_text(windows: Iterable[Window]) -> str:
    """Windows as compact JSON."""
    return dumps(window_rows(windows), separators=(",", ":"))


def windows_as_texts(fleet: FleetWindows) -> list[str]:
    """The windows of many cars, each as `windows_as_text` has them."""
    arrays = (fleet.start_us, fleet.end_us, fleet.energy_kwh, fleet.cost_steps, fleet.is_estimate, fleet.is_forced)
    is_one = fleet.end_us > fleet.start_us
    columns = (array[is_one].tolist() for array in arrays)
    texts = [
        f"[{start},{end},{energy!r},{cost},{is_estimate:d},{is_forced:d}]"
        for start, end, energy, cost, is_estimate, is_forced in zip(*columns, strict=True)
    ]
    ends = np.cumsum(is_one.sum(axis=1)).tolist()
    return [f"[{','.join(texts[first:last])}]" for first, last in zip([0, *ends], ends, strict=False)]


def windows_of_texts(texts: Sequence[str]) -> FleetWindows:
    """The windows in such texts. Raises ValueError where one of them holds anything but numbers."""
    counts = np.array([text.count("[") - 1 for text in texts], dtype=np.int64)
    numbers = ",".join(text for text in texts if text != "[]").replace("[", "").replace("]", "")
    flat = np.fromstring(numbers, sep=",") if numbers else np.zeros(0)
    return windows_from(counts, flat.reshape(-1, WINDOW_NUMBERS))
