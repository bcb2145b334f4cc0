"""Files of prices: complete days are taken, the others refused with the line they begin in."""

import csv
import gzip
import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from charging.adapters.bundled import DATA
from charging.adapters.prices import price_rows
from charging.adapters.prices.areas import Area, areas
from charging.adapters.prices.price_day import PriceAnswerError, PriceDay
from charging.adapters.prices.price_file import RefusedDay, read_price_file
from charging.core.market_time import market_day_bounds

DATE = date(2026, 1, 20)
HEADER = "utc_start,area,resolution_minutes,price,currency,unit,source"


def make_lines(*, area: str = "NO2", day: date = DATE, minutes: int = 15, tail: str = "EUR,MWh,smard") -> list[str]:
    start, end = market_day_bounds(day)
    step = timedelta(minutes=minutes)
    times = [start + index * step for index in range((end - start) // step)]
    return [f"{at:%Y-%m-%dT%H:%M:%SZ},{area},{minutes},{at.hour}.5,{tail}" for at in times]


def read(path: Path, **options: Any) -> tuple[list[PriceDay], list[RefusedDay]]:
    return read_price_file(path, known_areas=areas(), **options)


def write_file(folder: Path, *lines: str, header: str = HEADER, is_compressed: bool = True) -> Path:
    path = folder / "prices.csv"
    content = "\n".join([header, *lines]).encode()
    path.write_bytes(gzip.compress(content) if is_compressed else content)
    return path


@pytest.mark.parametrize("is_compressed", [True, False], ids=["compressed", "plain"])
def test_a_complete_day_is_read(tmp_path: Path, is_compressed: bool) -> None:
    days, refused = read(write_file(tmp_path, *make_lines(), is_compressed=is_compressed), licence="CC0")

    assert refused == []
    (day,) = days
    assert (day.area_code, day.delivery_date, day.source, day.licence) == ("NO2", DATE, "smard", "CC0")
    assert day.intervals[0].start == datetime.fromisoformat("2026-01-19T23:00:00Z")
    assert day.intervals[0].price_per_kwh == Decimal("0.0235")


def test_the_order_of_the_lines_does_not_matter(tmp_path: Path) -> None:
    forwards, _ = read(write_file(tmp_path, *make_lines()))
    backwards, _ = read(write_file(tmp_path, *reversed(make_lines())))
    assert forwards == backwards


def test_areas_days_and_sources_are_kept_apart(tmp_path: Path) -> None:
    lines = [
        *make_lines(),
        *make_lines(tail="EUR,MWh,epex_results"),
        *make_lines(area="FI", minutes=60),
        *make_lines(day=DATE + timedelta(days=1)),
    ]
    days, refused = read(write_file(tmp_path, *lines))
    found = [(day.area_code, day.delivery_date.day, day.source, len(day.intervals)) for day in days]
    assert found == [
        ("FI", 20, "smard", 24),
        ("NO2", 20, "epex_results", 96),
        ("NO2", 20, "smard", 96),
        ("NO2", 21, "smard", 96),
    ]
    assert refused == []


def test_areas_and_a_source_can_be_chosen(tmp_path: Path) -> None:
    lines = [*make_lines(), *make_lines(tail="EUR,MWh,other"), *make_lines(area="FI"), *make_lines(area="DK1")]
    days, _ = read(write_file(tmp_path, *lines), only_areas={"NO2", "DK1"}, only_source="smard")
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
        pytest.param([make_lines()[0].replace("23.5", "sNaN"), *make_lines()[1:]], "absurd price", id="signaling NaN"),
        pytest.param([make_lines()[0].replace(",15,", ",90,"), *make_lines()[1:]], "unknown market time unit", id="90"),
        pytest.param([make_lines()[0].replace(",15,", ",x,"), *make_lines()[1:]], "unknown market time unit", id="x"),
        pytest.param(make_lines(minutes=60) + make_lines(), "times out of order or doubled", id="hours and quarters"),
    ],
)
def test_a_bad_day_is_refused_and_the_good_one_beside_it_kept(tmp_path: Path, lines: list[str], reason: str) -> None:
    good = make_lines(day=DATE + timedelta(days=3))
    days, refused = read(write_file(tmp_path, *lines, *good))
    assert [day.delivery_date for day in days] == [DATE + timedelta(days=3)]
    assert [(day.line, day.reason) for day in refused] == [(2, reason)]


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PriceAnswerError, match="columns missing: unit"):
        read(write_file(tmp_path, header=HEADER.replace(",unit", "")))


def test_a_file_with_unreadable_times_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PriceAnswerError, match="not ISO 8601: line 3: 'yesterday'"):
        read(write_file(tmp_path, make_lines()[0], "yesterday,NO2,15,1,EUR,MWh,smard"))


