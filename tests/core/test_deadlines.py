"""The weekly rule of deadlines: other times on some days, holidays like Sundays, over every change of clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.core.deadlines import WeeklyDeadline
from charging.core.market_time import local_instant

OSLO = "Europe/Oslo"
LATE_WEEKENDS = WeeklyDeadline(time(7), {5: time(9), 6: time(10)})
CHANGES = {
    "Europe/Oslo": (date(2026, 3, 29), date(2026, 10, 25)),
    "Europe/London": (date(2026, 3, 29), date(2026, 10, 25)),
    "Europe/Helsinki": (date(2026, 3, 29), date(2026, 10, 25)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "Pacific/Apia": (date(2011, 12, 30), date(2021, 4, 4)),
    "Africa/Casablanca": (date(2026, 2, 15), date(2026, 3, 22)),
}
"""Days on which clocks change; Apia had no 30 December in 2011."""


def oslo(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=ZoneInfo(OSLO)).astimezone(UTC)


def test_each_day_has_its_own_time_and_the_others_the_usual_one() -> None:
    friday, saturday, sunday = (date(2026, 1, day) for day in (16, 17, 18))

    assert [LATE_WEEKENDS.on(day) for day in (friday, saturday, sunday)] == [time(7), time(9), time(10)]


def test_on_friday_after_its_deadline_the_next_is_saturdays() -> None:
    friday, saturday = date(2026, 1, 16), date(2026, 1, 17)

    assert LATE_WEEKENDS.next_after(oslo(friday, 6, 59), OSLO) == oslo(friday, 7)
    assert LATE_WEEKENDS.next_after(oslo(friday, 7), OSLO) == oslo(saturday, 9)
    assert LATE_WEEKENDS.last_until(oslo(saturday, 8, 59), OSLO) == oslo(friday, 7)
    assert LATE_WEEKENDS.last_until(oslo(saturday, 9), OSLO) == oslo(saturday, 9)


def test_a_holiday_has_the_time_of_sundays() -> None:
    may_17 = date(2027, 5, 17)
    rule = WeeklyDeadline(time(7), {6: time(10)}, lambda day: day == may_17)

    assert may_17.weekday() == 0
    assert rule.on(may_17) == time(10)
    assert rule.next_after(oslo(date(2027, 5, 16), 12), OSLO) == oslo(may_17, 10)
    assert rule.next_after(oslo(may_17, 10), OSLO) == oslo(date(2027, 5, 18), 7)


def test_a_holiday_on_a_day_with_its_own_time_still_has_that_of_sundays() -> None:
    saturday = date(2026, 12, 26)
    rule = WeeklyDeadline(time(7), {5: time(9), 6: time(10)}, lambda day: day == saturday)

    assert rule.on(saturday) == time(10)


def test_where_sundays_are_as_usual_holidays_are_as_usual() -> None:
    saturday = date(2026, 12, 26)
    rule = WeeklyDeadline(time(7), {5: time(9)}, lambda day: day == saturday)

    assert rule.on(saturday) == time(7)


def test_a_holiday_on_the_day_of_the_change_keeps_wall_clock_time() -> None:
    easter = date(2027, 3, 28)
    monday = easter + timedelta(days=1)
    rule = WeeklyDeadline(time(7), {6: time(2, 30)}, lambda day: day in {easter, monday})

    assert rule.next_after(oslo(date(2027, 3, 27), 12), OSLO) == datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert rule.next_after(datetime(2027, 3, 28, 1, tzinfo=UTC), OSLO) == datetime(2027, 3, 29, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Nowhere/Atall", ""])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(ValueError, match="unknown time zone"):
        LATE_WEEKENDS.next_after(datetime(2026, 1, 1, tzinfo=UTC), zone)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="must carry a time zone"):
        LATE_WEEKENDS.next_after(datetime(2026, 1, 1), OSLO)
    with pytest.raises(ValueError, match="must carry a time zone"):
        LATE_WEEKENDS.last_until(datetime(2026, 1, 1), OSLO)


TIMES = st.times().map(lambda found: found.replace(second=0, microsecond=0))
AROUND = [(zone, day) for zone, days in CHANGES.items() for day in days]


@st.composite
def moments(draw: st.DrawFn) -> tuple[str, date, WeeklyDeadline, datetime]:
    """A zone, the day its clocks change, a rule whose holidays may fall on that day, and an instant near it."""
    zone, day = draw(st.sampled_from(AROUND))
    off = draw(st.sets(st.integers(-4, 4)))
    holidays = frozenset(day + timedelta(days=distance) for distance in off)
    rule = WeeklyDeadline(draw(TIMES), draw(st.dictionaries(st.integers(0, 6), TIMES)), holidays.__contains__)
    minutes = draw(st.integers(-3 * 1440, 3 * 1440))
    return zone, day, rule, datetime.combine(day, time(12), tzinfo=UTC) + timedelta(minutes=minutes)


def all_deadlines(rule: WeeklyDeadline, zone: str, around: date) -> list[datetime]:
    """The deadline of every day near, found day by day."""
    days = [around + timedelta(days=distance) for distance in range(-8, 9)]
    return [local_instant(day, rule.on(day), zone) for day in days]


@given(moments())
def test_next_and_last_are_the_neighbors_among_the_deadlines_of_all_days(
    moment: tuple[str, date, WeeklyDeadline, datetime],
) -> None:
    zone, day, rule, now = moment
    deadlines = all_deadlines(rule, zone, day)

    assert rule.next_after(now, zone) == min(at for at in deadlines if at > now)
    assert rule.last_until(now, zone) == max(at for at in deadlines if at <= now)


@given(moments())
def test_walking_from_deadline_to_deadline_misses_no_day(moment: tuple[str, date, WeeklyDeadline, datetime]) -> None:
    zone, day, rule, now = moment
    found = [rule.next_after(now, zone)]
    while len(found) < 4:
        found.append(rule.next_after(found[-1], zone))

    assert found == sorted(at for at in set(all_deadlines(rule, zone, day)) if at > now)[:4]
    assert all(later - earlier < timedelta(hours=49) for earlier, later in pairwise(found))


@given(moments())
def test_the_clock_on_the_wall_shows_the_deadline_but_for_times_that_do_not_exist(
    moment: tuple[str, date, WeeklyDeadline, datetime],
) -> None:
    zone, _, rule, now = moment

    shown = rule.next_after(now, zone).astimezone(ZoneInfo(zone))

    is_after_a_gap = (shown - timedelta(0)).utcoffset() != (shown.astimezone(UTC) - timedelta(seconds=1)).astimezone(
        ZoneInfo(zone)
    ).utcoffset()
    assert shown.time() == rule.on(shown.date()) or is_after_a_gap
