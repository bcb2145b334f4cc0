"""Real prices and real plug-ins through the production rules in simulated time, and what came of it in figures."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from charging.adapters.prices.areas import areas
from charging.core.energy import EFFICIENCY
from charging.core.facts import Thresholds
from charging.core.learned import Learned
from charging.core.learning import PlugInPower, learn, observe, remember
from charging.core.planner import plan
from charging.core.planning import cost_between
from charging.operations import due
from charging.operations.backtest_calendar import move_into
from charging.operations.backtest_car import (
    BATTERY_CAPACITY_KWH,
    CHARGE_LIMIT_PERCENT,
    MeteredCar,
    make_metered_car,
)
from charging.operations.backtest_faults import FaultyGateway, GatewayFaults
from charging.operations.backtest_files import PlugIn, PriceHistory
from charging.operations.backtest_session import run_session

NO_FAULTS = GatewayFaults()
READY_TOLERANCE_KWH = 0.01
"""The meters of the sessions count in hundredths of a kWh."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One session: what Readyby made of it, and the two bounds that it is judged by."""

    session_id: str
    is_ready: bool
    could_be_ready: bool
    cost: float
    cost_charged_at_once: float
    cost_optimum: float
    starts: int
    plan_changes: int
    power: PlugInPower | None


def run_backtest(
    *,
    histories: Mapping[str, PriceHistory],
    plug_ins: Sequence[PlugIn],
    power_kw: float = 7.2,
    power_factor: float = 1.0,
    seed: int = 1,
    limit: int | None = None,
    faults: GatewayFaults = NO_FAULTS,
) -> dict[str, Any]:
    """The figures of DESIGN 7 over all sessions, or over `limit` that the seed draws; areas take turns.

    The same arguments give the same figures, but for `seconds`.
    """
    began = perf_counter()
    if limit is not None and limit < len(plug_ins):
        drawn = random.Random(seed).sample(range(len(plug_ins)), limit)  # noqa: S311 - no secret
        plug_ins = [plug_ins[index] for index in sorted(drawn)]
    thresholds = _thresholds()
    codes = list(histories)
    outcomes = []
    known: defaultdict[str, tuple[PlugInPower, ...]] = defaultdict(tuple)
    for index, plug_in in enumerate(plug_ins):
        code = codes[index % len(codes)]
        zone = ZoneInfo(areas()[code].timezone_name)
        moved = move_into(plug_in, histories[code], zone, seed)
        if moved is not None:
            metered = make_metered_car(
                moved, histories[code], power_kw=power_kw, power_factor=power_factor, seed=seed * 1_000_000 + index
            )
            metered.gateway = FaultyGateway(metered.gateway, faults, f"{seed}:{moved.session_id}")
            outcomes.append(_outcome(moved, metered, zone, thresholds, learn(known[plug_in.user_id])))
            known[plug_in.user_id] = _remembered(known[plug_in.user_id], outcomes[-1].power, plug_in)
    return {
        **_summary(outcomes, excluded=len(plug_ins) - len(outcomes)),
        "seconds": round(perf_counter() - began, 1),
        "power_factor": power_factor,
        "stale_share": faults.stale_share,
        "failed_starts": faults.failed_starts,
        "assumptions": _assumptions(codes, power_kw, seed, thresholds),
    }


def _thresholds() -> Thresholds:
    return Thresholds(
        start_cost=settings.READYBY_START_COST,
        max_starts=settings.READYBY_MAX_STARTS,
        unit=timedelta(minutes=settings.READYBY_PLAN_UNIT_MINUTES),
    )


def _remembered(past: tuple[PlugInPower, ...], power: PlugInPower | None, plug_in: PlugIn) -> tuple[PlugInPower, ...]:
    """What is known after one more plug-in, at the time it really took place."""
    if power is None:
        return past
    return remember(past, replace(power, plugged_in_at=plug_in.plugged_in_at, until=plug_in.unplugged_at))


def _outcome(
    plug_in: PlugIn, metered: MeteredCar, zone: ZoneInfo, thresholds: Thresholds, learned: Learned | None
) -> Outcome:
    power_kw = metered.car.true_power_kw
    at_once = timedelta(hours=plug_in.energy_kwh / power_kw)
    connected = plug_in.unplugged_at - plug_in.plugged_in_at
    tolerance = timedelta(hours=READY_TOLERANCE_KWH / power_kw)
    possible_kwh = min(plug_in.energy_kwh, power_kw * (connected / timedelta(hours=1)))
    prices = metered.history.between(plug_in.plugged_in_at, plug_in.unplugged_at)
    cost_at_once = float(
        cost_between(prices, plug_in.plugged_in_at, plug_in.plugged_in_at + min(at_once, connected), possible_kwh)
    )
    optimum = plan(
        intervals=prices,
        energy_kwh=possible_kwh,
        power_kw=power_kw,
        now=plug_in.plugged_in_at,
        deadline=plug_in.unplugged_at,
        is_charging=True,
    )
    memory = run_session(plug_in, metered, zone, thresholds, learned)
    return Outcome(
        session_id=plug_in.session_id,
        is_ready=metered.energy_kwh >= plug_in.energy_kwh - READY_TOLERANCE_KWH,
        could_be_ready=at_once - tolerance <= connected,
        cost=metered.cost,
        cost_charged_at_once=cost_at_once,
        cost_optimum=min(float(optimum.cost), cost_at_once) if at_once < connected else cost_at_once,
        starts=metered.starts,
        plan_changes=memory.plan_changes,
        power=observe(memory.readings, plug_in.plugged_in_at),
    )


def _summary(outcomes: Sequence[Outcome], excluded: int) -> dict[str, Any]:
    cost, optimum = sum(one.cost for one in outcomes), sum(one.cost_optimum for one in outcomes)
    starts = [one.starts for one in outcomes]
    changes = [one.plan_changes for one in outcomes]
    return {
        "sessions": len(outcomes),
        "excluded": excluded,
        "ready": sum(one.is_ready for one in outcomes),
        "ready_if_charged_at_once": sum(one.could_be_ready for one in outcomes),
        "not_ready_though_possible": [one.session_id for one in outcomes if one.could_be_ready and not one.is_ready],
        "cost": round(cost, 4),
        "cost_charged_at_once": round(sum(one.cost_charged_at_once for one in outcomes), 4),
        "cost_optimum": round(optimum, 4),
        "cost_ratio": round(cost / optimum, 4) if optimum > 0 else None,
        "starts_mean": round(sum(starts) / len(starts), 3) if starts else 0,
        "starts_max": max(starts, default=0),
        "plan_changes_mean": round(sum(changes) / len(changes), 3) if changes else 0,
    }


def _assumptions(codes: Sequence[str], power_kw: float, seed: int, thresholds: Thresholds) -> dict[str, Any]:
    """What the sessions do not tell and was chosen, so that nobody takes it for measured."""
    return {
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
        "learning_between_sessions": "power and taper, over the sessions of a user_id in the order of the file",
        "optimum": "least cost in units of five minutes, at most three starts of at least 30 minutes",
    }
