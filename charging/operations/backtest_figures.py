"""The figures of a backtest, and everything that they rest on and no file tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from charging.core.energy import EFFICIENCY
from charging.core.facts import Thresholds
from charging.core.learned import ENOUGH_SESSIONS
from charging.core.learning import PlugInPower
from charging.operations import due
from charging.operations.backtest_car import BATTERY_CAPACITY_KWH, CHARGE_LIMIT_PERCENT

READY_TOLERANCE_KWH = 0.01
"""The meters of the sessions count in hundredths of a kWh."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One session: what Readyby made of it, the two bounds that it is judged by, and what it taught of the power."""

    session_id: str
    is_ready: bool
    could_be_ready: bool
    cost: float
    cost_charged_at_once: float
    cost_optimum: float
    starts: int
    plan_changes: int
    power: PlugInPower | None


def summary(outcomes: Sequence[Outcome], excluded: int) -> dict[str, Any]:
    """The figures of DESIGN 7 over these sessions; `excluded` were left out."""
    cost, optimum = sum(one.cost for one in outcomes), sum(one.cost_optimum for one in outcomes)
    at_once = sum(one.cost_charged_at_once for one in outcomes)
    starts = [one.starts for one in outcomes]
    changes = [one.plan_changes for one in outcomes]
    return {
        "sessions": len(outcomes),
        "excluded": excluded,
        "ready": sum(one.is_ready for one in outcomes),
        "ready_if_charged_at_once": sum(one.could_be_ready for one in outcomes),
        "not_ready_though_possible": [one.session_id for one in outcomes if one.could_be_ready and not one.is_ready],
        "cost": round(cost, 4),
        "cost_charged_at_once": round(at_once, 4),
        "cost_optimum": round(optimum, 4),
        "cost_ratio": round(cost / optimum, 4) if optimum > 0 else None,
        "saving_share": round(1 - cost / at_once, 4) if at_once > 0 else None,
        "starts_mean": round(sum(starts) / len(starts), 3) if starts else 0,
        "starts_max": max(starts, default=0),
        "plan_changes_mean": round(sum(changes) / len(changes), 3) if changes else 0,
    }


def assumptions(codes: Sequence[str], power_kw: float, seed: int, thresholds: Thresholds) -> dict[str, Any]:
    """What the sessions do not tell and was chosen, so that nobody takes it for measured."""
    return {
        "note": "Battery size, charging power and deadline are assumptions: the sessions do not tell them.",
        "areas": list(codes),
        "seed": seed,
        "power_kw": power_kw,
        "battery_capacity_kwh": BATTERY_CAPACITY_KWH,
        "battery_note": "a larger battery where the energy of the session does not fit",
        "charge_limit_percent": CHARGE_LIMIT_PERCENT,
        "efficiency": EFFICIENCY,
        "deadline": "the instant of unplugging",
        "need": "the energy of the session",
        "ready_tolerance_kwh": READY_TOLERANCE_KWH,
        "plugging_in_is_seen": "at once",
        "poll_minutes": due.POLL_PLUGGED_IN / timedelta(minutes=1),
        "poll_minutes_while_changing": due.POLL_WHILE_CHANGING / timedelta(minutes=1),
        "start_cost": float(thresholds.start_cost),
        "plan_unit_minutes": thresholds.unit / timedelta(minutes=1),
        "prices_published_at": "12:45 market time",
        "learning_between_sessions": (
            "power and taper, over the sessions of a user_id in the order of the file; trusted after "
            f"{ENOUGH_SESSIONS} sessions"
        ),
        "optimum": "least cost in units of five minutes, at most three starts of at least 30 minutes",
    }
