"""Where in the period of the prices a real session is placed, and what of the prices was published when."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from charging.core.facts import PriceInterval
from charging.core.price_estimates import estimate_unpublished
from charging.operations.backtest_files import PlugIn, PriceHistory

LOOK_BACK = timedelta(days=8)
WEEK = timedelta(weeks=1)


def move_into(plug_in: PlugIn, history: PriceHistory, zone: ZoneInfo, seed: int) -> PlugIn | None:
    """The session some whole weeks later or earlier, at the same local time, where prices are known.

    The seed chooses the week among all that lie in the period, with eight days of prices before it. None where the
    period is shorter than the session, or where prices of the chosen time are missing.
    """
    first, last = history.starts[0] + LOOK_BACK, history.intervals[-1].end
    weeks = range(-(-(first - plug_in.plugged_in_at) // WEEK), (last - plug_in.unplugged_at) // WEEK + 1)
    if not weeks:
        return None
    moved_by = random.Random(f"{seed}:{plug_in.session_id}").choice(weeks) * WEEK  # noqa: S311 - no secret
    start, end = (_moved(at, moved_by, zone) for at in (plug_in.plugged_in_at, plug_in.unplugged_at))
    if start >= end or not history.covers(start, end):
        return None
    return replace(plug_in, plugged_in_at=start, unplugged_at=end)


def _moved(at: datetime, moved_by: timedelta, zone: ZoneInfo) -> datetime:
    """Whole weeks away at the same local time, whatever daylight saving did in between."""
    return (at.astimezone(zone) + moved_by).astimezone(UTC)


def prices_seen(
    history: PriceHistory, plugged_in_at: datetime, deadline: datetime, published: datetime, zone: ZoneInfo
) -> tuple[PriceInterval, ...]:
    """What a planner can know of the prices from plugging in to the deadline: the published ones, then estimates."""
    known = history.between(plugged_in_at - LOOK_BACK, min(published, history.intervals[-1].end))
    estimates = estimate_unpublished(known, until=deadline, timezone_name=zone.key)
    seen = [one for one in (*known, *estimates) if one.end > plugged_in_at and one.start < deadline]
    return tuple(sorted(seen, key=lambda one: one.start))
