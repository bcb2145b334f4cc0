"""When somebody else does something to the car."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from charging.adapters.vehicles.fault_parts import Act, Deed
from charging.adapters.vehicles.fault_slots import slot_of, start_of
from charging.adapters.vehicles.faults import NO_FAULTS, Faults
from charging.adapters.vehicles.seeded import whole_number
from charging.core.market_time import next_deadline

DAY = timedelta(days=1)


def next_acts(faults: Faults, seed: int, after: datetime) -> tuple[Act, ...]:
    """What others do next after `after`: all acts of the first such instant, none where there is no such instant."""
    if faults is NO_FAULTS:
        return ()
    coming = [act for act in _coming(faults, seed, after) if act.at > after]
    first = min((act.at for act in coming), default=None)
    return tuple(act for act in coming if act.at == first)


def _coming(faults: Faults, seed: int, after: datetime) -> Iterator[Act]:
    yield from faults.once
    for act in faults.daily:
        yield Act(act.deed, next_deadline(act.local_time, faults.timezone_name, after), act.percent)
    day = slot_of(after, DAY)
    for number in range(faults.irregular_starts_per_day):
        for slot in (day, day + 1):
            second = whole_number(0, 24 * 3600 - 1, f"{seed}:irregular start:{slot}:{number}")
            yield Act(Deed.START, start_of(slot, DAY) + timedelta(seconds=second))
