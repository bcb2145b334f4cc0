"""The recorded prices and their replay."""

import csv
import gzip
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.adapters.bundled import DATA
from charging.adapters.prices.areas import areas
from charging.adapters.prices.sample import LICENCE, QUARTER, sample_areas, sample_intervals

OSLO = ZoneInfo("Europe/Oslo")
DAY = timedelta(days=1)
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2045, 1, 1), timezones=st.just(UTC))


def read_rows() -> list[dict[str, str]]:
    with gzip.open(DATA / "sample_prices.csv.gz", "rt", newline="") as file:
        return list(csv.DictReader(file))


def recorded_price(area_code: str, instant: datetime) -> Decimal:
    wanted = instant.strftime("%Y-%m-%dT%H:%M:%SZ")
    row = next(row for row in read_rows() if row["area"] == area_code and row["utc_start"] == wanted)
    return Decimal(row["price"]) / 1000


def local(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=OSLO).astimezone(UTC)  # type: ignore[misc, arg-type]


def test_only_the_shippable_rows_are_bundled() -> None:
    rows = read_rows()
    assert {row["source"] for row in rows} == {"smard"}
    assert {row["area"] for row in rows} == {"DE-LU", "DK1", "DK2", "NL", "NO2", "SE4"} == set(sample_areas())
    assert {row["resolution_minutes"] for row in rows} == {"15"}
    assert len(rows) == 6 * 31 * 96
    assert min(row["utc_start"] for row in rows) == "2025-11-30T23:00:00Z"
    assert max(row["utc_start"] for row in rows) == "2025-12-31T22:45:00Z"
    assert "SMARD" in LICENCE
    assert "CC BY 4.0" in LICENCE


@pytest.mark.parametrize("area_code", sample_areas())
def test_the_recorded_weeks_come_back_four_weeks_later_with_the_day_of_their_recording(area_code: str) -> None:
    # ISO week 4 of 2026 starts on 19 January, and 4 modulo 4 is the first recorded week.
    rows = sample_intervals(area_code, local(2026, 1, 19), local(2026, 1, 20))

    assert len(rows) == 96
    assert {recorded_on for _, recorded_on in rows} == {date(2025, 12, 1)}
    for index in (0, 31, 95):
        recorded_at = local(2025, 12, 1) + index * QUARTER
        assert rows[index][0].price_per_kwh == recorded_price(area_code, recorded_at)


def test_the_week_the_weekday_and_the_quarter_choose_the_recorded_price() -> None:
    # Thursday of ISO week 31 (31 modulo 4 = 3) takes the Thursday of the fourth week, in summer time too.
    ((interval, recorded_on),) = sample_intervals("NO2", local(2026, 7, 30, 17, 45), local(2026, 7, 30, 18, 0))

    assert recorded_on == date(2025, 12, 25)
    assert interval.price_per_kwh == recorded_price("NO2", local(2025, 12, 25, 17, 45))
    assert not interval.is_estimate


def test_the_hour_that_spring_leaves_out_is_skipped() -> None:
    rows = sample_intervals("NO2", local(2026, 3, 29), local(2026, 3, 30))

    assert len(rows) == 92
    source_day = rows[0][1]
    before, after = rows[7][0], rows[8][0]
    assert before.end == after.start == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert before.price_per_kwh == recorded_price("NO2", local(*source_day.timetuple()[:3], 1, 45))
    assert after.price_per_kwh == recorded_price("NO2", local(*source_day.timetuple()[:3], 3, 0))


def test_the_doubled_hour_of_autumn_has_its_prices_twice() -> None:
    rows = sample_intervals("NO2", local(2026, 10, 25), local(2026, 10, 26))

    prices = [interval.price_per_kwh for interval, _ in rows]
    assert len(rows) == 100
    assert prices[8:12] == prices[12:16]
    assert len({interval.start for interval, _ in rows}) == 100


def test_weeks_go_on_over_a_long_year() -> None:
    # 2026 has 53 weeks: week 53 (53 modulo 4 = 1) is followed by week 1 of 2027.
    rows = sample_intervals("NO2", local(2026, 12, 28, 12), local(2027, 1, 4, 13))
    days = [recorded_on for _, recorded_on in rows]
    assert days[0] == date(2025, 12, 8)
    assert days[-1] == date(2025, 12, 8)


@given(
    start=INSTANTS,
    length=st.timedeltas(timedelta(seconds=1), timedelta(days=3)),
    area_code=st.sampled_from(sample_areas()),
)
def test_the_quarters_cover_the_asked_period_without_gap_or_overlap(
    start: datetime, length: timedelta, area_code: str
) -> None:
    rows = sample_intervals(area_code, start, start + length)

    assert rows[0][0].start <= start < rows[0][0].end
    assert rows[-1][0].start < start + length <= rows[-1][0].end
    assert all(before[0].end == after[0].start for before, after in pairwise(rows))
    assert all(interval.end - interval.start == QUARTER for interval, _ in rows)


@given(instant=INSTANTS, before=st.integers(0, 200), after=st.integers(1, 200))
def test_the_price_of_an_instant_does_not_depend_on_the_period_asked_for(
    instant: datetime, before: int, after: int
) -> None:
    (alone,) = sample_intervals("SE4", instant, instant + timedelta(microseconds=1))
    wide = sample_intervals("SE4", instant - before * QUARTER, instant + after * QUARTER)
    assert alone in wide


def test_the_asked_period_may_be_given_in_local_time() -> None:
    start = datetime(2026, 1, 19, tzinfo=OSLO)
    assert sample_intervals("NO2", start, start + DAY) == sample_intervals(
        "NO2", start.astimezone(UTC), (start + DAY).astimezone(UTC)
    )


@pytest.mark.parametrize("end", [local(2026, 1, 20, 0, 5), local(2026, 1, 19)], ids=["as it starts", "before"])
def test_a_period_that_ends_as_or_before_it_starts_is_empty(end: datetime) -> None:
    assert sample_intervals("NO2", local(2026, 1, 20, 0, 5), end) == ()


def test_an_area_without_a_sample_is_refused() -> None:
    assert "NO1" in areas()
    with pytest.raises(KeyError):
        sample_intervals("NO1", local(2026, 1, 19), local(2026, 1, 20))
