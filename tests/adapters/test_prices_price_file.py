"""Files of prices: complete days are taken, the others counted."""

import gzip
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from charging.adapters.bundled import DATA
from charging.adapters.prices.price_day import PriceAnswerError
from charging.adapters.prices.price_file import read_price_file
from charging.core.market_time import market_day_bounds

DATE = date(2026, 1, 20)
HEADER = "utc_start,area,resolution_minutes,price,currency,unit,source"


def make_lines(*, area: str = "NO2", day: date = DATE, minutes: int = 15, tail: str = "EUR,MWh,smard") -> list[str]:
    start, end = market_day_bounds(day)
    step = timedelta(minutes=minutes)
    times = [start + index * step for index in range((end - start) // step)]
    return [f"{at:%Y-%m-%dT%H:%M:%SZ},{area},{minutes},{at.hour}.5,{tail}" for at in times]


def write_file(folder: Path, *lines: str, header: str = HEADER, is_compressed: bool = True) -> Path:
    path = folder / "prices.csv"
    content = "\n".join([header, *lines]).encode()
    path.write_bytes(gzip.compress(content) if is_compressed else content)
    return path


@pytest.mark.parametrize("is_compressed", [True, False], ids=["compressed", "plain"])
def test_a_complete_day_is_read(tmp_path: Path, is_compressed: bool) -> None:
    days, refused = read_price_file(write_file(tmp_path, *make_lines(), is_compressed=is_compressed), licence="CC0")

    assert refused == Counter()
    (day,) = days
    assert (day.area_code, day.delivery_date, day.source, day.licence) == ("NO2", DATE, "smard", "CC0")
    assert day.intervals[0].start == datetime.fromisoformat("2026-01-19T23:00:00Z")
    assert day.intervals[0].price_per_kwh == Decimal("0.0235")


def test_the_order_of_the_lines_does_not_matter(tmp_path: Path) -> None:
    forwards, _ = read_price_file(write_file(tmp_path, *make_lines()))
    backwards, _ = read_price_file(write_file(tmp_path, *reversed(make_lines())))
    assert forwards == backwards


def test_areas_days_and_sources_are_kept_apart(tmp_path: Path) -> None:
    lines = [
        *make_lines(),
        *make_lines(tail="EUR,MWh,epex_results"),
        *make_lines(area="FI", minutes=60),
        *make_lines(day=DATE + timedelta(days=1)),
    ]
    days, refused = read_price_file(write_file(tmp_path, *lines))
    found = [(day.area_code, day.delivery_date.day, day.source, len(day.intervals)) for day in days]
    assert found == [
        ("FI", 20, "smard", 24),
        ("NO2", 20, "epex_results", 96),
        ("NO2", 20, "smard", 96),
        ("NO2", 21, "smard", 96),
    ]
    assert refused == Counter()


def test_areas_and_a_source_can_be_chosen(tmp_path: Path) -> None:
    lines = [*make_lines(), *make_lines(tail="EUR,MWh,other"), *make_lines(area="FI"), *make_lines(area="DK1")]
    days, _ = read_price_file(write_file(tmp_path, *lines), only_areas={"NO2", "DK1"}, only_source="smard")
    assert [(day.area_code, day.source) for day in days] == [("DK1", "smard"), ("NO2", "smard")]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        pytest.param(make_lines()[:-1], "incomplete day", id="an interval missing"),
        pytest.param([*make_lines(), make_lines()[4]], "times out of order or doubled", id="an interval twice"),
        pytest.param(make_lines(area="ATLANTIS"), "unknown area", id="an unknown area"),
        pytest.param(make_lines(tail="SEK,MWh,smard"), "wrong unit", id="another currency"),
        pytest.param(make_lines(tail="EUR,kWh,smard"), "wrong unit", id="another unit"),
        pytest.param([make_lines()[0].replace("23.5", "n/a"), *make_lines()[1:]], "a price is no number", id="text"),
        pytest.param([make_lines()[0].replace("23.5", "NaN"), *make_lines()[1:]], "absurd price", id="NaN"),
    ],
)
def test_a_bad_day_is_refused_and_the_good_one_beside_it_kept(tmp_path: Path, lines: list[str], reason: str) -> None:
    good = make_lines(day=DATE + timedelta(days=3))
    days, refused = read_price_file(write_file(tmp_path, *lines, *good))
    assert [day.delivery_date for day in days] == [DATE + timedelta(days=3)]
    assert refused == Counter({reason: 1})


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PriceAnswerError, match="columns missing: unit"):
        read_price_file(write_file(tmp_path, header=HEADER.replace(",unit", "")))


def test_a_file_with_unreadable_times_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PriceAnswerError, match="not ISO 8601"):
        read_price_file(write_file(tmp_path, "yesterday,NO2,15,1,EUR,MWh,smard"))


def test_the_bundled_sample_is_a_file_of_complete_days() -> None:
    days, refused = read_price_file(DATA / "sample_prices.csv.gz")
    assert refused == Counter()
    assert len(days) == 6 * 31
    assert all(len(day.intervals) == 96 for day in days)
