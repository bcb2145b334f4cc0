"""The page about a car that can no longer be started, stopped or seen: what is in the way, and what to do."""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client as Browser
from pytest_django import Settings

from charging.core.obstacle import Obstacle
from charging.core.states import State
from charging.models import ConnectedCar, Connection, Vehicle
from charging.models.connections import ConnectionKind
from charging.views.obstacle_words import MEND, OTHERWISE, WORDS
from tests.adapters.enode_server import FakeEnode, as_json, serve_enode
from tests.adapters.home_assistant_server import ENTITIES, FakeHomeAssistant, serve_home_assistant
from tests.connections import make_connection, make_enode_connection, put_behind, put_behind_enode
from tests.factories import NOW, make_due
from tests.feeds.server import Reply
from tests.views.cars import begin_story, make_own_car, text_of, url

pytestmark = pytest.mark.django_db
INTERVENTION = {
    "id": "int-1",
    "resolution": {
        "title": "Update your car",
        "description": "1. Open the app.\n2. Press **Update**.",
        "action": "Car",
    },
}


@pytest.fixture(autouse=True)
def _story(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_story(settings, monkeypatch)


@pytest.fixture
def server() -> Iterator[FakeHomeAssistant]:
    with serve_home_assistant() as server:
        server.now = NOW
        yield server


@pytest.fixture
def car(client: Browser, server: FakeHomeAssistant) -> Vehicle:
    vehicle = make_own_car(client, State.UNKNOWN)
    make_due(vehicle=vehicle)
    put_behind(make_connection(driver=vehicle.driver, address=server.url), vehicle)
    return vehicle


def put_in_the_way(obstacle: Obstacle, *names: str) -> None:
    since = NOW - timedelta(hours=1)
    ConnectedCar.objects.update(
        obstacle=obstacle.value, obstacle_since=since, obstacle_names=list(names), control_looked_at=NOW
    )
    Vehicle.objects.update(is_capable=obstacle.keeps_control)


def shown(answer: object) -> str:
    return html.unescape(text_of(answer))


def test_the_dashboard_says_it_and_leads_to_the_page(client: Browser, car: Vehicle) -> None:
    put_in_the_way(Obstacle.CONTROL_GONE, ENTITIES.switch)

    text = shown(client.get(url("car", car)))

    assert "This car can no longer be started and stopped from here" in text
    assert f"There is no {ENTITIES.switch} any more" in text
    assert "Home Assistant has lost what starts and stops your car" in text
    assert f'href="{url("car_control", car)}"' in text
    health = shown(client.get(url("car_health", car)))
    assert "What starts and stops your car in Home Assistant is gone" in health
    assert f'href="{url("car_control", car)}"' in health


def test_a_car_that_is_held_is_said_to_need_its_driver(client: Browser, car: Vehicle) -> None:
    Vehicle.objects.update(hold_until=NOW + timedelta(hours=2), hold_renew_by=NOW + timedelta(hours=1))
    put_in_the_way(Obstacle.CONTROL_GONE, ENTITIES.switch)

    assert "we cannot start it. Start it yourself." in shown(client.get(url("car_control", car)))


@pytest.mark.parametrize("obstacle", Obstacle)
@pytest.mark.parametrize("kind", ConnectionKind)
def test_each_obstacle_has_words_steps_and_a_place_to_mend_it(
    client: Browser, car: Vehicle, kind: ConnectionKind, obstacle: Obstacle
) -> None:
    secret = {"encrypted_secret": ""} if kind == ConnectionKind.ENODE else {}
    Connection.objects.update(kind=kind, **secret)
    put_in_the_way(obstacle, "one", "two")
    words = OTHERWISE.get((kind, obstacle), WORDS[obstacle])

    text = shown(client.get(url("car_control", car)))

    assert f"<h1>{words.headline}</h1>" in text
    assert str(words.sentence) % {"names": "one and two"} in text
    assert all(str(step) in text for step in words.steps)
    assert "%(" not in text
    assert (str(MEND[kind][0]) in text) is (obstacle is not Obstacle.NOT_POSSIBLE)
    assert "Check again" in text


def test_checking_again_after_it_was_mended_leads_back_to_the_car(client: Browser, car: Vehicle) -> None:
    put_in_the_way(Obstacle.CONTROL_GONE, ENTITIES.switch)

    answer = client.post(url("car_control", car), follow=True)

    assert "It is there again. Smart charging goes on." in shown(answer)
    assert Vehicle.objects.get().is_capable


def test_checking_again_while_it_is_still_so_says_so(client: Browser, car: Vehicle, server: FakeHomeAssistant) -> None:
    put_in_the_way(Obstacle.CONTROL_GONE, ENTITIES.switch)
    server.changed = {ENTITIES.switch: None}

    answer = client.post(url("car_control", car), follow=True)

    assert "We looked just now: it is still so." in shown(answer)
    assert not Vehicle.objects.get().is_capable


def test_checking_again_without_an_answer_changes_nothing(
    client: Browser, car: Vehicle, server: FakeHomeAssistant
) -> None:
    put_in_the_way(Obstacle.CONTROL_GONE, ENTITIES.switch)
    server.replies["/api/"] = Reply(b"", 502)

    answer = client.post(url("car_control", car), follow=True)

    assert "We got no answer. Nothing was changed." in shown(answer)
    assert ConnectedCar.objects.get().obstacle == Obstacle.CONTROL_GONE


def test_where_nothing_is_in_the_way_the_page_says_so(client: Browser, car: Vehicle) -> None:
    assert "Your car can be started and stopped from here" in shown(client.get(url("car_control", car)))


def test_a_simulated_car_has_no_such_page(client: Browser) -> None:
    assert client.get(url("car_control", make_own_car(client))).status_code == 404


@pytest.fixture
def enode(settings: Settings) -> Iterator[FakeEnode]:
    with serve_enode() as server:
        server.set_up(settings)
        yield server


@pytest.mark.parametrize("is_told", [True, False])
def test_what_the_maker_says_can_be_done_stands_there_step_by_step(
    client: Browser, enode: FakeEnode, is_told: bool
) -> None:
    vehicle = make_own_car(client, State.UNKNOWN)
    put_behind_enode(make_enode_connection(driver=vehicle.driver), vehicle)
    put_in_the_way(Obstacle.BLOCKED, "int-1")
    enode.replies["GET /interventions/int-1"] = as_json(INTERVENTION) if is_told else Reply(b"", 500)

    text = shown(client.get(url("car_control", vehicle)))

    assert ("<li>Press Update.</li>" in text) is is_told
    assert ("Look into your car’s app for what keeps others" in text) is not is_told
