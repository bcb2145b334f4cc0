"""What flowed into a car and when: from the power that it measured, else from what raised its battery."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from operator import itemgetter

from charging.core.car_view import MIN_CHARGING_POWER_KW
from charging.core.energy import energy_at_plug_kwh
from charging.core.facts import PowerDelivery, Reading

METERED_WITHIN = timedelta(minutes=20)
"""Power read twice within this time, a little more than the longest polling interval, counts as measured between."""

IDLE = frozenset(
    {
        PowerDelivery.UNPLUGGED,
        PowerDelivery.STOPPED,
        PowerDelivery.COMPLETE,
        PowerDelivery.NO_POWER,
        PowerDelivery.FAULT,
    }
)


class Part(StrEnum):
    """Why energy flowed: as smart charging wanted, below the minimum, against the plan, or without smart charging."""

    SMART = "smart"
    PROTECTIVE = "protective"
    OVERRIDE = "override"
    UNSTEERED = "unsteered"


@dataclass(frozen=True, slots=True)
class Flow:
    """Energy in kWh at the plug, drawn evenly in `[start, end)` while the battery went from one level to the other.

    Levels are None where nothing tells them. A flow without energy is time in which the car charged, but its battery
    did not rise by as much as it reports.
    """

    start: datetime
    end: datetime
    energy_kwh: float
    is_metered: bool
    soc_from_percent: float | None = None
    soc_to_percent: float | None = None
    part: Part = Part.SMART


@dataclass(frozen=True, slots=True)
class _Point:
    """A reading as far as energy goes; a power of None is charging at a power that is not told.

    `is_fine`: the car told this level, and in parts of a percent.
    """

    at: datetime
    power_kw: float | None
    soc_percent: float | None
    is_fine: bool


def power_profile(readings: Sequence[Reading], battery_capacity_kwh: float) -> tuple[Flow, ...]:
    """What flowed between the first and the last of these readings, which are in time order.

    A car that starts or stops between two readings did so as its battery tells, or where that is told in whole percents
    half-way. Where power is not told, or was not told for longer than METERED_WITHIN, the energy is what raised the
    battery; a falling level gives nothing back.
    """
    steps = pairwise(_points(readings))
    flows = (_flow(before, after, battery_capacity_kwh) for before, after in steps)
    return tuple(flow for flow in flows if flow is not None)


def cut(flow: Flow, instants: Iterable[datetime]) -> Iterator[Flow]:
    """The flow in pieces that begin or end at those of the instants that lie within it."""
    edges = [flow.start, *sorted({at for at in instants if flow.start < at < flow.end}), flow.end]
    for start, end in pairwise(edges):
        yield _piece(flow, start, end)


def level_at(flow: Flow, at: datetime) -> float | None:
    """The level in percent at an instant of the flow; None where it is not told."""
    if flow.soc_from_percent is None or flow.soc_to_percent is None:
        return None
    return flow.soc_from_percent + (flow.soc_to_percent - flow.soc_from_percent) * _share(flow, at)


def _share(flow: Flow, at: datetime) -> float:
    return (at - flow.start) / (flow.end - flow.start)


def _piece(flow: Flow, start: datetime, end: datetime) -> Flow:
    if (start, end) == (flow.start, flow.end):
        return flow
    return replace(
        flow,
        start=start,
        end=end,
        energy_kwh=flow.energy_kwh * ((end - start) / (flow.end - flow.start)),
        soc_from_percent=level_at(flow, start),
        soc_to_percent=level_at(flow, end),
    )


def _points(readings: Sequence[Reading]) -> list[_Point]:
    """The readings with the levels that they leave out filled in between those that tell one."""
    told = [(reading.observed_at, reading.soc_percent) for reading in readings if reading.soc_percent is not None]
    return [
        _Point(
            at=reading.observed_at,
            power_kw=_power(reading),
            soc_percent=_level(told, reading.observed_at),
            is_fine=reading.soc_percent is not None and reading.soc_percent % 1 != 0,
        )
        for reading in readings
    ]


def _power(reading: Reading) -> float | None:
    """The power in kW; 0 for a car that does not charge, whatever it draws to keep itself warm."""
    if reading.charging_power_kw is not None:
        return reading.charging_power_kw if reading.charging_power_kw > MIN_CHARGING_POWER_KW else 0.0
    is_idle = reading.is_charging is False or reading.is_plugged_in is False or reading.power_delivery in IDLE
    return 0.0 if is_idle else None


def _level(told: Sequence[tuple[datetime, float]], at: datetime) -> float | None:
    """The level at an instant, in a straight line between the two that were told around it."""
    index = bisect_left(told, at, key=itemgetter(0))
    if index == len(told):
        return None
    after_at, after = told[index]
    if after_at == at:
        return after
    if index == 0:
        return None
    before_at, before = told[index - 1]
    return before + (after - before) * ((at - before_at) / (after_at - before_at))


def _flow(before: _Point, after: _Point, battery_capacity_kwh: float) -> Flow | None:
    is_power_told = before.power_kw is not None and after.power_kw is not None
    is_metered = is_power_told and after.at - before.at <= METERED_WITHIN
    if is_metered:
        return _from_power(before, after, battery_capacity_kwh, is_metered=True)
    if before.soc_percent is not None and after.soc_percent is not None:
        return _from_levels(before, after, battery_capacity_kwh)
    return _from_power(before, after, battery_capacity_kwh, is_metered=False) if is_power_told else None


def _from_power(before: _Point, after: _Point, battery_capacity_kwh: float, *, is_metered: bool) -> Flow | None:
    powers = [power for power in (before.power_kw, after.power_kw) if power]
    if not powers:
        return None
    power_kw = sum(powers) / len(powers)
    start, end = before.at, after.at
    if len(powers) == 1:
        lasted = _time_charging(before, after, battery_capacity_kwh, power_kw)
        start, end = (start, start + lasted) if before.power_kw else (end - lasted, end)
    if start == end:
        return None
    energy_kwh = power_kw * ((end - start) / timedelta(hours=1))
    return Flow(start, end, energy_kwh, is_metered, before.soc_percent, after.soc_percent)


def _time_charging(before: _Point, after: _Point, battery_capacity_kwh: float, power_kw: float) -> timedelta:
    """How long a car charged that did so at one of two readings: as long as its battery took to rise, if it tells.

    One that has fallen meanwhile has been driven, and tells nothing.
    """
    step, low, high = after.at - before.at, before.soc_percent, after.soc_percent
    if low is None or high is None or high < low or not (before.is_fine or after.is_fine):
        return step / 2
    return min(step, timedelta(hours=energy_at_plug_kwh(low, high, battery_capacity_kwh) / power_kw))


def _from_levels(before: _Point, after: _Point, battery_capacity_kwh: float) -> Flow | None:
    assert before.soc_percent is not None, "the level is told"
    assert after.soc_percent is not None, "the level is told"
    energy_kwh = energy_at_plug_kwh(before.soc_percent, after.soc_percent, battery_capacity_kwh)
    if energy_kwh == 0 and (before.power_kw == 0 or after.power_kw == 0):
        return None
    return Flow(before.at, after.at, energy_kwh, False, before.soc_percent, after.soc_percent)
