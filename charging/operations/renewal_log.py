"""The log of plans that new prices have changed: written for many cars at once, and decided again on demand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction

from charging.core.decide import AS_BEFORE
from charging.core.facts import PriceInterval, Thresholds
from charging.core.facts_json import fingerprint, from_json, to_json
from charging.core.fleet_facts import fleet_facts, fleet_windows
from charging.core.fleet_renewal import renew_fleet
from charging.core.priced_time import PricedTime
from charging.core.renewal import Change
from charging.models import DecisionLog, PriceSnapshot
from charging.models.planning import FACTS, windows_as_texts
from charging.operations.bulk_rows import insert_rows
from charging.operations.decision_log import CODE_VERSION
from charging.operations.renewed_fleet import RenewedFleet

TRIGGER = "prices"
RULE = f"plan changed: {Change.PRICES_CHANGED}"


def fleet_thresholds() -> Thresholds:
    """The thresholds of DESIGN 8 that have a say when prices change."""
    return Thresholds(
        start_cost=settings.READYBY_START_COST, unit=timedelta(minutes=settings.READYBY_PLAN_UNIT_MINUTES)
    )


@transaction.atomic
def log_renewals(
    *, fleet: RenewedFleet, states: Sequence[str], prices: PricedTime, thresholds: Thresholds, at: datetime
) -> None:
    """Writes one row for each renewed car, as its evaluation would; `states` are those that the cars are in."""
    stored = to_json(prices.prices)
    snapshot = PriceSnapshot(fingerprint=fingerprint(stored), prices=stored)
    PriceSnapshot.objects.bulk_create([snapshot], ignore_conflicts=True)
    facts = _facts(fleet, states, thresholds.start_cost)
    count = len(facts)
    insert_rows(
        DecisionLog,
        columns={
            "vehicle": fleet.column("vehicle"),
            "at": [at] * count,
            "trigger": [TRIGGER] * count,
            "facts_hash": [hashlib.sha256((text + snapshot.fingerprint).encode()).hexdigest() for text in facts],
            "facts": facts,
            "prices": [snapshot.fingerprint] * count,
            "decision": _decisions(fleet, states),
            "rule": [RULE if has_moved else AS_BEFORE for has_moved in fleet.has_moved],
            "state_before": states,
            "state_after": states,
            "command": [""] * count,
            "code_version": [CODE_VERSION] * count,
        },
    )


def _facts(fleet: RenewedFleet, states: Sequence[str], start_cost: Decimal) -> list[str]:
    """What the renewals rest on, as JSON, with what a start costs in the currency of the group.

    Where the car is and its minimum stand where those of an evaluation do.
    """
    names = ("location_id", "minimum_percent", *FACTS, "windows")
    form = (
        f'{{"start_cost":"{start_cost}",'
        '"state":"%s","location_id":%s,"policy":{"minimum_percent":%s},"planning":{'
        + ",".join(f'"{name}":%s' for name in names[2:])
        + "}}"
    )
    columns = [fleet.column(name) for name in names]
    charging = names.index("is_charging")
    columns[charging] = ["true" if is_charging else "false" for is_charging in columns[charging]]
    return [form % row for row in zip(states, *columns, strict=True)]


def _decisions(fleet: RenewedFleet, states: Sequence[str]) -> list[str]:
    columns = (states, fleet.windows, fleet.smart_costs)
    form = '{"state":"%s","plan":{"windows":%s,"smart_cost":"%s"},"is_protecting":false}'
    return [form % row for row in zip(*columns, strict=True)]


def is_renewal(row: DecisionLog) -> bool:
    """Whether the row tells of a plan that new prices changed together with those of other cars."""
    return "planning" in row.facts


def replay_renewal(row: DecisionLog) -> tuple[str, ...]:
    """Plans again from the stored facts; returns in which parts of the plan that differs from what was decided.

    Raises TypeError, KeyError or ValueError where they no longer are facts.
    """
    planning: dict[str, Any] = row.facts["planning"]
    facts = fleet_facts([[planning[name]] for name in FACTS], fleet_windows([planning["windows"]]))
    prices = PricedTime(from_json(tuple[PriceInterval, ...], row.prices.prices))
    thresholds = fleet_thresholds()
    start_cost = Decimal(row.facts.get("start_cost", thresholds.start_cost))
    renewals = renew_fleet(facts, prices, row.at, replace(thresholds, start_cost=start_cost))
    fleet = RenewedFleet({}, (), facts, renewals)
    before: dict[str, Any] = row.decision["plan"]
    after: dict[str, Any] = {}
    if fleet.rows:
        after = {
            "windows": json.loads(windows_as_texts(renewals.windows)[0]),
            "smart_cost": str(fleet.smart_costs[0]),
        }
    return tuple(name for name in before if before[name] != after.get(name))
