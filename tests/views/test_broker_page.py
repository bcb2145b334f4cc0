"""How a car at an MQTT broker is connected: the same page in other words, with a user and a password."""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client as Browser
from pytest_django import Settings

from charging.core.states import State
from charging.core.trouble import Trouble
from charging.models import ConnectedCar, Connection, Vehicle
from charging.models.vehicles import GatewayName
from charging.operations.mqtt_connections import broker_of
from charging.views.connection_words import BROKER_WORDS
from tests.adapters.mqtt_server import PASSWORD, USER, FakeBroker, serve_broker
from tests.connections import SECRET, make_connection
from tests.factories import NOW, make_due
from tests.views.cars import begin_story, make_own_car, text_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _story(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_story(settings, monkeypatch)


@pytest.fixture
def broker() -> Iterator[FakeBroker]:
    with serve_broker() as broker:
        yield broker


@pytest.fixture
def car(client: Browser, broker: FakeBroker) -> Vehicle:
    vehicle = make_own_car(client, State.STOPPED)
    make_due(vehicle=vehicle)
    Vehicle.objects.filter(pk=vehicle.pk).update(gateway=GatewayName.MQTT)
    vehicle.gateway = GatewayName.MQTT
    connection = make_connection(driver=vehicle.driver, kind="mqtt", address=broker.url, token=SECRET, name="")
    ConnectedCar.objects.create(vehicle=vehicle, connection=connection)
    return vehicle


def bring(trouble: Trouble) -> None:
    Connection.objects.update(trouble=trouble.value, trouble_since=NOW)


def test_a_connection_that_works_says_so_and_shows_no_password(
    client: Browser, car: Vehicle, broker: FakeBroker
) -> None:
    text = text_of(client.get(url("car_connection", car)))

    assert "Your MQTT broker answers." in text
    assert broker.url in text
    assert f'href="/setup/car/mqtt/{Connection.objects.get().public_id}/?car={car.public_id}"' in text
    assert PASSWORD not in text
    assert "Home Assistant" not in text


@pytest.mark.parametrize("trouble", Trouble)
def test_each_trouble_has_a_headline_and_what_to_do(client: Browser, car: Vehicle, trouble: Trouble) -> None:
    bring(trouble)

    text = html.unescape(text_of(client.get(url("car_connection", car))))

    assert str(BROKER_WORDS[trouble].headline) in text
    assert str(BROKER_WORDS[trouble].sentence) in text


def test_another_password_connects_the_car_again(client: Browser, car: Vehicle, broker: FakeBroker) -> None:
    bring(Trouble.SIGN_IN_NEEDED)
    broker.secret = (USER, " a newer one ")
    sent = {"do": "sign_in", "user": USER, "password": " a newer one "}

    answer = client.post(url("car_connection", car), sent, follow=True)

    assert "Connected again. We are asking your car." in text_of(answer)
    connection = Connection.objects.get()
    assert not connection.trouble
    assert broker_of(connection).password == " a newer one "


def test_a_password_that_is_refused_is_told_beside_its_user_and_not_shown(
    client: Browser, car: Vehicle, broker: FakeBroker
) -> None:
    sent = {"do": "sign_in", "user": USER, "password": "not this one"}

    answer = client.post(url("car_connection", car), sent)

    text = html.unescape(text_of(answer))
    assert answer.status_code == 422
    assert text.count("The broker did not accept this user with this password") == 2
    assert 'href="#id_user"' in text
    assert "not this one" not in text


def test_a_car_is_disconnected_and_connected_again_through_a_broker(client: Browser, car: Vehicle) -> None:
    client.post(url("car_connection", car), {"do": "disconnect"})

    assert not Connection.objects.exists()
    assert f'href="/setup/car/mqtt/?car={car.public_id}"' in text_of(client.get(url("car_connection", car)))


def test_a_car_is_forgotten_with_everything_of_it(client: Browser, car: Vehicle) -> None:
    client.post(url("car_connection", car), {"do": "forget"})

    assert not Vehicle.objects.exists()
    assert not Connection.objects.exists()


def test_the_settings_and_the_health_check_lead_to_it(client: Browser, car: Vehicle) -> None:
    assert "Through MQTT" in text_of(client.get("/settings/"))
    bring(Trouble.SIGN_IN_NEEDED)

    assert "Your MQTT broker does not let us in any more" in text_of(client.get("/settings/"))
    health = text_of(client.get("/health/"))
    assert "Your MQTT broker does not let us in any more. Sign in again" in health
    assert f'href="{url("car_connection", car)}"' in health
    bring(Trouble.OFFLINE)
    car.view.observed_at = NOW - timedelta(hours=1)
    car.view.save()
    assert "Your MQTT broker, or what publishes your car, cannot be reached. We keep trying" in text_of(
        client.get("/health/")
    )
