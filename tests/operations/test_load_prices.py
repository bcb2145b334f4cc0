"""manage.py load_prices."""

import gzip
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from charging.adapters.bundled import DATA
from charging.models import Price, PriceDocument

pytestmark = pytest.mark.django_db

SAMPLE = DATA / "sample_prices.csv.gz"


def load(path: Path, **options: str) -> str:
    out = StringIO()
    call_command("load_prices", str(path), stdout=out, **options)
    return out.getvalue()


def test_a_file_is_stored_day_by_day_with_its_source_and_licence() -> None:
    assert load(SAMPLE, areas="NO2, SE4", licence="CC BY 4.0") == "62 days stored, 0 already there, 0 refused\n"

    assert set(PriceDocument.objects.values_list("area__code", "source", "licence")) == {
        ("NO2", "smard", "CC BY 4.0"),
        ("SE4", "smard", "CC BY 4.0"),
    }


def test_loading_it_again_changes_nothing() -> None:
    load(SAMPLE, areas="NO2")
    assert load(SAMPLE, areas="NO2") == "0 days stored, 31 already there, 0 refused\n"
    assert PriceDocument.objects.count() == 31


def test_a_source_that_is_not_in_the_file_stores_nothing() -> None:
    assert load(SAMPLE, source="elsewhere") == "0 days stored, 0 already there, 0 refused\n"


def test_refused_days_are_counted_with_their_reason(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text(
        "utc_start,area,resolution_minutes,price,currency,unit,source\n"
        "2026-01-19T23:00:00Z,NO2,60,50,EUR,MWh,somewhere\n"
        "2026-01-20T00:00:00Z,NO2,60,50,EUR,MWh,somewhere\n"
    )
    assert load(path) == (
        "0 days stored, 0 already there, 1 refused\n"
        "  refused, incomplete day: 1\n"
        "    from line 2: NO2 2026-01-20: incomplete day: 2 prices\n"
    )


def test_of_many_refused_days_only_the_first_are_told(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    rows = [f"2026-01-{day:02}T12:00:00Z,NO2,60,50,EUR,MWh,somewhere\n" for day in range(1, 31)]
    path.write_text("utc_start,area,resolution_minutes,price,currency,unit,source\n" + "".join(rows))

    lines = load(path).splitlines()

    assert lines[0] == "0 days stored, 0 already there, 30 refused"
    assert lines[-1] == "    and 10 more"
    assert len(lines) == 23


def test_a_json_list_is_stored_too_and_told_where_it_differs(tmp_path: Path) -> None:
    load(SAMPLE, areas="NO2")
    document = PriceDocument.objects.get(delivery_date="2025-12-10")
    rows = [
        {
            "utc_start": price.start.isoformat(),
            "area": "NO2",
            "resolution_minutes": 15,
            "price": float(price.price_per_kwh * 1000) + 1,
            "currency": "EUR",
            "unit": "MWh",
            "source": "by hand",
        }
        for price in document.prices.order_by("start")
    ]
    path = tmp_path / "prices.json"
    path.write_text(json.dumps(rows))

    assert load(path) == "1 days stored, 0 already there, 0 refused\n  NO2 2025-12-10 differs from smard\n"
    assert PriceDocument.objects.get(source="by hand").version == 1
    assert document.prices.count() == 96


def test_a_bad_file_never_touches_good_prices(tmp_path: Path) -> None:
    load(SAMPLE, areas="NO2")
    before = list(Price.objects.order_by("pk").values_list())
    good = gzip.decompress(SAMPLE.read_bytes()).decode().splitlines()
    bad = [line.rsplit(",", 4)[0] + ",NaN,EUR,MWh,smard" if ",NO2," in line else line for line in good]
    path = tmp_path / "prices.csv"
    path.write_text("\n".join(bad[:1] + [line for line in bad if ",NO2," in line]))

    assert load(path).startswith("0 days stored, 0 already there, 31 refused\n  refused, absurd price: 31\n")
    assert list(Price.objects.order_by("pk").values_list()) == before


@pytest.mark.parametrize(
    "content",
    [b"time,price\n", b"\xff\xfe\x00", b"\x1f\x8bnot gzip", gzip.compress(b"utc_start,area\n" * 99)[:-12]],
    ids=["columns", "text", "gzip", "gzip cut off"],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "prices.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=r"prices\.csv cannot be read"):
        load(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="missing"):
        load(tmp_path / "missing.csv")
