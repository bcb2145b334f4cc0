"""Nights in which the market publishes late or never, lived through by an obedient car, step by step."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache

from charging.core.case import Case
from charging.core.decide import decide
from charging.core.facts import (
    Car,
    CommandFacts,
    CommandKind,
    CommandStatus,
    Facts,
    Hold,
    PolicyFacts,
    PowerDelivery,
    PriceInterval,
    RunningPlan,
)
from charging.core.price_estimates import estimate_unpublished
from charging.core.states import State

EVENING = datetime(2026, 1, 20, 17, tzinfo=UTC)
"""18:00 in Oslo, a Tuesday."""
STEP = timedelta(minutes=5)
QUARTER = timedelta(minutes=15)
HISTORY = timedelta(days=7)
CAPACITY_KWH = 60.0


@cache
def usual_prices(start: datetime, end: datetime, levels: tuple[int, ...]) -> tuple[PriceInterval, ...]:
    """Quarters whose price depends on the hour alone, and a little on the day: `levels` for each part of it."""
    starts = [start + number * QUARTER for number in range((end - start) // QUARTER)]
    prices = [Decimal(levels[at.hour * len(levels) // 24] + at.day % 3) / 100 for at in starts]
    return tuple(PriceInterval(at, at + QUARTER, price) for at, price in zip(starts, prices, strict=True))


@cache
def with_estimates(known: tuple[PriceInterval, ...], until: datetime) -> list[PriceInterval]:
    """All prices in order of time, those that are not known estimated."""
    estimates = estimate_unpublished(known, until=until, timezone_name="Europe/Oslo")
    return sorted((*known, *estimates), key=lambda interval: interval.start)


@dataclass
class Night:
    """One night: what is known from the evening on, what is published when, and how the car fares.

    `known_until` is how far the prices reach that are known, `published_at` when those of the rest of the night come
    (None: never) and `truth` what they are. `breaches` lists whatever must never happen.
    """

    deadline: datetime
    known_until: datetime
    published_at: datetime | None
    levels: tuple[int, ...]
    truth: tuple[int, ...]
    soc_percent: float
    power_kw: float
    now: datetime = EVENING
    state: State = State.CONSIDERING
    is_charging: bool = True
    plan: RunningPlan | None = None
    hold: Hold | None = None
    command: CommandFacts | None = None
    stops: list[datetime] = field(default_factory=list)
    breaches: list[str] = field(default_factory=list)

    def live(self) -> None:
        """Until the deadline."""
        while self.now < self.deadline:
            self._step()
            self.now += STEP

    def known(self) -> tuple[PriceInterval, ...]:
        """The prices that are published at this time."""
        prices = usual_prices(EVENING - HISTORY, self.known_until, self.levels)
        if self.published_at is not None and self.now >= self.published_at:
            prices += usual_prices(self.known_until, self.deadline + HISTORY, self.truth)
        return prices

    def _facts(self) -> Facts:
        known = self.known()
        since = self.plan.created_at if self.plan is not None and self.plan.ended_at is None else self.now
        car = Car(
            battery_capacity_kwh=CAPACITY_KWH,
            max_power_kw=self.power_kw,
            observed_at=self.now,
            soc_percent=self.soc_percent,
            charge_limit_percent=80.0,
            is_plugged_in=True,
            is_charging=self.is_charging,
            power_delivery=PowerDelivery.CHARGING if self.is_charging else PowerDelivery.STOPPED,
            plugged_in_at=EVENING - timedelta(minutes=20),
            observed_power_kw=self.power_kw,
            charging_readings_in_a_row=1 if self.is_charging else 0,
        )
        return Facts(
            state=self.state,
            car=car,
            policy=PolicyFacts(is_enabled=True, deadline_at=self.deadline),
            location_id=1,
            has_locations=True,
            prices=tuple(interval for interval in with_estimates(known, self.deadline) if interval.end > since),
            has_prices=any(interval.end > self.now for interval in known),
            plan=self.plan,
            command=self.command,
            hold=self.hold,
        )

    def _step(self) -> None:
        facts = self._facts()
        decision = decide(facts, self.now)
        self.state, self.plan = decision.state, decision.plan
        if decision.command is not None:
            self._obey(decision.command.kind, decision.command.hold, facts)
        elif decision.renew_hold is not None:
            self.hold = decision.renew_hold
        self._look(replace(facts, state=self.state, plan=self.plan))
        if self.is_charging:
            self.soc_percent = min(80.0, self.soc_percent + self.power_kw * 0.9 * (STEP / timedelta(hours=1)) / 0.6)

    def _obey(self, kind: CommandKind, hold: Hold | None, facts: Facts) -> None:
        self.is_charging, self.hold = kind == CommandKind.START, hold
        self.command = CommandFacts(kind, CommandStatus.CONFIRMED, "plan", self.now, attempts=1)  # type: ignore[arg-type]
        latest = Case(facts, self.now).latest_start
        if kind == CommandKind.STOP:
            self.stops.append(self.now)
            if not facts.has_prices:
                self.breaches.append(f"{self.now}: stopped without a price")
            if latest is None or latest <= self.now or hold is None or hold.until > latest:
                self.breaches.append(f"{self.now}: stopped at the risk of the deadline")

    def _look(self, facts: Facts) -> None:
        latest = Case(facts, self.now).latest_start
        is_full = self.soc_percent >= 80.0
        if not is_full and not self.is_charging and latest is not None and latest <= self.now:
            self.breaches.append(f"{self.now}: waits after the latest start")
        if not is_full and not self.is_charging and not facts.has_prices:
            self.breaches.append(f"{self.now}: waits without any price ahead")
