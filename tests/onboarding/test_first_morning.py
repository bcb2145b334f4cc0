"""Who sets up shortly before the ready-by time that we propose is told calmly what happens, and when saving begins."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from pytest_django import Settings

from charging.models import Activity, Vehicle, VehicleView
from charging.operations import clocks
from charging.operations.clocks import wall_now
from charging.operations.sweep import sweep
from tests.onboarding.walk import answer_until, begin, h1, page, send

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 1, 13, 5, 39, tzinfo=UTC)
"""06:39 in Oslo, with 07:00 proposed."""
CALM = (
    "There was too little time before 07:00 to wait for cheaper hours. Ready about 09:55. "
    "The next time you plug in, we choose the cheapest hours until tomorrow 07:00."
)


@pytest.fixture
def morning(client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Vehicle:
    """A guest's car, turned on in the morning."""
    settings.READYBY_NOW = MORNING
    monkeypatch.setattr(clocks, "_started", time.monotonic())
    begin(client)
    answer_until(client, "check")
    send(client, "/setup/check/", action="on")
    return Vehicle.objects.get()


def words(client: Client, url: str) -> str:
    """What a page says, without its pictures."""
    text = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", page(client, url), flags=re.DOTALL)
    return " ".join(unescape(text).replace("\N{NO-BREAK SPACE}", " ").split())


def test_the_first_card_is_calm_and_says_when_saving_begins(client: Client, morning: Vehicle) -> None:
    card = page(client, f"/car/{morning.public_id}/")

    assert h1(card) == "Charging right away"
    assert "tone active" in card
    assert CALM in words(client, f"/car/{morning.public_id}/")
    assert f"Charging right away. {CALM}" in words(client, "/setup/first-plan/")


def test_it_stays_calm_while_the_car_charges(client: Client, settings: Settings, morning: Vehicle) -> None:
    settings.READYBY_NOW = MORNING + timedelta(minutes=18)
    sweep(at_wall=wall_now())

    assert h1(page(client, f"/car/{morning.public_id}/")) == "Charging right away"


def test_when_the_time_has_passed_the_card_does_not_speak_of_tomorrows(
    client: Client, settings: Settings, morning: Vehicle
) -> None:
    settings.READYBY_NOW = MORNING + timedelta(minutes=22)

    assert morning.rule == "too_little_time"
    assert h1(page(client, f"/car/{morning.public_id}/")) == "Still charging from before"
    assert "ready in about" in words(client, f"/car/{morning.public_id}/")
    assert "It cannot be ready earlier." in words(client, "/setup/first-plan/")


def test_whoever_plugs_in_too_late_the_next_day_is_told_that_it_will_be_late(client: Client, morning: Vehicle) -> None:
    Activity.objects.filter(code="turned_on").update(at=MORNING - timedelta(hours=20))

    assert h1(page(client, f"/car/{morning.public_id}/")) == "Charging, but it will be late"


def test_a_car_that_draws_too_little_is_late_by_that(client: Client, morning: Vehicle) -> None:
    VehicleView.objects.update(observed_power_kw=2.3, charging_power_kw=2.3)

    card = page(client, f"/car/{morning.public_id}/")
    assert h1(card) == "Charging, but it will be late"
    assert "tone needs" in card


def test_a_question_that_is_changed_in_the_morning_says_what_would_happen(client: Client, morning: Vehicle) -> None:
    asked = words(client, "/setup/ready-by/")

    assert "Now there is too little time until then: it would charge at once, 06:39–09:55" in asked
    assert "The next time you plug in, we choose the cheapest hours." in asked


def test_in_the_evening_there_is_a_plan(client: Client, settings: Settings, morning: Vehicle) -> None:
    settings.READYBY_NOW = MORNING + timedelta(hours=14)

    assert "Tonight’s plan would be" in words(client, "/setup/ready-by/")
