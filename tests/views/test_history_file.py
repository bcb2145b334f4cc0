"""The history as a file: what the table says, for spreadsheets."""

from __future__ import annotations

import csv
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.test import Client as Browser

from charging.models import Vehicle
from tests.views.cars import make_own_car, text_of
from tests.views.nights import cells, make_night, page_of


@pytest.fixture
def vehicle(db: None, client: Browser, story_time: None) -> Vehicle:
    return make_own_car(client)


def rows_of_file(client: Browser, period: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/history/sessions.csv?period={period}")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(StringIO(text_of(answer))))


def test_ux_30_the_file_says_what_the_table_says(client: Browser, vehicle: Vehicle) -> None:
    make_night(vehicle, protective_energy_kwh=1.2, protective_cost=Decimal("0.40"))
    make_night(vehicle, days_ago=1, currency="SEK", cost=12, cost_charged_at_once=10, saving=-2)

    page, rows = page_of(client), rows_of_file(client)

    for number, row in enumerate(rows):
        shown = cells(page, number)
        assert shown[2] == f"{float(row['kWh']):.1f}"
        assert shown[4] == f"{row['cost']} {row['currency']}"
        assert shown[5] == f"{row['cost from plug-in']} {row['currency']}"
        assert shown[6] in {f"{row['saving']} {row['currency']}", f"cost {row['saving'][1:]} {row['currency']} more"}
        assert shown[7] == row["notes"].replace("\N{NO-BREAK SPACE}", " ")
    assert rows[0]["plugged in"] == "2025-12-09T19:04:00+01:00"
    assert rows[0]["unplugged"] == "2025-12-10T07:00:00+01:00"
    assert (rows[0]["kWh up to minimum"], rows[0]["cost up to minimum"]) == ("1.200", "0.40")
    assert rows[0]["sample prices from"] == "2025-12-09 2025-12-10"
    assert (rows[0]["energy"], rows[0]["price area"], rows[0]["spot price only"]) == ("metered", "NO2", "yes")


def test_the_file_leaves_empty_what_is_not_known(client: Browser, vehicle: Vehicle) -> None:
    unknown: dict[str, Any] = dict.fromkeys(
        ("cost", "cost_charged_at_once", "saving", "protective_cost", "override_cost")
    )
    make_night(
        vehicle,
        unplugged_at=None,
        energy_kwh=0,
        energy_source="",
        soc_from_percent=None,
        soc_to_percent=None,
        is_spot_only=False,
        **unknown,
    )

    [row] = rows_of_file(client, "all")

    empty = ("unplugged", "kWh", "battery from %", "battery to %", "cost", "cost from plug-in", "saving")
    assert [row[name] for name in empty] == [""] * len(empty)
    assert row["spot price only"] == "no"


def test_a_name_never_becomes_a_formula_of_the_spreadsheet(client: Browser, vehicle: Vehicle) -> None:
    make_night(vehicle, place_name='=HYPERLINK("http://example.com")')
    Vehicle.objects.filter(pk=vehicle.pk).update(display_name="+car")

    [row] = rows_of_file(client)

    assert row["place"] == '\'=HYPERLINK("http://example.com")'
    assert row["car"] == "'+car"


@pytest.mark.parametrize("sign", "＝＋－＠")
def test_nor_where_it_begins_with_a_wide_sign(client: Browser, vehicle: Vehicle, sign: str) -> None:
    make_night(vehicle, place_name=f"{sign}1+1")

    assert rows_of_file(client)[0]["place"] == f"'{sign}1+1"
