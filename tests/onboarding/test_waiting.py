"""Between connecting a car and its first reading: what is waited for is told, and nobody has to wait."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from charging.models import Connection, Driver, Due, Vehicle, VehicleView
from charging.models.connections import ConnectionKind
from charging.models.vehicles import GatewayName
from charging.operations import clocks, sweep
from charging.operations.due import FIRST_READINGS, POLL_UNPLUGGED, first_reading_in
from onboarding.models import OnboardingDraft
from onboarding.waiting_views import USUALLY
from tests.adapters.home_assistant_server import ENTITIES, FakeHomeAssistant, serve_home_assistant
from tests.onboarding.home_assistant import CAR, connect
from tests.onboarding.walk import ANSWERS, URLS, h1, page, send

URL, FRAGMENT = "/setup/car/waiting/", "/fragments/setup-waiting/"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def server() -> Iterator[FakeHomeAssistant]:
    with serve_home_assistant() as server:
        server.now = clocks.wall_now()
        yield server


@pytest.fixture
def silent(client: Client, alice: Driver, server: FakeHomeAssistant) -> FakeHomeAssistant:
    """A car was connected that has told nothing yet."""
    url = connect(client, server)
    server.changed = {ENTITIES.level: "unknown", ENTITIES.plug: "unknown", ENTITIES.charging: "unknown"}
    server.changed |= {ENTITIES.power: "unknown", ENTITIES.switch: "off"}
    answer = send(client, url, **CAR)
    assert answer.headers["Location"] == URL
    return server


def wait(minutes: int) -> None:
    """As if it had been connected earlier."""
    draft = OnboardingDraft.objects.get()
    draft.answers["car"]["at"] = (clocks.wall_now() - minutes * MINUTE).isoformat()
    draft.save()


def test_a_car_that_has_told_nothing_yet_is_waited_for_on_a_page_that_looks_by_itself(
    client: Client, silent: FakeHomeAssistant
) -> None:
    text = page(client, URL)

    assert h1(text) == "Connected. Waiting for your car"
    assert str(USUALLY[GatewayName.HOME_ASSISTANT]) in text
    assert f'hx-get="{FRAGMENT}"' in text
    assert 'data-seconds="3"' in text
    assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in text
    assert f'<a class="button" href="{URLS["minimum"]}">Continue</a>' in text


def test_without_scripts_loading_again_can_be_stopped(client: Client, silent: FakeHomeAssistant) -> None:
    assert "http-equiv" not in page(client, f"{URL}?still=1")


def test_when_it_answers_the_page_says_what(client: Client, silent: FakeHomeAssistant) -> None:
    silent.changed = {}
    silent.now = clocks.wall_now()
    Due.objects.update(due_at=clocks.wall_now(), next_poll_at=clocks.wall_now())
    sweep.sweep(at_wall=clocks.wall_now())

    fragment = page(client, FRAGMENT)

    assert "Your car has answered" in fragment
    assert "Battery" in fragment
    assert "Plugged in" in fragment
    assert "hx-get" not in fragment
    assert h1(page(client, URL)) == "Your car has answered"


def test_after_two_minutes_the_page_rests_and_says_that_one_may_go_on(
    client: Client, silent: FakeHomeAssistant
) -> None:
    wait(2)

    fragment, text = page(client, FRAGMENT), page(client, URL)

    assert "hx-get" not in fragment
    assert "http-equiv" not in text
    assert h1(text) == "Your car has not answered yet"
    assert "You can go on." in text
    assert f'href="{URLS["minimum"]}"' in text
    assert client.get(URLS["minimum"]).status_code == 200


def test_what_the_matter_is_with_the_connection_stands_there_too(client: Client, silent: FakeHomeAssistant) -> None:
    Connection.objects.update(trouble="OFFLINE", trouble_since=clocks.wall_now())

    text = page(client, URL)

    assert "Home Assistant or your car cannot be reached" in text
    assert f"/car/{Vehicle.objects.get().public_id}/connection/" in text


def test_it_leads_back_to_the_check_where_it_came_from_there(client: Client, silent: FakeHomeAssistant) -> None:
    assert f'<a class="button" href="{URLS["check"]}">' in page(client, f"{URL}?return=check")


def test_a_car_that_answers_at_once_is_not_waited_for(client: Client, alice: Driver, server: FakeHomeAssistant) -> None:
    answer = send(client, connect(client, server), **CAR)

    assert answer.headers["Location"] == URLS["minimum"]
    assert h1(page(client, URL)) == "Your car has answered"


def test_a_simulated_car_is_never_waited_for(client: Client, alice: Driver) -> None:
    send(client, URLS["car"], **ANSWERS["car"])

    assert client.get(URL).headers["Location"] == URLS["minimum"]
    assert client.get(FRAGMENT).status_code == 204


def test_before_a_car_there_is_nothing_to_wait_for(client: Client, alice: Driver) -> None:
    assert client.get(URL).headers["Location"].startswith(URLS["car"])
    assert client.get(FRAGMENT).status_code == 204


def test_a_car_that_somebody_waits_for_is_asked_again_soon(client: Client, silent: FakeHomeAssistant) -> None:
    due, view = Due.objects.get(), VehicleView.objects.get()

    assert view.observed_at is None
    assert due.next_poll_at - due.vehicle.linked_at < MINUTE
    waits = [first_reading_in(connected_for=at * MINUTE) for at in (0, 4, 5, 59, 60)]
    assert waits == [FIRST_READINGS[0][1]] * 2 + [FIRST_READINGS[1][1]] * 2 + [POLL_UNPLUGGED]


def test_every_way_in_says_how_long_it_usually_takes() -> None:
    assert {str(kind) for kind in USUALLY} == set(ConnectionKind.values)
