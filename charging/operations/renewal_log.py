"""The log of plans that new prices have changed: written for many cars at once, and decided again on demand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import transaction

from charging.core.decide import AS_BEFORE
from charging.core.facts import PriceInterval, Thresholds
from charging.core.facts_json import fingerprint, from_json, to_json
from charging.core.fleet_renewal import renew_fleet
from charging.core.planning import spans
from charging.core.planning_facts import PlanningFacts
from charging.core.priced_time import PricedTime
from charging.core.renewal import Change, Renewal
from charging.models import DecisionLog, PriceSnapshot
from charging.models.planning import FACTS, facts_of_row, windows_as_text
from charging.models.plans import money
from charging.operations.bulk_rows import insert_rows
from charging.operations.decision_log import CODE_VERSION

TRIGGER = "prices"
RULE = f"plan changed: {Change.PRICES_CHANGED}"


@dataclass(frozen=True)
class Renewed:
    """A car by its row, what was known of it, and what becomes of its plan. `kept`: the columns FACTS of the row."""

    vehicle_id: int
    version: int
    plan_id: int
    location_id: int
    minimum_percent: float
    kept: tuple[Any, ...]
    facts: PlanningFacts
    renewal: Renewal

    @cached_property
    def has_moved(self) -> bool:
        """Whether the car charges at other hours, not only for other money."""
        return spans(self.renewal.windows) != spans(self.facts.windows)

    @cached_property
    def windows(self) -> str:
        """The windows as they are stored."""
        return windows_as_text(self.renewal.windows)


def fleet_thresholds() -> Thresholds:
    """The thresholds of DESIGN 8 that have a say when prices change."""
    return Thresholds(
        start_cost=settings.READYBY_START_COST, unit=timedelta(minutes=settings.READYBY_PLAN_UNIT_MINUTES)
    )


@transaction.atomic
def log_renewals(*, cars: Sequence[Renewed], states: Mapping[int, str], prices: PricedTime, at: datetime) -> None:
    """Writes one row for each car, as its evaluation would; `states` are theirs by id."""
    stored = to_json(prices.prices)
    snapshot = PriceSnapshot(fingerprint=fingerprint(stored), prices=stored)
    PriceSnapshot.objects.bulk_create([snapshot], ignore_conflicts=True)
    facts = [_facts(car, states[car.vehicle_id]) for car in cars]
    now_in = [states[car.vehicle_id] for car in cars]
    insert_rows(
        DecisionLog,
        columns={
            "vehicle": [car.vehicle_id for car in cars],
            "at": [at] * len(cars),
            "trigger": [TRIGGER] * len(cars),
            "facts_hash": [hashlib.sha256((text + snapshot.fingerprint).encode()).hexdigest() for text in facts],
            "facts": facts,
            "prices": [snapshot.fingerprint] * len(cars),
            "decision": [
                json.dumps({"state": state, "plan": _plan(car.renewal, car.windows), "is_protecting": False})
                for car, state in zip(cars, now_in, strict=True)
            ],
            "rule": [RULE if car.has_moved else AS_BEFORE for car in cars],
            "state_before": now_in,
            "state_after": now_in,
            "command": [""] * len(cars),
            "code_version": [CODE_VERSION] * len(cars),
        },
    )


def _facts(car: Renewed, state: str) -> str:
    policy = {"minimum_percent": car.minimum_percent}
    planning = dict(zip(FACTS, car.kept, strict=True))
    return json.dumps({"state": state, "location_id": car.location_id, "policy": policy, "planning": planning})


def _plan(renewal: Renewal, windows: str) -> dict[str, Any]:
    return {
        "windows": windows,
        "smart_cost": None if renewal.smart_cost is None else str(money(renewal.smart_cost)),
        "prices_hash": renewal.prices_hash,
    }


def is_renewal(row: DecisionLog) -> bool:
    """Whether the row tells of a plan that new prices changed together with those of other cars."""
    return "planning" in row.facts


def replay_renewal(row: DecisionLog) -> tuple[str, ...]:
    """Plans again from the stored facts; returns in which parts of the plan that differs from what was decided.

    Raises TypeError, KeyError or ValueError where they no longer are facts.
    """
    facts = facts_of_row(**row.facts["planning"])
    prices = PricedTime(from_json(tuple[PriceInterval, ...], row.prices.prices))
    (renewal,) = renew_fleet([facts], prices, row.at, fleet_thresholds())
    before: dict[str, Any] = row.decision["plan"]
    after = {} if renewal is None else _plan(renewal, windows_as_text(renewal.windows))
    return tuple(name for name in before if before[name] != after.get(name))
