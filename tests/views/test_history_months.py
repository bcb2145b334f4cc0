"""The months of the history: each once, and with the sums of all its nights."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client as Browser

from charging.models import Vehicle
from tests.views.cars import make_own_car
from tests.views.nights import make_night, page_of, totals


@pytest.fixture
def vehicle(db: None, client: Browser, story_time: None) -> Vehicle:
    return make_own_car(client)


def test_the_total_of_a_cut_month_is_that_of_all_its_nights(
    client: Browser, vehicle: Vehicle, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days_ago in range(3):
        make_night(vehicle, days_ago=days_ago)
    whole = totals(page_of(client))
    monkeypatch.setattr("charging.views.history.MOST_ROWS", 2)

    assert totals(page_of(client)) == whole


def test_a_month_stands_once_where_two_time_zones_mix_its_turn(client: Browser, vehicle: Vehicle) -> None:
    turn = datetime(2025, 11, 30, 22, 30, tzinfo=UTC)
    for hours, zone in ((0, "Europe/Helsinki"), (1, "Europe/Lisbon"), (-48, "Europe/Oslo"), (48, "Europe/Oslo")):
        begins = turn + timedelta(hours=hours)
        make_night(vehicle, plugged_in_at=begins, unplugged_at=begins + timedelta(minutes=40), timezone_name=zone)

    assert re.findall("<caption>(.*?)</caption>", page_of(client)) == ["December 2025", "November 2025"]
