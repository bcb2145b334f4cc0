"""A drawn plug-in at real prices, lived in memory by the rules that drive real cars, while something is away.

The price feed, the car's service, all workers or the broker are away for drawn spans.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from unittest.mock import patch
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from charging.adapters.prices.areas import areas
from charging.adapters.vehicles.gateway import Acknowledgement
from charging.core.facts import Hold, Reading, Thresholds
from charging.core.market_time import published_until
from charging.core.obstacle import WELL, Control
from charging.core.planner import plan
from charging.operations import backtest_session
from charging.operations.backtest_car import MeteredCar, make_metered_car
from charging.operations.backtest_figures import READY_TOLERANCE_KWH
from charging.operations.backtest_files import PlugIn, PriceHistory
from charging.operations.passing_on import PassingOn

AHEAD = timedelta(days=9)
"""So long before a plug-in prices must be known: what is not published is estimated from them."""
POWER_KW = 7.2
THRESHOLDS = Thresholds(
    start_cost=settings.READYBY_START_COST,
    max_starts=settings.READYBY_MAX_STARTS,
    unit=timedelta(minutes=settings.READYBY_PLAN_UNIT_MINUTES),
)
KINDS = {"feed": timedelta(hours=30), "service": timedelta(hours=4), "workers": timedelta(minutes=10)}
"""What may be away, and how long at most. Where the broker is away the sweep comes every half a minute."""
SWEEP = timedelta(seconds=30)
Span = tuple[datetime, datetime]


@dataclass
class Away:
    """When what is away in one night."""

    spans: dict[str, list[Span]] = field(default_factory=dict)
    has_broker: bool = True

    def until(self, kind: str, now: datetime) -> datetime | None:
        """The end of the span in which it is away at `now`."""
        return next((end for start, end in self.spans.get(kind, []) if start <= now < end), None)

    def published_until(self, now: datetime) -> datetime:
        """What was published before the feed went away, while it is."""
        gone = [start for start, end in self.spans.get("feed", []) if start <= now < end]
        return published_until(min([now, *gone]))

    def next_look(self, wanted: datetime) -> datetime:
        """When a car is looked at that was to be looked at then."""
        at = self.until("workers", wanted) or wanted
        if self.has_broker:
            return at
        return at + (datetime.min.replace(tzinfo=at.tzinfo) - at) % SWEEP


@dataclass
class AwayGateway(PassingOn):
    """Stands before a gateway: while the service is away nobody answers, and a wish reaches no car."""

    away: Away

    def read(self, *, now: datetime) -> Reading | None:
        return None if self.away.until("service", now) else self.gateway.read(now=now)

    def control(self, *, now: datetime) -> Control:
        return WELL if self.away.until("service", now) else self.gateway.control(now=now)

    def start(self, *, command_id: UUID, now: datetime) -> Acknowledgement:
        return self._unless_away(now, lambda: self.gateway.start(command_id=command_id, now=now))

    def stop(self, *, command_id: UUID, hold: Hold | None, now: datetime) -> Acknowledgement:
        return self._unless_away(now, lambda: self.gateway.stop(command_id=command_id, hold=hold, now=now))

    def renew(self, *, hold: Hold, now: datetime) -> Acknowledgement:
        return self._unless_away(now, lambda: self.gateway.renew(hold=hold, now=now))

    def _unless_away(self, now: datetime, ask: Callable[[], Acknowledgement]) -> Acknowledgement:
        return Acknowledgement(accepted=False, detail="away") if self.away.until("service", now) else ask()


@dataclass(frozen=True)
class Lived:
    """What came of one night; `cost` and `optimum` in the currency of the prices."""

    name: str
    is_ready: bool
    could_be_ready: bool
    is_faulty: bool
    cost: float
    optimum: float


def draw_plug_in(draw: Random, history: PriceHistory, name: str) -> PlugIn:
    """An evening for 4 to 15 hours, with a need of 2 to 50 kWh that may be more than there is time for."""
    first, last = history.starts[0] + AHEAD, history.intervals[-1].end - timedelta(days=1)
    while True:
        days = draw.randrange((last - first) // timedelta(days=1))
        start = first + timedelta(days=days, minutes=draw.randrange(24 * 60))
        end = start + timedelta(minutes=draw.randrange(4 * 60, 15 * 60))
        if history.covers(start, end):
            return PlugIn(name, name, start, end, round(draw.uniform(2, 50), 2))


def draw_away(draw: Random, plug_in: PlugIn) -> Away:
    """One to three spans of what is away, anywhere from an hour before the plug-in to its end."""
    away = Away(has_broker=draw.random() < 0.5)
    minutes = (plug_in.unplugged_at - plug_in.plugged_in_at) // timedelta(minutes=1)
    for kind in draw.choices(sorted(KINDS), k=draw.randint(1, 3)):
        start = plug_in.plugged_in_at + timedelta(minutes=draw.randrange(-60, minutes))
        away.spans.setdefault(kind, []).append((start, start + KINDS[kind] * draw.random()))
    return away


def live(number: int, histories: dict[str, PriceHistory], seed: int) -> Lived:
    """Night `number` of the seed."""
    draw = Random(f"{seed}:{number}")
    code = draw.choice(sorted(histories))
    plug_in = draw_plug_in(draw, histories[code], f"{seed}:{number} in {code}")
    away = draw_away(draw, plug_in) if number % 3 else Away()
    metered = make_metered_car(plug_in, histories[code], power_kw=POWER_KW, power_factor=1.0, seed=number)
    metered.gateway = AwayGateway(metered.gateway, away)
    real = backtest_session._next_instant

    def next_look(*about: object) -> datetime:
        return away.next_look(real(*about))  # type: ignore[arg-type]

    with (
        patch.object(backtest_session, "published_until", away.published_until),
        patch.object(backtest_session, "_next_instant", next_look),
    ):
        backtest_session.run_session(plug_in, metered, ZoneInfo(areas()[code].timezone_name), THRESHOLDS)
    return judge(plug_in, metered, is_faulty=number % 3 != 0)


def judge(plug_in: PlugIn, metered: MeteredCar, *, is_faulty: bool) -> Lived:
    hours = (plug_in.unplugged_at - plug_in.plugged_in_at) / timedelta(hours=1)
    least = plug_in.energy_kwh - READY_TOLERANCE_KWH
    optimum = plan(
        intervals=metered.history.between(plug_in.plugged_in_at, plug_in.unplugged_at),
        energy_kwh=min(plug_in.energy_kwh, hours * POWER_KW),
        power_kw=POWER_KW,
        now=plug_in.plugged_in_at,
        deadline=plug_in.unplugged_at,
        is_charging=True,
    )
    could = hours * POWER_KW >= least
    return Lived(plug_in.session_id, metered.energy_kwh >= least, could, is_faulty, metered.cost, float(optimum.cost))
