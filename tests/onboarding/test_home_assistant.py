"""Connecting a Home Assistant in the wizard, without JavaScript: tried before it is stored, faults at their field."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client
from pytest_django import Settings

from charging.models import Connection, Driver, Vehicle
from tests.adapters.home_assistant_server import (
    TOKEN,
    FakeHomeAssistant,
)
from tests.connections import make_connection
from tests.factories import make_driver, make_vehicle
from tests.feeds.server import Reply
from tests.onboarding.home_assistant import CAR, URL, connect
from tests.onboarding.walk import URLS, begin, page, send


def test_the_way_leads_from_the_first_question_to_a_car_that_answers(
    client: Client, alice: Driver, server: FakeHomeAssistant
) -> None:
    assert send(client, URLS["car"], car="home_assistant").headers["Location"] == URL

    answer = send(client, connect(client, server), **CAR)

    assert answer.headers["Location"] == URLS["minimum"]
    car = Vehicle.objects.get()
    assert (car.gateway, str(car), car.vendor, car.battery_capacity_kwh) == ("home_assistant", "Our car", "VOLVO", 77)
    assert (car.view.is_plugged_in, car.view.is_charging) == (True, True)
    assert car.view.soc_percent is not None
    assert "Your car stops at 100" in page(client, URLS["minimum"])


def test_nothing_is_stored_before_the_connection_was_tried(
    client: Client, alice: Driver, server: FakeHomeAssistant
) -> None:
    server.token = "another"

    answer = send(client, URL, address=server.url, token=TOKEN)

    assert answer.status_code == 422
    text = html.unescape(answer.content.decode())
    assert text.count("Home Assistant did not accept the token. Make a new one and paste it here") == 2
    assert 'href="#id_token"' in text
    assert TOKEN not in text
    assert not Connection.objects.exists()


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(b"", 502), "Nobody answers at this address. Is Home Assistant running, and is the port right?"),
        (Reply(b"<html>router</html>"), "What answers at this address does not answer like Home Assistant"),
        (Reply(b"", 429), "Home Assistant was asked too often. Try again in some minutes"),
    ],
)
def test_what_is_wrong_with_the_address_stands_beside_it(
    client: Client, alice: Driver, server: FakeHomeAssistant, reply: Reply, words: str
) -> None:
    server.replies["/api/"] = reply

    answer = send(client, URL, address=server.url, token=TOKEN)

    text = html.unescape(answer.content.decode())
    assert text.count(words) == 2
    assert 'href="#id_address"' in text
    assert server.url in text
    assert not Connection.objects.exists()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"address": ""}, "Enter the address of Home Assistant"),
        ({"address": "homeassistant.local:8123"}, "Begin with http:// on your own network"),
        ({"address": "http://me:pass@homeassistant.local"}, "Leave out the user and the password"),
        (
            {"address": "http://homeassistant.local:8123/lovelace/0"},
            "Leave out what follows the host and its port, like http://homeassistant.local:8123<",
        ),
        ({"address": "http://8.8.8.8"}, "Begin with https://. Only on your own network"),
        ({"address": "http://["}, "Enter the address of Home Assistant"),
        ({"address": "javascript:alert(1)"}, "Enter the address of Home Assistant"),
        ({"address": "http://169.254.169.254"}, "Enter the address of Home Assistant"),
        ({"token": ""}, "Paste the whole token"),
        ({"token": "two words"}, "Paste the whole token"),
        ({"token": "ä"}, "Paste the whole token"),
        ({"token": "x" * 1001}, "Paste the whole token"),
    ],
)
def test_a_form_that_cannot_be_is_not_tried(
    client: Client, alice: Driver, server: FakeHomeAssistant, values: dict[str, str], words: str
) -> None:
    answer = send(client, URL, **{"address": server.url, "token": TOKEN} | values)

    assert answer.status_code == 422
    assert words in html.unescape(answer.content.decode())
    assert server.asked == []


def test_a_local_address_is_not_asked_where_the_operator_allows_none(
    client: Client, alice: Driver, server: FakeHomeAssistant, settings: Settings
) -> None:
    settings.READYBY_LOCAL_GATEWAYS = False
    assert "Where it is reached from the internet" in page(client, URL)

    answer = send(client, URL, address=server.url, token=TOKEN)

    assert "Enter the address of Home Assistant on the internet" in html.unescape(answer.content.decode())
    assert server.asked == []


def test_an_address_without_its_beginning_is_told_the_one_that_is_allowed(
    client: Client, alice: Driver, server: FakeHomeAssistant, settings: Settings
) -> None:
    settings.READYBY_LOCAL_GATEWAYS = False

    answer = send(client, URL, address="home.example:8123", token=TOKEN)

    assert "Begin with https://, like https://home.example" in html.unescape(answer.content.decode())
    assert server.asked == []


def test_a_guest_keeps_the_account_first(client: Client, server: FakeHomeAssistant) -> None:
    begin(client)
    assert "Keep this account first" in page(client, URL)

    answer = send(client, URL, address=server.url, token=TOKEN)

    assert answer.status_code == 422
    assert "Keep this account first" in answer.content.decode()
    assert server.asked == []


def test_time_that_was_sped_up_is_told_before_anything_is_typed(client: Client, alice: Driver) -> None:
    make_vehicle(driver=alice)
    Driver.objects.update(clock_own_anchor=F("clock_own_anchor") + timedelta(hours=20), is_guest=True)

    told = page(client, URL)

    reason = told.index("Time was sped up for your simulated car. Remove that car in Settings first")
    assert reason < told.index("Keep this account first") < told.index('name="address"')
    assert 'its time goes with it. <a href="/settings/">' in told


def test_a_connection_that_is_there_is_offered_again(client: Client, alice: Driver, server: FakeHomeAssistant) -> None:
    url = connect(client, server)

    assert f'href="{url}"' in page(client, URL)
    assert connect(client, server) == url


def test_the_connection_of_somebody_else_does_not_exist(client: Client, alice: Driver) -> None:
    others = make_connection(driver=make_driver(client=alice.client))

    assert client.get(f"{URL}{others.public_id}/").status_code == 404


def test_the_way_back_to_the_check_is_kept(client: Client, alice: Driver, server: FakeHomeAssistant) -> None:
    answer = send(client, f"{URLS['car']}?return=check", car="home_assistant")
    assert answer.headers["Location"] == f"{URL}?return=check"

    answer = send(client, answer.headers["Location"], address=server.url, token=TOKEN)
    answer = send(client, answer.headers["Location"], **CAR)

    assert answer.headers["Location"] == URLS["check"]


def test_the_token_is_in_no_page_and_not_in_the_session(
    client: Client, alice: Driver, server: FakeHomeAssistant
) -> None:
    client.post(URL, {"address": server.url, "token": TOKEN, "version": "1"})
    client.post("/language/", {"language": "de", "next": URL, "token": TOKEN, "address": server.url})

    assert TOKEN not in str(dict(client.session))
    assert TOKEN not in page(client, URL)
    assert TOKEN not in Connection.objects.get().encrypted_secret
