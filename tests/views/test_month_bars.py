"""The bars of what each month saved."""

from __future__ import annotations

import re

import pytest
from django.test import Client as Browser

from charging.models import Vehicle
from tests.views.cars import make_own_car
from tests.views.nights import make_night, page_of


@pytest.fixture
def vehicle(db: None, client: Browser, story_time: None) -> Vehicle:
    return make_own_car(client)


@pytest.mark.parametrize(
    ("savings", "heights", "caption"),
    [
        ([4, 2], [("saved", "60.75"), ("saved", "121.5")], "Most in December, <b>4.00 EUR</b>."),
        ([2, -2], [("loss", "60.75"), ("saved", "60.75")], "Most in December, <b>2.00 EUR</b>."),
        ([-1, -2], [("loss", "121.5"), ("loss", "60.75")], "Saving per month, in EUR.<"),
        ([0, 0], [("saved", "0"), ("saved", "0")], "Saving per month, in EUR.<"),
    ],
    ids=["gains", "a gain and a loss", "losses", "nothing"],
)
def test_bars_are_as_high_as_what_they_tell(
    client: Browser, vehicle: Vehicle, savings: list[int], heights: list[tuple[str, str]], caption: str
) -> None:
    for number, saving in enumerate(savings):
        costs = {"cost": 5, "cost_charged_at_once": 5 + saving}
        make_night(vehicle, days_ago=30 * number, saving=saving, **costs)

    page = page_of(client)

    assert re.findall(r'<rect class="(\w+)"[^>]*height="([\d.]+)"', page[page.index("bars") :]) == heights
    assert caption in page


def test_large_amounts_at_the_bars_are_whole_so_that_they_fit_a_phone(client: Browser, vehicle: Vehicle) -> None:
    for days_ago, saving in ((0, 243), (30, 67)):
        make_night(
            vehicle, days_ago=days_ago, currency="NOK", cost=100, cost_charged_at_once=100 + saving, saving=saving
        )

    page = page_of(client)

    assert ">243</text>" in page
    assert ">67</text>" in page


def test_bars_show_the_last_twelve_months(client: Browser, vehicle: Vehicle) -> None:
    for days_ago in (0, 400):
        make_night(vehicle, days_ago=days_ago)

    page = page_of(client, "all")

    assert page.count('<rect class="saved"') == 12
