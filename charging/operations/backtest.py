"""Real prices and real plug-ins through the production rules in simulated time, and what came of it in figures."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from time import perf_counter, process_time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from charging.adapters.prices.areas import areas
from charging.core.facts import Thresholds
from charging.core.learned import Learned
from charging.core.learning import PlugInPower, learn, observe, remember
from charging.core.planner import plan
from charging.core.planning import cost_between
from charging.operations.backtest_calendar import move_into
from charging.operations.backtest_car import MeteredCar, make_metered_car
from charging.operations.backtest_faults import FaultyGateway, GatewayFaults
from charging.operations.backtest_figures import READY_TOLERANCE_KWH, Outcome, assumptions, summary
from charging.operations.backtest_files import PlugIn, PriceHistory
from charging.operations.backtest_session import run_session

NO_FAULTS = GatewayFaults()


@dataclass(frozen=True, slots=True)
class Trial:
    """What is the same for every session: the assumed power, the share that is really drawn, chance, faults, rules."""

    power_kw: float
    power_factor: float
    seed: int
    faults: GatewayFaults
    thresholds: Thresholds


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

    What a session teaches of the power counts in the later ones of the same user. The same arguments give the same
    figures, but for the seconds.
    """
    began, began_cpu = perf_counter(), process_time()
    if limit is not None and limit < len(plug_ins):
        drawn = random.Random(seed).sample(range(len(plug_ins)), limit)  # noqa: S311 - no secret
        plug_ins = [plug_ins[index] for index in sorted(drawn)]
    trial = Trial(power_kw, power_factor, seed, faults, _thresholds())
    outcomes = list(_outcomes(histories, plug_ins, trial))
    cpu_seconds = process_time() - began_cpu
    return {
        **summary(outcomes, excluded=len(plug_ins) - len(outcomes)),
        "seconds": round(perf_counter() - began, 1),
        "cpu_seconds_per_1000_sessions": round(cpu_seconds / max(len(outcomes), 1) * 1000, 1),
        "power_factor": power_factor,
        "stale_share": faults.stale_share,
        "failed_starts": faults.failed_starts,
        "assumptions": assumptions(list(histories), power_kw, seed, trial.thresholds),
    }


def _outcomes(histories: Mapping[str, PriceHistory], plug_ins: Sequence[PlugIn], trial: Trial) -> Iterator[Outcome]:
    """One for each session that finds prices."""
    codes = list(histories)
    known: defaultdict[str, tuple[PlugInPower, ...]] = defaultdict(tuple)
    for index, plug_in in enumerate(plug_ins):
        code = codes[index % len(codes)]
        zone = ZoneInfo(areas()[code].timezone_name)
        moved = move_into(plug_in, histories[code], zone, trial.seed)
        if moved is None:
            continue
        metered = make_metered_car(
            moved,
            histories[code],
            power_kw=trial.power_kw,
            power_factor=trial.power_factor,
            seed=trial.seed * 1_000_000 + index,
        )
        metered.gateway = FaultyGateway(metered.gateway, trial.faults, f"{trial.seed}:{moved.session_id}")
        outcome = _outcome(moved, metered, zone, trial.thresholds, learn(known[plug_in.user_id]))
        known[plug_in.user_id] = _remembered(known[plug_in.user_id], outcome.power, plug_in)
        yield outcome


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
