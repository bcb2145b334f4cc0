"""Who ends the access to a held car that cannot be started is told so, may try again, and may go on all the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client as Browser
from pytest_django import Settings

from charging.core.states import State
from charging.models import Connection, Driver, Vehicle
from tests.adapters.home_assistant_server import FakeHomeAssistant, serve_home_assistant
from tests.connections import make_connection, put_behind
from tests.factories import NOW, make_due
from tests.views.cars import begin_story, make_own_car, text_of, url
from tests.views.test_markup import faults_of

pytestmark = pytest.mark.django_db
NOWHERE = "http://127.0.0.1:1"


@pytest.fixture(autouse=True)
def _story(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    begin_story(settings, monkeypatch)


@pytest.fixture
def server() -> Iterator[FakeHomeAssistant]:
    with serve_home_assistant() as server:
        yield server


@pytest.fixture
def car(client: Browser) -> Vehicle:
    """A car that stands still because of us; where its Home Assistant should be nobody answers."""
    vehicle = make_own_car(client, State.STOPPED)
    make_due(vehicle=vehicle)
    held = {"hold_until": NOW + timedelta(hours=3), "hold_renew_by": NOW + timedelta(minutes=30)}
    Vehicle.objects.filter(pk=vehicle.pk).update(**held)
    put_behind(make_connection(driver=vehicle.driver, address=NOWHERE), vehicle)
    account = vehicle.driver.account
    assert account is not None
    account.set_unusable_password()
    account.save()
    client.force_login(account)
    return vehicle


ENDS = [
    ("car_connection", {"do": "disconnect"}, "Disconnect anyway"),
    ("car_connection", {"do": "forget"}, "Forget the car anyway"),
    ("car_remove", {}, "Remove the car anyway"),
    ("erase", {"is_sure": "on"}, "Delete everything anyway"),
]
WORDS = [words for _name, _sent, words in ENDS]


def address_of(name: str, car: Vehicle) -> str:
    return "/settings/your-data/erase/" if name == "erase" else url(name, car)


def sent_by(page: str) -> dict[str, str]:
    """What the form of the page sends besides its button."""
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', page))
    return {name: value for name, value in hidden.items() if name != "csrfmiddlewaretoken"}


@pytest.mark.parametrize(("name", "sent", "words"), ENDS, ids=WORDS)
def test_the_page_says_that_the_car_does_not_start_and_loses_nothing(
    client: Browser, car: Vehicle, name: str, sent: dict[str, str], words: str
) -> None:
    answer = client.post(address_of(name, car), sent)

    page = text_of(answer)
    assert answer.status_code == 409
    assert "<h1>We could not start charging</h1>" in page
    assert "We stopped Family car" in page
    assert f'name="insists" value="yes">{words}</button>' in page
    assert sent_by(page) == sent
    assert faults_of(answer.content.decode()) == []
    assert Connection.objects.exists()
    assert Vehicle.objects.get().connected


@pytest.mark.parametrize(("name", "sent", "words"), ENDS, ids=WORDS)
def test_whoever_insists_gets_it(client: Browser, car: Vehicle, name: str, sent: dict[str, str], words: str) -> None:
    page = text_of(client.post(address_of(name, car), sent))

    answer = client.post(address_of(name, car), {**sent_by(page), "insists": "yes"})

    assert answer.status_code == 303
    assert not Connection.objects.exists()
    assert Vehicle.objects.exists() is (words == "Disconnect anyway")
    assert Driver.objects.exists() is (name != "erase")


def test_trying_again_works_once_somebody_answers(client: Browser, car: Vehicle, server: FakeHomeAssistant) -> None:
    page = text_of(client.post(url("car_connection", car), {"do": "disconnect"}))
    Connection.objects.all().delete()
    put_behind(make_connection(driver=car.driver, address=server.url), car)

    answer = client.post(url("car_connection", car), sent_by(page))

    assert answer.status_code == 303
    assert [service for service, _entity in server.called] == ["turn_on"]
    assert not Connection.objects.exists()
