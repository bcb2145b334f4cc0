"""How old the prices of the areas in use are, and whether tomorrow's are late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from charging.models import PriceArea
from charging.operations.price_figures import AreaPrices, prices_of_areas
from tests.factories import NOW, make_driver, make_location, make_price_area, make_prices

pytestmark = pytest.mark.django_db

FOUR_IN_THE_AFTERNOON = datetime(2025, 12, 9, 15, 0, tzinfo=UTC)
"""In the time of the market."""


def make_home(**values: object) -> PriceArea:
    area = make_price_area(**values)
    make_location(driver=make_driver(), price_area=area)
    return area


def test_only_areas_that_price_a_place_are_told() -> None:
    make_price_area(code="SE4")
    make_home()

    assert prices_of_areas(at_wall=NOW) == (AreaPrices("NO2", None, False),)


def test_prices_are_as_old_as_the_newest_document() -> None:
    area = make_home()
    for hours in (30, 5):
        make_prices(area=area, day_start=NOW - timedelta(hours=hours), prices=["0.1"])

    assert prices_of_areas(at_wall=NOW) == (AreaPrices("NO2", timedelta(hours=5), False),)


@pytest.mark.parametrize(
    ("at_wall", "has_tomorrow", "are_late"),
    [
        (FOUR_IN_THE_AFTERNOON - timedelta(minutes=1), False, False),
        (FOUR_IN_THE_AFTERNOON, False, True),
        (FOUR_IN_THE_AFTERNOON, True, False),
    ],
    ids=["before four", "at four", "at four, and there"],
)
def test_tomorrow_is_late_from_four_in_the_afternoon_of_the_market(
    settings: Settings, at_wall: datetime, has_tomorrow: bool, are_late: bool
) -> None:
    settings.READYBY_LIVE_PRICES = True
    area = make_home()
    today = datetime(2025, 12, 8, 23, 0, tzinfo=UTC)
    make_prices(area=area, day_start=today, prices=["0.1"])
    if has_tomorrow:
        make_prices(area=area, day_start=today + timedelta(days=1), prices=["0.1"])

    assert [area.are_late for area in prices_of_areas(at_wall=at_wall)] == [are_late]


def test_prices_that_did_not_come_are_late_past_midnight_too(settings: Settings) -> None:
    settings.READYBY_LIVE_PRICES = True
    make_prices(area=make_home(), day_start=datetime(2025, 12, 8, 23, 0, tzinfo=UTC), prices=["0.1"])
    midnight = datetime(2025, 12, 9, 23, 0, tzinfo=UTC)

    for at_wall in (midnight, midnight + timedelta(hours=9)):
        assert [area.are_late for area in prices_of_areas(at_wall=at_wall)] == [True]


def test_an_area_that_never_had_prices_is_late_too(settings: Settings) -> None:
    settings.READYBY_LIVE_PRICES = True
    make_home()

    assert prices_of_areas(at_wall=NOW) == (AreaPrices("NO2", None, True),)


def test_an_area_of_the_operators_own_is_nobodys_to_publish(settings: Settings) -> None:
    settings.READYBY_LIVE_PRICES = True
    make_home(code="OWN", name="Our own")

    assert prices_of_areas(at_wall=NOW) == (AreaPrices("OWN", None, False),)
