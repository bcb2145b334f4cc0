"""A repair card can be put aside: it stays away until what it tells of happens again."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client as Browser

from charging.core.states import State
from charging.models import Policy, Vehicle, VehicleView
from charging.operations.repair_cards import MOST_REMEMBERED, put_card_aside
from tests import factories
from tests.views.cars import make_own_car, text_of, url
from tests.views.findings import address_of, make_finding


@pytest.fixture
def vehicle(db: None, client: Browser, story_time: None) -> Vehicle:
    return make_own_car(client)


def cards(browser: Browser, vehicle: Vehicle) -> list[str]:
    """The ids of the cards on the dashboard."""
    return re.findall(r'class="card repair[^"]*" id="([^"]+)"', text_of(browser.get(url("car", vehicle))))


def press(browser: Browser, vehicle: Vehicle, card: str) -> str:
    """Presses the button of a card as the page has it. Returns the page that answers."""
    page = text_of(browser.get(url("car", vehicle)))
    fields = re.search(rf'name="card" value="{card}"><input type="hidden" name="occasion" value="([^"]+)"', page)
    assert fields is not None
    typed = {"card": card, "occasion": unescape(fields[1])}
    return text_of(browser.post(url("car_put_aside", vehicle), typed, follow=True))


def test_a_finding_put_aside_comes_back_when_it_is_seen_again(client: Browser, vehicle: Vehicle) -> None:
    finding = make_finding(vehicle)
    card = f"finding-{finding.pk}"

    page = press(client, vehicle, card)

    assert "Put aside. We show it again when it happens the next time." in page
    assert cards(client, vehicle) == []
    assert "You have put this aside." in text_of(client.get(address_of(finding)))
    finding.last_seen_at += timedelta(days=1)
    finding.save()
    assert cards(client, vehicle) == [card]


def test_a_car_that_answered_in_between_and_is_silent_again_is_news(client: Browser, vehicle: Vehicle) -> None:
    VehicleView.objects.update(observed_at=factories.NOW - timedelta(hours=1))
    assert cards(client, vehicle) == ["silent"]

    press(client, vehicle, "silent")

    assert cards(client, vehicle) == []
    VehicleView.objects.update(observed_at=factories.NOW - timedelta(minutes=40))
    assert cards(client, vehicle) == ["silent"]


@pytest.mark.parametrize("what", ["limit", "minimum", "plug_in"])
def test_a_minimum_above_the_limit_is_news_when_either_changes_or_at_the_next_plug_in(
    client: Browser, vehicle: Vehicle, what: str
) -> None:
    Policy.objects.update(minimum_charge_limit=90)
    press(client, vehicle, "minimum")
    assert cards(client, vehicle) == []

    if what == "limit":
        VehicleView.objects.update(charge_limit_percent=70)
    elif what == "minimum":
        Policy.objects.update(version=9)
    else:
        VehicleView.objects.update(plugged_in_at=factories.NOW - timedelta(minutes=10))

    assert cards(client, vehicle) == ["minimum"]


def test_what_explains_the_headline_cannot_be_put_aside(client: Browser, db: None, story_time: None) -> None:
    vehicle = make_own_car(client, State.START_FAILED)
    finding = make_finding(vehicle)
    put_card_aside(vehicle=vehicle, card=f"finding-{finding.pk}", occasion=finding.last_seen_at.isoformat())
    put_card_aside(vehicle=vehicle, card="check", occasion="")

    assert cards(client, vehicle) == ["check"]
    assert "Not now" not in text_of(client.get(url("car", vehicle)))


def test_only_the_newest_are_remembered(vehicle: Vehicle) -> None:
    for number in range(MOST_REMEMBERED + 1):
        put_card_aside(vehicle=vehicle, card=f"finding-{number}", occasion="then")
    put_card_aside(vehicle=vehicle, card="finding-1", occasion="now")

    vehicle.refresh_from_db()
    assert len(vehicle.put_aside) == MOST_REMEMBERED
    assert "finding-0" not in vehicle.put_aside
    assert list(vehicle.put_aside.items())[-1] == ("finding-1", "now")


@pytest.mark.parametrize(
    "typed", [{}, {"card": "silent"}, {"occasion": "x"}], ids=["nothing", "no occasion", "no card"]
)
def test_without_a_card_and_an_occasion_nothing_is_remembered(
    client: Browser, vehicle: Vehicle, typed: dict[str, str]
) -> None:
    client.post(url("car_put_aside", vehicle), typed)

    vehicle.refresh_from_db()
    assert vehicle.put_aside == {}


def test_what_is_typed_by_hand_is_cut_short(client: Browser, vehicle: Vehicle) -> None:
    client.post(url("car_put_aside", vehicle), {"card": "x\0" * 999, "occasion": "y" * 999})

    vehicle.refresh_from_db()
    assert vehicle.put_aside == {"x" * 50: "y" * 100}


def test_nobody_puts_aside_anybody_elses_cards(client: Browser, vehicle: Vehicle) -> None:
    theirs = factories.make_parked_car()

    answer = client.post(url("car_put_aside", theirs), {"card": "silent", "occasion": "x"})

    assert answer.status_code == 404
    theirs.refresh_from_db()
    assert theirs.put_aside == {}