def test_the_bundled_sample_is_a_file_of_complete_days() -> None:
    days, refused = read(DATA / "sample_prices.csv.gz")
    assert refused == []
    assert len(days) == 6 * 31
    assert all(len(day.intervals) == 96 for day in days)


def test_quarters_and_hours_may_meet_in_one_day(tmp_path: Path) -> None:
    (day,), refused = read(write_file(tmp_path, *make_lines()[:48], *make_lines(minutes=60)[12:]))

    assert refused == []
    assert day.market_time_unit == timedelta(minutes=15)
    assert [row.end - row.start for row in day.intervals] == [timedelta(minutes=15)] * 48 + [timedelta(hours=1)] * 12


def test_a_time_without_an_offset_is_utc_and_one_with_an_offset_is_itself(tmp_path: Path) -> None:
    bare = [line.replace("Z,", ",") for line in make_lines()]
    offset = [line.replace("Z,", "+00:00,") for line in make_lines()]

    expected = read(write_file(tmp_path, *make_lines()))
    assert read(write_file(tmp_path, *bare)) == expected
    assert read(write_file(tmp_path, *offset)) == expected


def test_a_refusal_names_what_is_wrong_and_where(tmp_path: Path) -> None:
    lines = [*make_lines(), *make_lines(day=DATE + timedelta(days=1))]
    lines[100] = lines[100].replace(".5,", ".x,")

    _, (refused,) = read(write_file(tmp_path, *lines))

    assert (refused.line, refused.area_code, refused.delivery_date) == (98, "NO2", DATE + timedelta(days=1))
    assert refused.message.startswith("a price is no number: line 102: ")


def test_an_area_of_the_operators_own_has_its_own_days(tmp_path: Path) -> None:
    island = Area("ISLAND", "An island", "NZ", "EUR", ("Pacific/Auckland",), market_timezone_name="Pacific/Auckland")
    start, end = island.day_bounds(DATE)
    hours = [start + timedelta(hours=number) for number in range((end - start) // timedelta(hours=1))]
    path = write_file(tmp_path, *[f"{at:%Y-%m-%dT%H:%M:%SZ},ISLAND,60,1,EUR,MWh,own" for at in hours])

    (day,), refused = read_price_file(path, known_areas={"ISLAND": island})

    assert (day.delivery_date, len(day.intervals), refused) == (DATE, 24, [])


class TestJson:
    def write(self, folder: Path, rows: Any, *, is_compressed: bool = False) -> Path:
        path = folder / "prices.json"
        content = rows if isinstance(rows, bytes) else json.dumps(rows).encode()
        path.write_bytes(gzip.compress(content) if is_compressed else content)
        return path

    def rows(self) -> list[dict[str, Any]]:
        return [dict(row) for row in csv.DictReader([HEADER, *make_lines()])]

    @pytest.mark.parametrize("is_compressed", [True, False], ids=["compressed", "plain"])
    def test_a_list_says_the_same_as_the_lines(self, tmp_path: Path, is_compressed: bool) -> None:
        rows = [row | {"price": float(row["price"]), "resolution_minutes": 15} for row in self.rows()]

        found = read(self.write(tmp_path, rows, is_compressed=is_compressed))

        assert found == read(write_file(tmp_path, *make_lines()))

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            pytest.param(b"[1]", "not an object: entry 1", id="a number"),
            pytest.param(b"[{}]", "a value is missing: entry 1: utc_start, area,", id="nothing in it"),
            pytest.param(b"[{", "not JSON", id="truncated"),
            pytest.param(b"[NaN]", "not JSON", id="NaN"),
            pytest.param(b"[" * 100_000, "not JSON", id="nested without end"),
        ],
    )
    def test_a_list_that_is_none_is_refused(self, tmp_path: Path, content: bytes, message: str) -> None:
        with pytest.raises(PriceAnswerError, match=message):
            read(self.write(tmp_path, content))

    def test_there_is_a_largest_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(price_rows, "LARGEST_JSON_BYTES", 100)
        with pytest.raises(PriceAnswerError, match="file too large"):
            read(self.write(tmp_path, self.rows()))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param("2026-01-19T23:00:00Z,NO2", "a value is missing: line 2: resolution_minutes, price", id="short"),
        pytest.param('"' + "x" * 200_000 + '"', "not CSV: after line 1", id="a field without end"),
    ],
)
def test_lines_that_are_none_are_refused(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(PriceAnswerError, match=message):
        read(write_file(tmp_path, line))


def test_a_truncated_archive_is_refused(tmp_path: Path) -> None:
    path = write_file(tmp_path, *make_lines())
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(PriceAnswerError, match="broken compression"):
        read(path)
