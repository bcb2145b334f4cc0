"""manage.py load_prices."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from charging.adapters.bundled import DATA
from charging.models import PriceDocument

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
    assert load(path) == "0 days stored, 0 already there, 1 refused\n  refused, incomplete day: 1\n"


@pytest.mark.parametrize(
    "content", [b"time,price\n", b"\xff\xfe\x00", b"\x1f\x8bnot gzip"], ids=["columns", "text", "gzip"]
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "prices.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=r"prices\.csv cannot be read"):
        load(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="missing"):
        load(tmp_path / "missing.csv")
