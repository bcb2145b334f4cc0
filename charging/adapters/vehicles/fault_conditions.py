"""What faults make of the current at an instant, and when that changes next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from charging.adapters.vehicles.fault_parts import Flapping
from charging.adapters.vehicles.fault_slots import slot_of, start_of
from charging.adapters.vehicles.faults import NO_FAULTS, Faults
from charging.adapters.vehicles.seeded import share
from charging.core.market_time import next_deadline, previous_deadline


def is_cut_off(faults: Faults, at: datetime) -> bool:
    """Whether the power is cut."""
    return any(period.contains(at) for period in faults.power_cuts)


def is_kept_waiting(faults: Faults, at: datetime) -> bool:
    """Whether a plugged-in car gets no current that it would take: power cut, flapping, or a timer."""
    if faults is NO_FAULTS:
        return False
    return is_cut_off(faults, at) or _is_flapped_off(faults.flapping, at) or _is_before_timer(faults, at)


def offered_kw(faults: Faults, seed: int, at: datetime) -> float | None:
    """The power in kW that load balancing leaves for the car; None without load balancing."""
    balancing = faults.load_balancing
    if balancing is None:
        return None
    part = share(f"{seed}:load balancing:{slot_of(at, balancing.every)}")
    return balancing.low_kw + part * (balancing.high_kw - balancing.low_kw)


def next_change_at(faults: Faults, after: datetime) -> datetime | None:
    """The first instant after `after` at which any of these may be another one."""
    if faults is NO_FAULTS:
        return None
    return min((instant for instant in _changes(faults, after) if instant > after), default=None)


def _changes(faults: Faults, after: datetime) -> Iterator[datetime]:
    for cut in faults.power_cuts:
        yield from (cut.start, cut.end)
    if faults.timer is not None:
        for edge in (faults.timer.opening, faults.timer.closing):
            yield next_deadline(edge, faults.timezone_name, after)
    if faults.load_balancing is not None:
        length = faults.load_balancing.every
        yield start_of(slot_of(after, length) + 1, length)
    if faults.flapping is not None:
        period, every = faults.flapping.period, faults.flapping.every
        yield from (period.start, period.end)
        if period.contains(after):
            yield period.start + ((after - period.start) // every + 1) * every


def _is_flapped_off(flapping: Flapping | None, at: datetime) -> bool:
    if flapping is None or not flapping.period.contains(at):
        return False
    return (at - flapping.period.start) // flapping.every % 2 == 1


def _is_before_timer(faults: Faults, at: datetime) -> bool:
    timer = faults.timer
    if timer is None:
        return False
    opened = previous_deadline(timer.opening, faults.timezone_name, at)
    closed = previous_deadline(timer.closing, faults.timezone_name, at)
    return opened <= closed
