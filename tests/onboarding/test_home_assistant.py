"""Connecting a real car in the wizard, without JavaScript: tried before it is stored, each fault beside its field."""

from __future__ import annotations

import html
from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from charging.models import ConnectedCar, Connection, Driver, Vehicle
from charging.models.vehicles import GatewayName
from charging.operations.clocks import wall_now
from charging.operations.drivers import driver_of_account
from onboarding.models import OnboardingDraft
from tests.adapters.home_assistant_server import (
    BY_SWITCH,
    ENTITIES,
    PHONE,
    TOKEN,
    FakeHomeAssistant,
    serve_home_assistant,
)
from tests.connections import make_connection
from tests.factories import make_account, make_driver
from tests.feeds.server import Reply
from tests.onboarding.walk import ANSWERS, URLS, begin, h1, page, send

URL = "/setup/car/home-assistant/"
CAR = {
    "name": "Our car",
    "make": "VOLVO",
    "capacity": "77",
    "kilowatts": "11",
    **dict(BY_SWITCH.that_are_read()),
}


@pytest.fixture
def server() -> Iterator[FakeHomeAssistant]:
    with serve_home_assistant() as server:
        yield server


@pytest.fixture
def alice(client: Client) -> Driver:
    account = make_account()
    client.force_login(account)
    return driver_of_account(account=account, now=wall_now())


def connect(client: Client, server: FakeHomeAssistant, **values: str) -> str:
    """Sends the first form; returns the address of the second."""
    answer = send(client, URL, **{"address": server.url, "token": TOKEN} | values)
    assert answer.status_code == 303, html.unescape(answer.content.decode())
    return str(answer.headers["Location"])


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


def test_the_second_page_suggests_the_car_and_groups_by_device(
    client: Client, alice: Driver, server: FakeHomeAssistant
) -> None:
    text = page(client, connect(client, server))

    for use, entity_id in BY_SWITCH.that_are_read():
        assert f'<option value="{entity_id}" selected' in text, use
    assert 'label="Family car"' in text
    assert f'label="{html.escape(PHONE)}"' in text
    assert "No tracker: at" in text


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

    answer = send(client, URL, address=server.url, token=TOKEN)

    assert "Enter the address of Home Assistant on the internet" in html.unescape(answer.content.decode())
    assert server.asked == []


def test_a_guest_keeps_the_account_first(client: Client, server: FakeHomeAssistant) -> None:
    begin(client)
    assert "Keep this account first" in page(client, URL)

    answer = send(client, URL, address=server.url, token=TOKEN)

    assert answer.status_code == 422
    assert "Keep this account first" in answer.content.decode()
    assert server.asked == []


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": ""}, "Enter a name for the car"),
        ({"make": ""}, "Select the make of the car"),
        ({"capacity": "big"}, "Battery size must be a number, like 77"),
        ({"capacity": "0"}, "Use a number from 1 to 1000"),
        ({"kilowatts": ""}, "Charging power must be a number, like 11"),
        ({"level": ""}, "Select what tells the battery level"),
        ({"plug": ""}, "Select what tells whether the cable is plugged in"),
        ({"switch": ""}, "Select the switch that lets the car charge, or both buttons"),
        ({"switch": "", "start": ENTITIES.start}, "Select the switch that lets the car charge, or both buttons"),
        ({"level": "sensor.of_nobody"}, "Select a valid choice"),
    ],
)
def test_each_answer_is_judged_and_no_car_is_made(
    client: Client, alice: Driver, server: FakeHomeAssistant, values: dict[str, str], words: str
) -> None:
    url = connect(client, server)

    answer = send(client, url, **CAR | values)

    assert answer.status_code == 422
    assert html.unescape(answer.content.decode()).count(words) == 2
    assert not Vehicle.objects.exists()


def test_a_car_with_two_buttons_is_connected_too(client: Client, alice: Driver, server: FakeHomeAssistant) -> None:
    buttons = {"switch": "", "start": ENTITIES.start, "stop": ENTITIES.stop}

    assert send(client, connect(client, server), **CAR | buttons).status_code == 303

    stored = ConnectedCar.objects.get().entities
    assert (stored["start"], stored["stop"], stored.get("switch")) == (ENTITIES.start, ENTITIES.stop, None)


def test_the_same_form_sent_twice_makes_one_car(client: Client, alice: Driver, server: FakeHomeAssistant) -> None:
    from tests.onboarding.walk import hidden_fields  # noqa: PLC0415 - the form is sent as it was opened

    url = connect(client, server)
    opened = hidden_fields(page(client, url)) | CAR

    client.post(url, opened)
    client.post(url, opened)

    assert Vehicle.objects.count() == 1


def test_another_answer_changes_the_car_and_keeps_it(client: Client, alice: Driver, server: FakeHomeAssistant) -> None:
    url = connect(client, server)
    send(client, url, **CAR)
    assert 'value="Our car"' in page(client, url)

    send(client, url, **CAR | {"name": "The red one", "power": ""})

    car = Vehicle.objects.get()
    assert str(car) == "The red one"
    assert "power" not in car.connected.entities


def test_a_simulated_car_stays_beside_the_real_one(client: Client, alice: Driver, server: FakeHomeAssistant) -> None:
    send(client, URLS["car"], **ANSWERS["car"])

    send(client, connect(client, server), **CAR)

    assert sorted(Vehicle.objects.values_list("gateway", flat=True)) == ["home_assistant", "simulator"]
    assert OnboardingDraft.objects.get().vehicle == Vehicle.objects.get(gateway=GatewayName.HOME_ASSISTANT)


def test_a_real_car_is_not_made_a_simulated_one(client: Client, alice: Driver, server: FakeHomeAssistant) -> None:
    send(client, connect(client, server), **CAR)

    assert send(client, URLS["car"], **ANSWERS["car"]).status_code == 303

    assert Vehicle.objects.filter(gateway=GatewayName.HOME_ASSISTANT).get().display_name == "Our car"
    draft = OnboardingDraft.objects.get()
    assert draft.vehicle is not None
    assert draft.vehicle.is_simulated


def test_an_instance_that_fell_silent_is_told_and_asked_again(
    client: Client, alice: Driver, server: FakeHomeAssistant
) -> None:
    url = connect(client, server)
    server.replies["/api/"] = Reply(b"", 502)

    text = page(client, url)

    assert h1(text) == "Home Assistant does not answer"
    assert Connection.objects.get().trouble == "OFFLINE"
    del server.replies["/api/"]
    assert h1(page(client, url)) == "Which of it is your car?"
    assert Connection.objects.get().trouble == ""


def test_an_instance_without_a_car_says_so(client: Client, alice: Driver, server: FakeHomeAssistant) -> None:
    url = connect(client, server)
    server.replies["/api/states"] = Reply(b"[]")

    assert "There is nothing that looks like a car" in page(client, url)


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
