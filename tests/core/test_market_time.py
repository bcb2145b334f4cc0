"""Local times, quarters and market days over the days on which clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from charging.core.facts import PriceInterval
from charging.core.market_time import (
    ceil_to_quarter,
    floor_to_quarter,
    local_day_bounds,
    local_instant,
    market_day,
    market_day_bounds,
    next_deadline,
    previous_deadline,
    published_at,
    published_until,
    quarters,
    split_into_quarters,
)

SPRING = date(2026, 3, 29)
AUTUMN = date(2026, 10, 25)


def utc(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "local", "expected"),
    [
        ("Europe/Oslo", time(2, 30), utc(SPRING, 1)),
        ("Europe/Helsinki", time(3, 30), utc(SPRING, 1)),
        ("Europe/Lisbon", time(1, 30), utc(SPRING, 1)),
        ("UTC", time(2, 30), utc(SPRING, 2, 30)),
    ],
)
def test_a_time_that_spring_skips_is_the_first_instant_after_the_gap(
    zone: str, local: time, expected: datetime
) -> None:
    assert local_instant(SPRING, local, zone) == expected


@pytest.mark.parametrize(
    ("zone", "local", "expected"),
    [
        ("Europe/Oslo", time(2, 30), utc(AUTUMN, 0, 30)),
        ("Europe/Helsinki", time(3, 30), utc(AUTUMN, 0, 30)),
        ("Europe/Lisbon", time(1, 30), utc(AUTUMN, 0, 30)),
        ("UTC", time(2, 30), utc(AUTUMN, 2, 30)),
    ],
)
def test_a_time_that_autumn_repeats_is_the_first_of_the_two(zone: str, local: time, expected: datetime) -> None:
    assert local_instant(AUTUMN, local, zone) == expected
    assert local_instant(AUTUMN, local.replace(fold=1), zone) == expected


@pytest.mark.parametrize(
    ("zone", "day", "number"),
    [
        ("Europe/Oslo", SPRING, 92),
        ("Europe/Oslo", AUTUMN, 100),
        ("Europe/Helsinki", SPRING, 92),
        ("Europe/Helsinki", AUTUMN, 100),
        ("Europe/Lisbon", SPRING, 92),
        ("Europe/Lisbon", AUTUMN, 100),
        ("Europe/Oslo", date(2026, 1, 10), 96),
        ("UTC", SPRING, 96),
        ("UTC", AUTUMN, 96),
    ],
)
def test_a_local_day_has_92_96_or_100_quarters(zone: str, day: date, number: int) -> None:
    start, end = local_day_bounds(day, zone)

    assert len(quarters(start, end)) == number
    assert (end - start) / timedelta(minutes=15) == number


def test_the_deadline_is_strictly_after() -> None:
    at_seven = utc(date(2026, 1, 10), 6)

    assert next_deadline(time(7), "Europe/Oslo", at_seven - timedelta(seconds=1)) == at_seven
    assert next_deadline(time(7), "Europe/Oslo", at_seven) == at_seven + timedelta(days=1)


def test_tomorrow_is_not_always_24_hours_later() -> None:
    assert next_deadline(time(7), "Europe/Oslo", utc(date(2026, 3, 28), 6)) == utc(SPRING, 5)
    assert next_deadline(time(7), "Europe/Oslo", utc(date(2026, 10, 24), 5)) == utc(AUTUMN, 6)


def test_yesterday_is_not_always_24_hours_earlier() -> None:
    assert previous_deadline(time(7), "Europe/Oslo", utc(SPRING, 4, 59)) == utc(date(2026, 3, 28), 6)
    assert previous_deadline(time(7), "Europe/Oslo", utc(AUTUMN, 5, 59)) == utc(date(2026, 10, 24), 5)
    assert previous_deadline(time(7), "Europe/Oslo", utc(AUTUMN, 6)) == utc(AUTUMN, 6)


def test_a_skipped_deadline_is_not_given_twice() -> None:
    after_gap = utc(SPRING, 1)

    assert next_deadline(time(2, 30), "Europe/Oslo", after_gap) == utc(date(2026, 3, 30), 0, 30)


def test_between_the_two_half_past_twos_of_autumn_the_next_is_tomorrow() -> None:
    assert next_deadline(time(2, 30), "Europe/Oslo", utc(AUTUMN, 1)) == utc(date(2026, 10, 26), 1, 30)


def test_a_deadline_is_found_whose_local_day_is_not_the_utc_day() -> None:
    assert next_deadline(time(0, 30), "Europe/Helsinki", utc(date(2026, 1, 10), 22)) == utc(date(2026, 1, 10), 22, 30)


def test_a_gap_at_midnight_starts_the_day_late() -> None:
    start, end = local_day_bounds(date(2026, 3, 29), "Asia/Beirut")

    assert start == utc(date(2026, 3, 28), 22)
    assert end - start == timedelta(hours=23)


def test_quarters_overlap_the_period() -> None:
    start = utc(SPRING, 0, 50)

    assert quarters(start, start + timedelta(minutes=15)) == (utc(SPRING, 0, 45), utc(SPRING, 1))
    assert quarters(start, start) == ()


def test_marks_stay_and_other_instants_move_to_a_mark() -> None:
    mark, between = utc(SPRING, 1, 15), utc(SPRING, 1, 15) + timedelta(microseconds=1)

    assert floor_to_quarter(mark) == ceil_to_quarter(mark) == mark
    assert floor_to_quarter(between) == mark
    assert ceil_to_quarter(between) == utc(SPRING, 1, 30)


def test_an_hour_is_split_into_four_quarters_of_its_price() -> None:
    hour = PriceInterval(utc(SPRING, 1), utc(SPRING, 2), 0.25, is_estimate=True)

    parts = split_into_quarters(hour)

    assert [part.start.minute for part in parts] == [0, 15, 30, 45]
    assert parts[-1] == PriceInterval(utc(SPRING, 1, 45), utc(SPRING, 2), 0.25, is_estimate=True)


def test_what_lies_between_marks_is_not_stretched_by_the_split() -> None:
    start, end = utc(SPRING, 1, 10), utc(SPRING, 1, 20)

    parts = split_into_quarters(PriceInterval(start, end, 1))

    assert [(part.start, part.end) for part in parts] == [(start, utc(SPRING, 1, 15)), (utc(SPRING, 1, 15), end)]


@pytest.mark.parametrize(("day", "number"), [(SPRING, 92), (AUTUMN, 100), (date(2026, 1, 10), 96)])
def test_a_delivery_day_is_a_day_of_central_european_time(day: date, number: int) -> None:
    start, end = market_day_bounds(day)

    assert len(quarters(start, end)) == number
    assert market_day(start) == day
    assert market_day(end - timedelta(seconds=1)) == day
    assert market_day(end) == day + timedelta(days=1)


def test_prices_are_out_at_12_45_market_time_the_day_before() -> None:
    assert published_at(date(2026, 1, 11)) == utc(date(2026, 1, 10), 11, 45)
    assert published_at(AUTUMN) == utc(date(2026, 10, 24), 10, 45)
    assert published_at(date(2026, 10, 26)) == utc(AUTUMN, 11, 45)


def test_a_market_may_have_its_own_time_zone_and_hour_of_publication() -> None:
    day, zone = date(2026, 1, 11), "Pacific/Auckland"
    start, end = market_day_bounds(day, zone)

    assert (start, end) == (utc(date(2026, 1, 10), 11), utc(day, 11))
    assert market_day(start, zone) == market_day(end - timedelta(seconds=1), zone) == day
    assert published_at(day, time(17), zone) == utc(date(2026, 1, 10), 4)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        pytest.param(datetime(2026, 1, 10, 11, 44, tzinfo=UTC), datetime(2026, 1, 10, 23, tzinfo=UTC), id="12:44"),
        pytest.param(datetime(2026, 1, 10, 11, 45, tzinfo=UTC), datetime(2026, 1, 11, 23, tzinfo=UTC), id="12:45"),
        pytest.param(datetime(2026, 1, 10, 23, 30, tzinfo=UTC), datetime(2026, 1, 11, 23, tzinfo=UTC), id="midnight"),
        pytest.param(datetime(2026, 7, 10, 10, 45, tzinfo=UTC), datetime(2026, 7, 11, 22, tzinfo=UTC), id="summer"),
    ],
)
def test_prices_of_tomorrow_are_out_from_1245_market_time_on(now: datetime, until: datetime) -> None:
    assert published_until(now) == until


@pytest.mark.parametrize("name", ["Europe/Atlantis", "", "../etc/passwd"])
def test_an_unknown_time_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="unknown time zone"):
        next_deadline(time(7), name, utc(SPRING, 1))


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="must carry a time zone"):
        next_deadline(time(7), "UTC", datetime(2026, 1, 10))
