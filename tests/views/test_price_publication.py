"""The page of prices says who published them, and since when they are here."""

from __future__ import annotations

import pytest
from django.test import Client as Browser
from django.urls import reverse

from charging.models import Location, PriceArea
from tests import factories
from tests.views.cars import make_own_car, text_of

TODAY, TOMORROW = factories.at(0, day=9), factories.at(0)
YESTERDAY_NOON, TODAY_NOON = factories.at(12, 51, day=8), factories.at(12, 58, day=9)


@pytest.fixture
def area(client: Browser, db: None, story_time: None) -> PriceArea:
    make_own_car(client)
    return factories.make_price_area()


def notes(client: Browser) -> list[str]:
    """What is said below today's and tomorrow's picture."""
    page = text_of(client.get(reverse("prices"))).replace("\N{NO-BREAK SPACE}", " ")
    sections = page.split('<section class="card plan">')[1:]
    return [
        part.split("Published by")[1].split("</p>")[0].strip() if "Published by" in part else "" for part in sections
    ]


def publish(area: PriceArea, source: str = "nord-pool", **values: object) -> None:
    for day_start, fetched_at in ((TODAY, YESTERDAY_NOON), (TOMORROW, TODAY_NOON)):
        given = {"source": source, "fetched_at": fetched_at} | values
        factories.make_prices(area=area, day_start=day_start, prices=[0.1] * 96, **given)


def test_each_day_names_its_source_and_when_its_prices_came(client: Browser, area: PriceArea) -> None:
    publish(area)

    assert notes(client) == ["Nord Pool, here since yesterday 12:51.", "Nord Pool, here since 12:58."]


def test_of_two_sources_the_one_whose_prices_count_is_named(client: Browser, area: PriceArea) -> None:
    publish(area, "energy-charts", licence="CC BY 4.0")
    assert notes(client)[1] == "Energy-Charts (CC BY 4.0), here since 12:58."

    publish(area, "entsoe")
    assert notes(client)[1] == "ENTSO-E, here since 12:58."


def test_a_correction_counts_from_when_it_came(client: Browser, area: PriceArea) -> None:
    publish(area)
    publish(area, version=2, fetched_at=factories.at(15, 30, day=9))

    assert notes(client) == ["Nord Pool, here since 15:30."] * 2


def test_what_somebody_loaded_goes_by_the_name_they_gave_it(client: Browser, area: PriceArea) -> None:
    publish(area, "our own file")

    assert notes(client)[0] == "our own file, here since yesterday 12:51."


def test_sample_prices_were_not_published_now(client: Browser, area: PriceArea) -> None:
    assert notes(client) == ["", ""]


def test_prices_of_ones_own_were_published_by_nobody(client: Browser, area: PriceArea) -> None:
    publish(area)
    factories.make_terms(location=Location.objects.get(), rates={"all day": "0.25"})

    assert notes(client) == ["", ""]
