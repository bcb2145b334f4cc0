"""What smart charging would have saved at a place: a car's habit, replayed over the last month of prices there."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from charging.core.energy import EFFICIENCY
from charging.core.facts import Car
from charging.core.replay import Driving, Habit, Replay, replay
from charging.models import ChargingSession, Location, Policy, Vehicle, VehicleView
from charging.operations.exchange_rates import in_money_of
from charging.operations.facts import policy_at, thresholds_of, weekly_deadline
from charging.operations.learning import known_car
from charging.operations.place_prices import CURRENCY_WITHOUT_AREA, on_terms, terms_of
from charging.operations.prices import PricePeriod, prices_between, recorded_prices

NIGHTS = 30
ENOUGH_NIGHTS = 7
"""With fewer nights of stored prices the recorded month tells more."""

USUAL_PLUG_IN = time(17)
USUAL_ENERGY_KWH = 13.0
"""Rounded middle time and mean energy at the plug of the 3,563 charges above 1 kWh at homes in Trondheim, December 2018
to November 2019 (Sørensen et al. 2021, doi:10.17632/jbks2rcwyj, CC BY 4.0)."""

OWN_SESSIONS = 5
"""From as many plug-ins of its own on a car's habit is its own."""
NEWEST_SESSIONS = 30


@dataclass(frozen=True, slots=True)
class LastMonth:
    """A replay with what it rests on.

    `recorded_on` are the first and the last day of the recorded prices; empty where the prices are stored ones.
    `is_spot_only` says that fees and taxes are left out.
    """

    location: Location
    car: Car
    policy: Policy
    habit: Habit
    is_own_habit: bool
    replay: Replay
    currency: str
    recorded_on: tuple[date, ...]
    is_spot_only: bool


def last_month(
    *, vehicle: Vehicle, location: Location, policy: Policy, now: datetime, habit: Habit | None = None
) -> LastMonth | None:
    """The car's habit over the last 30 nights of stored prices, else over the recorded month of the area.

    `now` is the wall's, also for drivers whose clock is fast: prices are of the real world. The policy need not be
    stored. Without `habit` the car's own counts, else a usual one. None without a deadline. Where there are no prices
    the replay is empty.
    """
    view = VehicleView.objects.get(vehicle=vehicle)
    car = known_car(vehicle=vehicle, view=view, location=location)
    deadline = weekly_deadline(policy=policy, timezone_name=location.timezone_name)
    if deadline is None:
        return None
    own = own_habit(vehicle=vehicle, timezone_name=location.timezone_name)
    driving = Driving(
        car=car,
        habit=habit or own or usual_habit(vehicle.battery_capacity_kwh, car.charge_limit_percent),
        deadline=deadline,
        timezone_name=location.timezone_name,
        policy=policy_at(policy=policy, timezone_name=location.timezone_name, after=now),
        thresholds=thresholds_of(vehicle),
    )
    period, replayed = _replayed(driving, location, now)
    return LastMonth(
        location=location,
        car=car,
        policy=policy,
        habit=driving.habit,
        is_own_habit=own is not None and driving.habit == own,
        replay=replayed,
        currency=period.currency if period is not None else CURRENCY_WITHOUT_AREA,
        recorded_on=_first_and_last(period),
        is_spot_only=period is None or period.terms is None or period.terms.is_spot_only,
    )


def usual_habit(battery_capacity_kwh: float, limit_percent: float) -> Habit:
    """The habit of a car that was not seen yet: a usual evening, and a usual day's driving missing from its limit."""
    missing = round(USUAL_ENERGY_KWH * EFFICIENCY / battery_capacity_kwh * 100)
    return Habit(USUAL_PLUG_IN, max(0.0, limit_percent - missing))


def own_habit(*, vehicle: Vehicle, timezone_name: str) -> Habit | None:
    """The middle time and level of the car's newest plug-ins; None before there are five with both."""
    sessions = ChargingSession.objects.filter(vehicle=vehicle).worth_telling().newest_first()
    told = sessions.values_list("plugged_in_at", "soc_from_percent")[:NEWEST_SESSIONS]
    rows = [(at, soc) for at, soc in told if soc is not None]
    if len(rows) < OWN_SESSIONS:
        return None
    zone = ZoneInfo(timezone_name)
    minutes = sorted(_minutes_from_noon(at.astimezone(zone)) for at, _ in rows)
    middle = (statistics.median_low(minutes) + 12 * 60) % (24 * 60)
    return Habit(time(middle // 60, middle % 60), float(round(statistics.median(soc for _, soc in rows))))


def _minutes_from_noon(local: datetime) -> int:
    """Cars are plugged in around the evening: counted from noon, midnight splits no evening."""
    return (local.hour * 60 + local.minute - 12 * 60) % (24 * 60)


def _replayed(driving: Driving, location: Location, now: datetime) -> tuple[PricePeriod | None, Replay]:
    zone = ZoneInfo(driving.timezone_name)
    first = now.astimezone(zone).date() - timedelta(days=NIGHTS)
    days = [first + timedelta(days=number) for number in range(NIGHTS)]
    stored = _stored(location, now)
    replayed = _replay(driving, stored, days)
    recorded = _recorded(location) if len(replayed.nights) < ENOUGH_NIGHTS else None
    if recorded is None:
        return stored, replayed
    return recorded, _replay(driving, recorded, _days_of(recorded, zone))


def _replay(driving: Driving, period: PricePeriod | None, days: Sequence[date]) -> Replay:
    if period is None:
        return Replay(without_prices=len(days))
    driving = replace(driving, thresholds=in_money_of(driving.thresholds, period))
    is_of_market = not period.parts or any(part.market_price is not None for part in period.parts)
    return replay(driving, period.intervals, days, is_published_daily=is_of_market)


def _stored(location: Location, now: datetime) -> PricePeriod | None:
    """The published prices of the place until now, on its terms; None where it has neither area nor terms."""
    area, terms = location.pricing_area, terms_of(location)
    start = now - timedelta(days=NIGHTS + 1)
    if area is None:
        none = PricePeriod("", CURRENCY_WITHOUT_AREA, (), ())
        return on_terms(none, terms, start, now) if terms is not None else None
    period = prices_between(
        area_code=area.code, start=start, end=now, is_accelerated=False, now=now, allows_sample=False
    )
    return on_terms(period, terms, start, now) if terms is not None else period


def _recorded(location: Location) -> PricePeriod | None:
    """The recorded month of the area on the terms of the place; None for an area without one."""
    area, terms = location.pricing_area, terms_of(location)
    period = recorded_prices(area_code=area.code) if area is not None else None
    if period is None or terms is None:
        return period
    return on_terms(period, terms, period.intervals[0].start, period.intervals[-1].end)


def _days_of(period: PricePeriod, zone: ZoneInfo) -> tuple[date, ...]:
    """The local days whose nights lie within the recorded month: all but its last."""
    first, last = (period.intervals[index].start.astimezone(zone).date() for index in (0, -1))
    return tuple(first + timedelta(days=number) for number in range((last - first).days))


def _first_and_last(period: PricePeriod | None) -> tuple[date, ...]:
    return tuple(sorted({day for day in period.recorded_on if day is not None})) if period is not None else ()
