"""Which observation a gateway with faults answers with: the newest one, an older one, the same again, or none."""

from __future__ import annotations

from datetime import datetime, timedelta

from charging.adapters.vehicles.fault_slots import slot_of, start_of
from charging.adapters.vehicles.faults import NO_FAULTS, Faults
from charging.adapters.vehicles.seeded import share

SLOT = timedelta(minutes=10)
"""For so long an answer is old, the same again, or late."""


def is_silent(faults: Faults, at: datetime) -> bool:
    """Whether there is no answer."""
    return any(period.contains(at) for period in faults.silent)


def observed_at(faults: Faults, seed: int, now: datetime) -> datetime:
    """The instant of the observation that is answered at `now`: never later than `now`.

    Old news (`stale`) are of the instant at which they began to be old, however long they last. The same again
    (`duplicate_share`) is the observation of the start of the slot, a late one (`late_share`) that of the slot before.
    """
    since = _fresh_until(faults, seed, now)
    if since < now:
        return since
    slot = slot_of(now, SLOT)
    if _is_drawn(faults.duplicate_share, seed, "duplicate", slot):
        return start_of(slot, SLOT)
    if _is_drawn(faults.late_share, seed, "late", slot):
        return start_of(slot - 1, SLOT)
    return now


def to_remember(faults: Faults, seed: int, now: datetime) -> tuple[datetime, ...]:
    """The instants up to `now` whose observation may be answered at `now` or later, in order."""
    if faults is NO_FAULTS:
        return ()
    since = _fresh_until(faults, seed, now)
    instants = {since} if since < now or _is_old(faults, seed, now) else set()
    if faults.duplicate_share or faults.late_share:
        slot = slot_of(now, SLOT)
        instants |= {start_of(slot - 1, SLOT), start_of(slot, SLOT)}
    return tuple(sorted(instants))


def _fresh_until(faults: Faults, seed: int, now: datetime) -> datetime:
    """When the news that are told at `now` became old; `now` itself where they are fresh."""
    since = now
    while _is_old(faults, seed, since):
        earlier = min(
            [period.start for period in faults.stale if period.contains(since)] + [_start_of_run(faults, seed, since)]
        )
        if earlier == since:
            break
        since = earlier
    return since


def _is_old(faults: Faults, seed: int, at: datetime) -> bool:
    is_named = any(period.contains(at) for period in faults.stale)
    return is_named or _is_drawn(faults.stale_share, seed, "stale", slot_of(at, SLOT))


def _start_of_run(faults: Faults, seed: int, at: datetime) -> datetime:
    """When the slots of old news around `at` began; `at` itself where its slot is fresh."""
    slot = slot_of(at, SLOT)
    if not _is_drawn(faults.stale_share, seed, "stale", slot):
        return at
    while _is_drawn(faults.stale_share, seed, "stale", slot - 1):
        slot -= 1
    return start_of(slot, SLOT)


def _is_drawn(probability: float, seed: int, name: str, slot: int) -> bool:
    return probability > 0 and share(f"{seed}:{name}:{slot}") < probability
