"""The dashboard says how many of the checks are ready, as their own page does."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from charging.core.states import State
from charging.models import SmartOverride
from tests import factories
from tests.views.cars import make_own_car, text_of, url

AWAY = {"location": None, "latitude": 59.9, "longitude": 10.7}
UNKNOWN = {"location": None, "latitude": None, "longitude": None, "position_observed_at": None}


def tally_in(page: str) -> str:
    found = re.search(r"\d+ of \d+ are ready\.", page)
    assert found is not None
    return found.group()


@pytest.mark.parametrize(
    ("state", "view", "expected"),
    [
        (State.STOPPED, {}, "8 of 9 are ready."),
        (State.STOPPED, {"observed_at": factories.NOW - timedelta(hours=2)}, "7 of 9 are ready."),
        (State.CONSIDERING, {"is_plugged_in": False}, "6 of 9 are ready."),
        (State.CONSIDERING, AWAY, "6 of 9 are ready."),
        (State.CONSIDERING, UNKNOWN, "6 of 9 are ready."),
        (State.DISABLED, {}, "6 of 9 are ready."),
        (State.FINISHED, {"is_fully_charged": True}, "8 of 9 are ready."),
    ],
    ids=["waiting", "silent", "not plugged in", "away", "place unknown", "off", "finished"],
)
def test_the_dashboard_counts_as_the_health_page_does(
    client: Browser, db: None, story_time: None, state: State, view: dict[str, Any], expected: str
) -> None:
    vehicle = make_own_car(client, state, view=view)

    dashboard = text_of(client.get(url("car", vehicle)))

    assert tally_in(dashboard) == tally_in(text_of(client.get(url("car_health", vehicle)))) == expected
    assert f'<a id="health" href="{url("car_health", vehicle)}">Health check</a>' in dashboard


@pytest.mark.parametrize("view", [{}, AWAY], ids=["at the newer place", "at neither"])
def test_they_agree_for_a_driver_of_two_places(
    client: Browser, db: None, story_time: None, view: dict[str, Any]
) -> None:
    vehicle = make_own_car(client, State.CONSIDERING, view=view)
    older = factories.NOW - timedelta(days=900)
    factories.make_location(driver=vehicle.driver, name="Cabin", price_area=None, created_at=older)

    dashboard, health = (text_of(client.get(url(page, vehicle))) for page in ("car", "car_health"))

    assert tally_in(dashboard) == tally_in(health)


def test_a_failed_test_charge_counts(client: Browser, db: None, story_time: None) -> None:
    vehicle = make_own_car(client)
    long_ago = factories.NOW - timedelta(hours=1)
    SmartOverride.objects.create(vehicle=vehicle, created_at=long_ago, ended_at=factories.NOW, is_test=True)
    factories.make_command(vehicle=vehicle, created_at=long_ago, kind="START", status="FAILED")

    part = text_of(client.get(url("car_fragment", vehicle, "controls"), headers={"HX-Request": "true"}))

    assert tally_in(part) == tally_in(text_of(client.get(url("car_health", vehicle)))) == "8 of 10 are ready."


def test_what_else_controls_the_car_counts(client: Browser, db: None, story_time: None) -> None:
    vehicle = make_own_car(client)
    factories.make_finding(vehicle=vehicle)

    part = text_of(client.get(url("car_fragment", vehicle, "controls"), headers={"HX-Request": "true"}))

    assert tally_in(part) == tally_in(text_of(client.get(url("car_health", vehicle)))) == "8 of 9 are ready."


def test_what_something_else_started_lately_is_not_counted_as_ready(
    client: Browser, db: None, story_time: None
) -> None:
    vehicle = make_own_car(client, State.CONSIDERING)
    type(vehicle).objects.update(linked_at=factories.NOW - timedelta(days=30))
    yesterday = factories.NOW - timedelta(days=1)
    before = tally_in(text_of(client.get(url("car", vehicle))))
    factories.make_override(vehicle=vehicle, created_at=yesterday, ended_at=yesterday, is_from_elsewhere=True)

    dashboard, health = (text_of(client.get(url(page, vehicle))) for page in ("car", "car_health"))

    assert tally_in(dashboard) == tally_in(health) != before
