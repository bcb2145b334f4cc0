"""What it would have saved, told in the wizard once there is a place."""

from __future__ import annotations

import html

import pytest
from django.test import Client

from tests.onboarding.walk import ANSWERS, URLS, answer_until, begin, page, send


@pytest.fixture
def at_places(client: Client) -> Client:
    begin(client)
    answer_until(client, "places")
    return client


def words(client: Client, path: str) -> str:
    return " ".join(html.unescape(page(client, path)).replace("\N{NO-BREAK SPACE}", " ").split())


QUESTION = "What would it have saved me?"


def test_before_a_place_is_saved_nothing_is_told(at_places: Client) -> None:
    assert QUESTION not in page(at_places, URLS["places"])


@pytest.mark.parametrize("step", ["places", "check"])
def test_after_a_place_is_saved_the_answers_given_are_replayed(at_places: Client, step: str) -> None:
    send(at_places, URLS["places"], **ANSWERS["places"], save="1")

    text = words(at_places, URLS[step])

    assert QUESTION in text
    assert "In 30 nights smart charging would have saved you <b>about" in text
    assert "Ready by 07:00, minimum 20 %." in text
    assert "sample prices from 1 to 31 December 2025" in text


def test_other_evenings_keep_the_way_back_to_the_check(at_places: Client) -> None:
    send(at_places, URLS["places"], **ANSWERS["places"], save="1")

    text = words(at_places, f"{URLS['places']}?return=check&plugged_in=20:00&battery=30")

    assert "plug in every day at 20:00 with 30 %" in text
    assert '<input type="hidden" name="return" value="check">' in text


def test_a_place_without_prices_says_so(at_places: Client) -> None:
    values = {"name": "Home", "latitude": "51.5", "longitude": "-0.12", "example_area": ""}
    send(at_places, URLS["places"], **values, save="1")

    assert "We have no prices for Home yet, so we cannot tell." in words(at_places, URLS["places"])
