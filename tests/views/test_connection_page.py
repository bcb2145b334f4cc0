"""How a real car is connected: what is the matter, a new token, and the two ways to end it."""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client as Browser
from pytest_django import Settings

from charging.core.states import State
from charging.core.trouble import Trouble
from charging.models import Connection, Policy, Vehicle
from charging.models.connections import ConnectionKind
from charging.models.vehicles import GatewayName
from charging.views.connection_words import ENODE_WORDS, WORDS
from tests.adapters.home_assistant_server import TOKEN, FakeHomeAssistant, serve_home_assistant
from tests.connections import make_connection, make_enode_connection, put_behind, put_behind_enode
from tests.factories import NOW, make_due
from tests.views.cars import begin_story, make_own_car, text_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _story(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_story(settings, monkeypatch)


@pytest.fixture
def server() -> Iterator[FakeHomeAssistant]:
    with serve_home_assistant() as server:
        yield server


@pytest.fixture
def car(client: Browser, server: FakeHomeAssistant) -> Vehicle:
    vehicle = make_own_car(client, State.STOPPED)
    make_due(vehicle=vehicle)
    put_behind(make_connection(driver=vehicle.driver, address=server.url), vehicle)
    return vehicle


def bring(car: Vehicle, trouble: Trouble) -> None:
    Connection.objects.update(trouble=trouble.value, trouble_since=NOW)


def test_a_connection_that_works_says_so_and_shows_no_token(
    client: Browser, car: Vehicle, server: FakeHomeAssistant
) -> None:
    text = text_of(client.get(url("car_connection", car)))

    assert "Home Assistant answers." in text
    assert server.url in text
    assert TOKEN not in text
    assert Connection.objects.get().encrypted_secret not in text


@pytest.mark.parametrize("trouble", Trouble)
def test_each_trouble_has_a_headline_and_what_to_do(client: Browser, car: Vehicle, trouble: Trouble) -> None:
    bring(car, trouble)

    text = html.unescape(text_of(client.get(url("car_connection", car))))

    assert str(WORDS[trouble].headline) in text
    assert str(WORDS[trouble].sentence) in text


def test_a_new_token_connects_the_car_again(client: Browser, car: Vehicle, server: FakeHomeAssistant) -> None:
    bring(car, Trouble.SIGN_IN_NEEDED)
    server.token = "a-newer-one"

    answer = client.post(url("car_connection", car), {"do": "sign_in", "token": "a-newer-one"}, follow=True)

    assert "Connected again. We are asking your car." in text_of(answer)
    assert not Connection.objects.get().trouble


def test_a_token_that_is_refused_is_told_beside_its_field_and_not_shown(
    client: Browser, car: Vehicle, server: FakeHomeAssistant
) -> None:
    answer = client.post(url("car_connection", car), {"do": "sign_in", "token": "not-this-one"})

    text = html.unescape(text_of(answer))
    assert answer.status_code == 422
    assert text.count("Home Assistant did not accept the token. Make a new one and paste it here") == 2
    assert "not-this-one" not in text


def test_a_car_is_disconnected_and_keeps_its_history(client: Browser, car: Vehicle) -> None:
    answer = client.post(url("car_connection", car), {"do": "disconnect"}, follow=True)

    assert "Your car is disconnected. Its history stays." in text_of(answer)
    assert not Connection.objects.exists()
    assert not Policy.objects.get(vehicle=car).is_enabled
    page = text_of(client.get(url("car_connection", car)))
    assert "Connect again" in page
    assert "Test and save" not in page
    assert client.post(url("car_connection", car), {"do": "sign_in", "token": "x"}).status_code == 200


def test_a_car_is_forgotten_with_everything_of_it(client: Browser, car: Vehicle) -> None:
    answer = client.post(url("car_connection", car), {"do": "forget"})

    assert answer.headers["Location"] == "/"
    assert not Vehicle.objects.exists()
    assert not Connection.objects.exists()


def test_a_simulated_car_has_no_such_page(client: Browser) -> None:
    assert client.get(url("car_connection", make_own_car(client))).status_code == 404


def test_the_settings_lead_to_it(client: Browser, car: Vehicle) -> None:
    assert "Through Home Assistant" in text_of(client.get("/settings/"))
    bring(car, Trouble.OFFLINE)

    text = text_of(client.get("/settings/"))

    assert url("car_connection", car) in text
    assert "Home Assistant or your car cannot be reached" in text


def test_the_dashboard_says_at_once_what_only_the_driver_can_mend(client: Browser, car: Vehicle) -> None:
    assert "let us in" not in text_of(client.get(url("car", car)))
    bring(car, Trouble.SIGN_IN_NEEDED)

    assert "Home Assistant does not let us in any more. Sign in again" in text_of(client.get(url("car", car)))


def test_the_dashboard_says_of_a_car_without_a_connection_that_it_charges(client: Browser, car: Vehicle) -> None:
    car.connected.delete()

    assert "Your car is not connected. We neither see it" in text_of(client.get(url("car", car)))


def test_another_trouble_is_told_once_the_car_has_been_silent(client: Browser, car: Vehicle) -> None:
    bring(car, Trouble.OFFLINE)
    assert "cannot be reached" not in text_of(client.get(url("car", car)))
    car.view.observed_at = NOW - timedelta(hours=1)
    car.view.save()

    text = text_of(client.get(url("car", car)))

    assert "We have lost sight of your car" in text
    assert "Home Assistant or your car cannot be reached" in text


def test_the_health_check_leads_to_the_connection(client: Browser, car: Vehicle) -> None:
    bring(car, Trouble.SIGN_IN_NEEDED)

    text = text_of(client.get("/health/"))

    assert "Home Assistant does not let us in any more. Sign in again" in text
    assert f'href="{url("car_connection", car)}"' in text


@pytest.fixture
def linked_car(client: Browser) -> Vehicle:
    vehicle = make_own_car(client, State.STOPPED)
    make_due(vehicle=vehicle)
    put_behind_enode(make_enode_connection(driver=vehicle.driver), vehicle)
    return vehicle


def test_the_dashboard_says_so_of_a_link_and_of_a_broker_too(client: Browser, linked_car: Vehicle) -> None:
    bring(linked_car, Trouble.SIGN_IN_NEEDED)
    assert "account does not let us in any more. Connect" in text_of(client.get(url("car", linked_car)))

    secret = {"kind": ConnectionKind.MQTT, "encrypted_secret": "sealed"}
    Connection.objects.update(**secret)
    Vehicle.objects.update(gateway=GatewayName.MQTT)
    assert "Your MQTT broker does not let us in any more. Sign in" in text_of(client.get(url("car", linked_car)))


def test_a_car_that_is_linked_by_enode_says_so(client: Browser, linked_car: Vehicle) -> None:
    text = html.unescape(text_of(client.get(url("car_connection", linked_car))))

    assert "Enode answers." in text
    assert "Never seen by this server" in text
    assert "access token" not in text
    assert "Through Enode" in html.unescape(text_of(client.get("/settings/")))


@pytest.mark.parametrize("trouble", Trouble)
def test_each_trouble_of_a_link_has_a_headline_and_what_to_do(
    client: Browser, linked_car: Vehicle, trouble: Trouble
) -> None:
    bring(linked_car, trouble)

    text = html.unescape(text_of(client.get(url("car_connection", linked_car))))

    assert str(ENODE_WORDS[trouble].headline) in text
    assert str(ENODE_WORDS[trouble].sentence) in text


def test_a_linked_car_is_disconnected_and_can_be_linked_again(client: Browser, linked_car: Vehicle) -> None:
    client.post(url("car_connection", linked_car), {"do": "disconnect"})

    assert not Connection.objects.exists()
    text = text_of(client.get(url("car_connection", linked_car)))
    assert f'href="/setup/car/enode/?car={linked_car.public_id}"' in text


def test_a_linked_car_takes_no_token(client: Browser, linked_car: Vehicle) -> None:
    answer = client.post(url("car_connection", linked_car), {"do": "sign_in", "token": TOKEN})

    assert answer.status_code == 200
    assert Connection.objects.get().encrypted_secret == ""
