"""The same time on the clock of a place on several days, through midnight and through changes of clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from charging.core.clock_times import Moment, agreeing, apart, roundest, shows
from charging.core.market_time import local_instant

OSLO = "Europe/Oslo"
TOLERANCE = timedelta(minutes=7.5)
SATURDAY_BEFORE_SUMMER_TIME = date(2026, 3, 28)
SATURDAY_BEFORE_WINTER_TIME = date(2026, 10, 24)


def moment(clock: str, day: date = date(2026, 1, 12), *, minutes: float = 5.0) -> Moment:
    """Seen at that time in Oslo, and not yet so many minutes before."""
    until = local_instant(day, time.fromisoformat(clock), OSLO)
    return Moment(until - timedelta(minutes=minutes), until, OSLO)


@pytest.mark.parametrize(
    ("clocks", "group"),
    [
        pytest.param((), (), id="nothing"),
        pytest.param(("23:02",), (0,), id="one"),
        pytest.param(("23:02", "23:07"), (0, 1), id="a poll apart"),
        pytest.param(("23:02", "23:09"), (0, 1), id="within the tolerance"),
        pytest.param(("23:02", "23:10"), (1,), id="beyond it: the later"),
        pytest.param(("23:58", "00:04"), (0, 1), id="through midnight"),
        pytest.param(("23:02", "21:00", "23:04", "20:00"), (0, 2), id="the largest"),
        pytest.param(("23:02", "21:00", "23:04", "21:01"), (1, 3), id="of two pairs the later"),
        pytest.param(("23:00", "23:07", "23:14"), (0, 1, 2), id="around the one in the middle"),
        pytest.param(("11:30", "23:30"), (1,), id="half a day apart"),
    ],
)
def test_what_happened_at_the_same_time(clocks: tuple[str, ...], group: tuple[int, ...]) -> None:
    assert agreeing([moment(clock) for clock in clocks], TOLERANCE) == group


@pytest.mark.parametrize("saturday", [SATURDAY_BEFORE_SUMMER_TIME, SATURDAY_BEFORE_WINTER_TIME])
def test_a_change_of_clocks_keeps_the_time_on_the_clock(saturday: date) -> None:
    both = [moment("23:02", saturday), moment("23:04", saturday + timedelta(days=1))]

    assert both[1].until - both[0].until != timedelta(days=1, minutes=2)
    assert agreeing(both, TOLERANCE) == (0, 1)
    assert roundest(both) == time(23, 0)


def test_two_places_have_a_clock_each() -> None:
    until = datetime(2026, 1, 13, 20, 59, tzinfo=UTC)
    helsinki = Moment(until - timedelta(minutes=2), until, "Europe/Helsinki")

    assert agreeing([moment("23:02"), helsinki], TOLERANCE) == (0, 1)


@pytest.mark.parametrize(
    ("moments", "clock"),
    [
        pytest.param([moment("23:02")], time(23, 0), id="the full hour"),
        pytest.param([moment("23:32")], time(23, 30), id="the half"),
        pytest.param([moment("23:18")], time(23, 15), id="the quarter"),
        pytest.param([moment("23:08")], time(23, 5), id="five minutes"),
        pytest.param([moment("23:04", minutes=1)], time(23, 4), id="the minute"),
        pytest.param([moment("23:00")], time(23, 0), id="seen just then"),
        pytest.param([moment("23:05")], time(23, 5), id="still idle at the full hour"),
        pytest.param([moment("00:02")], time(0, 0), id="midnight"),
        pytest.param([moment("00:02"), moment("23:59", minutes=6)], time(23, 59), id="on either side of midnight"),
        pytest.param([moment("23:02"), moment("23:04")], time(23, 0), id="what both allow"),
        pytest.param([moment("23:02", minutes=2), moment("23:06", minutes=2)], time(23, 2), id="what neither allows"),
    ],
)
def test_the_roundest_time_that_readings_allow(moments: list[Moment], clock: time) -> None:
    assert roundest(moments) == clock


@pytest.mark.parametrize(
    ("start", "end", "is_shown"),
    [
        ("22:00", "23:00", True),
        ("23:00", "23:30", True),
        ("23:01", "23:00", True),
        ("23:01", "22:59", False),
        ("21:00", "22:59", False),
    ],
)
def test_whether_the_clock_shows_a_time_in_between(start: str, end: str, is_shown: bool) -> None:
    first = local_instant(date(2026, 1, 12), time.fromisoformat(start), OSLO)
    last = local_instant(date(2026, 1, 12 if end > start else 13), time.fromisoformat(end), OSLO)

    assert shows(time(23, 0), OSLO, first, last) is is_shown


@pytest.mark.parametrize(
    ("one", "other", "minutes"),
    [("23:00", "23:00", 0), ("23:58", "00:03", 5), ("00:03", "23:58", 5), ("00:00", "12:00", 720)],
)  # fmt: skip
def test_times_on_the_clock_are_as_far_apart_as_the_shorter_way_round(one: str, other: str, minutes: int) -> None:
    assert apart(time.fromisoformat(one), time.fromisoformat(other)) == timedelta(minutes=minutes)
