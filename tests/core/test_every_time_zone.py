"""Every time zone and every change of its clocks from 2026 to 2030: deadlines exist, follow each other, are the earlier
of two, and the first instant after a gap."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import available_timezones

import pytest

from charging.core.deadlines import WeeklyDeadline
from charging.core.market_time import local_day_bounds, local_instant, next_deadline, previous_deadline
from tests.core.wall_clocks import Change, changes_of, seen_instant

DAY = timedelta(days=1)
ZONES = sorted(available_timezones())
PECULIAR = [
    *("Africa/Cairo", "Africa/Casablanca", "Africa/El_Aaiun", "America/Havana", "America/Nuuk", "America/Santiago"),
    *("America/Scoresbysund", "America/St_Johns", "Antarctica/Troll", "Asia/Beirut", "Asia/Gaza", "Asia/Jerusalem"),
    *("Atlantic/Azores", "Australia/Lord_Howe", "Europe/Dublin", "Europe/Helsinki", "Europe/London", "Europe/Oslo"),
    *("Pacific/Auckland", "Pacific/Chatham", "Pacific/Easter", "Pacific/Norfolk", "UTC", "Asia/Kathmandu"),
]
"""Jumps at midnight, of half an hour and of two hours, in Ramadan, on Fridays; and clocks that never jump."""


def judge(change: Change) -> int:
    """Asserts everything of one change; returns the number of deadlines looked at."""
    days = [change.day + distance * DAY for distance in (-1, 0, 1)]
    for deadline in change.deadlines:
        expected = [seen_instant(change, day, deadline) for day in days]
        found = [local_instant(day, deadline, change.zone) for day in days]
        assert found == expected, (change, deadline)
        assert all(earlier < later for earlier, later in pairwise(found)), (change, deadline)
        judge_walk(change, deadline, found)
    start, end = local_day_bounds(change.day, change.zone)
    assert end - start == DAY - (change.after - change.before), change
    return len(change.deadlines)


def judge_walk(change: Change, deadline: time, found: list[datetime]) -> None:
    """Asserts that walking from deadline to deadline meets all of them, forth and back, with a weekly rule too."""
    rule = WeeklyDeadline(deadline)
    second = timedelta(seconds=1)
    for earlier, later in pairwise(found):
        assert next_deadline(deadline, change.zone, earlier) == later, (change, deadline)
        assert next_deadline(deadline, change.zone, later - second) == later, (change, deadline)
        assert previous_deadline(deadline, change.zone, later - second) == earlier, (change, deadline)
        assert previous_deadline(deadline, change.zone, later) == later, (change, deadline)
        assert rule.next_after(earlier, change.zone) == later, (change, deadline)
        assert rule.last_until(later - second, change.zone) == earlier, (change, deadline)


@pytest.mark.parametrize("zone", PECULIAR)
def test_the_clocks_of_peculiar_zones_are_read_right_over_two_years(zone: str) -> None:
    changes = changes_of(zone, 2026, 2027)

    assert sum(judge(change) for change in changes) == 4 * len(changes)


@pytest.mark.slow
@pytest.mark.parametrize("zone", ZONES)
def test_the_clocks_of_every_zone_are_read_right_over_five_years(zone: str) -> None:
    changes = changes_of(zone, 2026, 2030)

    assert sum(judge(change) for change in changes) == 4 * len(changes)


def test_the_sample_of_zones_has_jumps_of_all_kinds() -> None:
    changes = [change for zone in PECULIAR for change in changes_of(zone, 2026, 2027)]
    jumps = {change.after - change.before for change in changes}

    assert jumps == {timedelta(minutes=minutes) for minutes in (-120, -60, -30, 30, 60, 120)}
    assert any(change.before.time() == time(0) for change in changes)
    assert len(changes) >= 70


def test_a_zone_without_jumps_has_its_deadline_every_24_hours() -> None:
    assert changes_of("Asia/Kathmandu", 2026, 2030) == []
    first = local_instant(date(2026, 3, 29), time(2, 30), "Asia/Kathmandu")
    assert first == datetime(2026, 3, 28, 20, 45, tzinfo=UTC)
    assert next_deadline(time(2, 30), "Asia/Kathmandu", first) == first + DAY
