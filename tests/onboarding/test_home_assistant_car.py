"""What of a Home Assistant is the car: suggested, judged, stored once, and another one when it is answered anew."""

from __future__ import annotations

import html

import pytest
from django.test import Client

from charging.models import ConnectedCar, Connection, Driver, Vehicle
from charging.models.vehicles import GatewayName
from onboarding.models import OnboardingDraft
from tests.adapters.home_assistant_server import (
    BY_SWITCH,
    ENTITIES,
    PHONE,
    FakeHomeAssistant,
)
from tests.feeds.server import Reply
from tests.onboarding.home_assistant import CAR, connect
from tests.onboarding.walk import ANSWERS, URLS, h1, page, send


def test_the_second_page_suggests_the_car_and_groups_by_device(
    client: Client, alice: Driver, server: FakeHomeAssistant
) -> None:
    text = page(client, connect(client, server))

    for use, entity_id in BY_SWITCH.that_are_read():
        assert f'<option value="{entity_id}" selected' in text, use
    assert 'label="Family car"' in text
    assert f'label="{html.escape(PHONE)}"' in text
    assert "No tracker: at" in text


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
