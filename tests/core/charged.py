"""Readings, flows and prices of one evening, for tests of energy and money. Minutes count from PLUGGED_IN_AT."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from charging.core.facts import PowerDelivery, PriceInterval, Reading
from charging.core.power_profile import Flow, Part

PLUGGED_IN_AT = datetime(2026, 1, 13, 18, 0, tzinfo=UTC)
CAPACITY_KWH = 90.0
"""One percent is 1 kWh at the plug."""
QUARTER = timedelta(minutes=15)


def minute(count: float) -> datetime:
    return PLUGGED_IN_AT + timedelta(minutes=count)


def make_reading(minutes: float, *, power_kw: float | None = None, **values: Any) -> Reading:
    """A plugged-in car that says its power and, with it, whether it charges; everything can be given by name."""
    reading = Reading(
        observed_at=minute(minutes),
        event_id=f"{minutes}",
        power_delivery=PowerDelivery.UNKNOWN,
        is_plugged_in=True,
        is_charging=None if power_kw is None else power_kw > 0,
        charging_power_kw=power_kw,
    )
    return replace(reading, **values)


def make_flow(start: float, end: float, energy_kwh: float, part: Part = Part.SMART, **values: Any) -> Flow:
    """Energy in the time from one minute to another."""
    return replace(Flow(minute(start), minute(end), energy_kwh, is_metered=True, part=part), **values)


def make_prices(prices: Sequence[str | float], *, start: datetime = PLUGGED_IN_AT) -> tuple[PriceInterval, ...]:
    """One quarter of an hour after the other at these prices per kWh."""
    starts = [start + n * QUARTER for n in range(len(prices))]
    return tuple(PriceInterval(at, at + QUARTER, Decimal(str(p))) for at, p in zip(starts, prices, strict=True))
