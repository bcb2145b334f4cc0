"""On the night on which the clocks change a ready-by time says which moment counts; on no other night does it."""

from __future__ import annotations

import time as wall
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.test import Client as Browser
from pytest_django import Settings

from charging.core.facts import Window
from charging.core.states import State
from charging.models import Policy, Vehicle, VehicleView
from charging.operations import clocks
from charging.views.clock_change import clock_change_words
from charging.views.ready_by_preview import preview_sentence
from tests import factories
from tests.views.cars import make_own_car, text_of, url

SPRING, AUTUMN = datetime(2026, 3, 28, 20, 0, tzinfo=UTC), datetime(2026, 10, 24, 20, 0, tzinfo=UTC)
"""The evenings before, in Oslo."""
SKIPPED = "The clocks go forward that night: there is no 02:30, so 03:00 counts."
TWICE = "The clocks go back that night: they show 02:30 twice, and the first time counts."


def begin(client: Browser, settings: Settings, monkeypatch: pytest.MonkeyPatch, now: datetime) -> Vehicle:
    """A car that is not plugged in, to be ready by half past two, on this evening."""
    settings.READYBY_NOW = now
    monkeypatch.setattr(clocks, "_started", wall.monotonic())
    vehicle = make_own_car(
        client, State.CONSIDERING, rule="not_plugged_in", view={"is_plugged_in": False, "observed_at": now}
    )
    vehicle.driver.clock_wall_anchor = vehicle.driver.clock_own_anchor = now
    vehicle.driver.save()
    Policy.objects.update(deadline=time(2, 30))
    return vehicle


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (SPRING, SKIPPED),
        (AUTUMN, TWICE),
        (SPRING - timedelta(days=1), ""),
        (SPRING + timedelta(days=1), ""),
        (AUTUMN - timedelta(days=1), ""),
        (AUTUMN + timedelta(days=1), ""),
    ],
    ids=["spring", "autumn", "before spring", "after spring", "before autumn", "after autumn"],
)
def test_it_is_said_on_that_night_only(
    client: Browser, db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch, now: datetime, expected: str
) -> None:
    vehicle = begin(client, settings, monkeypatch, now)

    page = text_of(client.get(url("car_ready_by", vehicle)))
    preview = str(preview_sentence(vehicle, time(2, 30), 0, now))

    assert ("The clocks go" in page, "The clocks go" in preview) == (bool(expected), bool(expected))
    assert expected in page
    assert expected in preview


@pytest.mark.parametrize(("now", "expected"), [(SPRING, SKIPPED), (AUTUMN, TWICE)], ids=["spring", "autumn"])
def test_a_time_for_that_night_only_says_it_when_it_is_saved(
    client: Browser, db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch, now: datetime, expected: str
) -> None:
    vehicle = begin(client, settings, monkeypatch, now)
    Policy.objects.update(deadline=time(7))

    typed = {"ready_by": "02:30", "scope": "tonight", "version": str(Policy.objects.get().version)}
    page = text_of(client.post(url("car_ready_by", vehicle), typed, follow=True))

    assert f"Ready by 02:30 the next time, then 07:00 again. {expected}" in page


def test_a_time_that_was_meant_in_another_time_zone_is_not_skipped() -> None:
    deadline_at = datetime(2026, 3, 29, 7, tzinfo=ZoneInfo("Europe/Helsinki"))

    assert clock_change_words(time(7), deadline_at, ZoneInfo("Europe/Oslo")) == ""


def test_the_plan_says_it(client: Browser, db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    vehicle = begin(client, settings, monkeypatch, SPRING)
    vehicle.state, vehicle.rule = State.STOPPED.value, ""
    vehicle.save()
    deadline_at = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    window = Window(SPRING + timedelta(hours=3), SPRING + timedelta(hours=4), 11.0, Decimal(1))
    factories.make_plan(
        vehicle=vehicle,
        location=vehicle.driver.locations.get(),
        windows=(window,),
        created_at=SPRING - timedelta(hours=1),
        deadline_at=deadline_at,
    )

    assert SKIPPED in text_of(client.get(url("car", vehicle)))


def test_the_plan_there_would_be_says_it(
    client: Browser, db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    vehicle = begin(client, settings, monkeypatch, SPRING)
    VehicleView.objects.update(soc_percent=70.0)
    for day, price in ((28, 0.30), (29, 0.05)):
        start = datetime(2026, 3, day, tzinfo=UTC) - timedelta(hours=1)
        factories.make_prices(area=factories.make_price_area(), day_start=start, prices=[price] * 96)

    page = text_of(client.get(url("car", vehicle)))

    assert "If you plug in now" in page
    assert SKIPPED in page
