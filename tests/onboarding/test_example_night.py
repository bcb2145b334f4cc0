"""The picture of a night: with the prices published for it where there are any, else with sample prices by name."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from charging.models import Driver, PriceArea
from onboarding.example_night import ExampleNight, example_night
from onboarding.live_night import live_night
from tests import factories
from tests.onboarding.walk import page
from tests.views.cars import begin_story

pytestmark = pytest.mark.django_db
NO_BREAK = "\N{NO-BREAK SPACE}"


def publish(area: PriceArea, *days: int, count: int = 96) -> None:
    """Low prices from two to five at night, of days of December 2025."""
    for day in days:
        prices = [0.05 if 8 <= quarter < 20 else 0.30 for quarter in range(count)]
        start = factories.at(0, day=day)
        factories.make_prices(
            area=area, day_start=start, prices=prices, source="nord-pool", fetched_at=start - timedelta(hours=11)
        )


def night(now: datetime = factories.NOW, driver: Driver | None = None) -> ExampleNight:
    return example_night(now=now, driver=driver)


def test_tonights_published_prices_are_drawn_once_tomorrows_are_known() -> None:
    publish(factories.make_price_area(), 9, 10)

    shown = night()

    assert shown.recorded_on == ()
    assert "01:30" <= shown.start < "05:00"
    note = shown.note.replace(NO_BREAK, " ")
    assert note == (
        "Prices of NO2 (South Norway) on 9 and 10 December 2025. Spot price only. "
        "Published by Nord Pool, here since 13:00."
    )


def test_before_that_it_is_the_night_before() -> None:
    publish(factories.make_price_area(), 8, 9)

    assert "on 8 and 9 December 2025." in night(factories.at(9, day=9)).note


@pytest.mark.parametrize("days", [(), (9,), (7, 10)], ids=["none", "half a night", "other nights"])
def test_without_a_whole_night_it_is_the_sample_by_its_name(days: tuple[int, ...]) -> None:
    publish(factories.make_price_area(), *days)

    assert "sample prices from 9 and 10 December 2025" in night(factories.at(22, day=9)).note


def test_a_day_with_a_gap_is_no_whole_night() -> None:
    area = factories.make_price_area()
    publish(area, 9)
    publish(area, 10, count=20)

    assert night().recorded_on != ()


def test_it_is_the_area_of_the_drivers_place() -> None:
    fi = {"code": "FI", "name": "Finland", "country": "FI", "timezone_name": "Europe/Helsinki"}
    near = factories.make_price_area(**fi)
    publish(factories.make_price_area(), 9, 10)
    publish(near, 9, 10, 11)
    driver = factories.make_driver()
    factories.make_location(driver=driver, price_area=near, timezone_name="Europe/Helsinki")

    assert "Prices of FI (Finland)" in night(driver=driver).note
    assert "Prices of NO2 (South Norway)" in night().note


def test_where_only_another_area_is_known_it_is_that_one() -> None:
    publish(factories.make_price_area(code="SE3", name="South Central Sweden", country="SE"), 9, 10)

    assert "Prices of SE3" in night().note


def test_the_night_on_which_the_clocks_change_lasts_as_long_as_it_does() -> None:
    area = factories.make_price_area()
    spring = datetime(2026, 3, 27, 23, tzinfo=UTC)
    factories.make_prices(area=area, day_start=spring, prices=[0.10] * 96)
    factories.make_prices(area=area, day_start=spring + timedelta(days=1), prices=[0.10] * 92)

    found = live_night(
        plugged_in=time(18), deadline=time(7), usual_area=area.code, driver=None, now=spring + timedelta(hours=19)
    )

    assert found is not None
    assert found.deadline_at - found.plugged_in_at == timedelta(hours=12)


def test_both_pages_show_it(client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_story(settings, monkeypatch)
    publish(factories.make_price_area(), 9, 10)

    for url in ("/", "/setup/how/"):
        text = page(client, url)
        assert "Prices of NO2 (South Norway) on 9 and 10 December 2025." in text
        assert "sample prices" not in text
