"""Times of day that come back every week."""

from datetime import datetime

import pytest

from charging.core.weekly_spans import WeeklySpan, overlap

WORKING_DAYS = frozenset(range(5))
WINTER = frozenset({11, 12, 1, 2, 3})
MONDAY, SATURDAY = 2, 7
"""Days of February 2026."""


def minute(hours: int, minutes: int = 0) -> int:
    return hours * 60 + minutes


def on(day: int, hours: int, minutes: int = 0, *, month: int = 2) -> datetime:
    return datetime(2026, month, day, hours, minutes)


@pytest.mark.parametrize(
    ("span", "local", "expected"),
    [
        pytest.param(WeeklySpan(), on(MONDAY, 0), True, id="all week"),
        pytest.param(WeeklySpan(minute(6), minute(22)), on(MONDAY, 6), True, id="the first minute is in"),
        pytest.param(WeeklySpan(minute(6), minute(22)), on(MONDAY, 22), False, id="the last is not"),
        pytest.param(WeeklySpan(minute(6), minute(22)), on(MONDAY, 5, 59), False, id="before"),
        pytest.param(WeeklySpan(weekdays=WORKING_DAYS), on(SATURDAY, 12), False, id="another weekday"),
        pytest.param(WeeklySpan(months=WINTER), on(MONDAY, 12), True, id="in season"),
        pytest.param(WeeklySpan(months=WINTER), on(6, 12, month=7), False, id="out of season"),
        pytest.param(WeeklySpan(minute(22), minute(6)), on(MONDAY, 23), True, id="over midnight, before it"),
        pytest.param(WeeklySpan(minute(22), minute(6)), on(MONDAY, 5, 59), True, id="over midnight, after it"),
        pytest.param(WeeklySpan(minute(22), minute(6)), on(MONDAY, 12), False, id="over midnight, by day"),
        pytest.param(
            WeeklySpan(minute(22), minute(6), WORKING_DAYS), on(SATURDAY, 3), True, id="the night of Friday goes on"
        ),
        pytest.param(
            WeeklySpan(minute(22), minute(6), WORKING_DAYS), on(MONDAY, 3), False, id="the night of Sunday is not in"
        ),
        pytest.param(WeeklySpan(minute(7), minute(7)), on(MONDAY, 3), True, id="from seven to seven is a day"),
    ],
)
def test_a_span_covers_its_times(span: WeeklySpan, local: datetime, expected: bool) -> None:
    assert span.covers(local) is expected


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        pytest.param([], False, id="none"),
        pytest.param([WeeklySpan(0, minute(6)), WeeklySpan(minute(6), minute(24))], False, id="side by side"),
        pytest.param([WeeklySpan(0, minute(6)), WeeklySpan(minute(5, 59), minute(7))], True, id="by a minute"),
        pytest.param(
            [WeeklySpan(weekdays=frozenset({5, 6})), WeeklySpan(weekdays=WORKING_DAYS)], False, id="other days"
        ),
        pytest.param([WeeklySpan(months=WINTER), WeeklySpan(months=frozenset({7}))], False, id="other seasons"),
        pytest.param([WeeklySpan(months=WINTER), WeeklySpan(months=frozenset({3, 7}))], True, id="a month in common"),
        pytest.param(
            [WeeklySpan(minute(22), minute(6), frozenset({6})), WeeklySpan(0, minute(1), frozenset({0}))],
            True,
            id="the night of Sunday reaches Monday",
        ),
        pytest.param([WeeklySpan(minute(7), minute(7)), WeeklySpan(minute(3), minute(4))], True, id="a whole day"),
    ],
)
def test_spans_that_share_a_minute_overlap(spans: list[WeeklySpan], expected: bool) -> None:
    assert overlap(spans) is expected
    assert overlap(spans[::-1]) is expected
