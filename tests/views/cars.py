"""A signed-in driver and their car, for tests of pages."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import Settings

from charging.core.states import State
from charging.models import Vehicle
from charging.operations import clocks
from tests import factories


def begin_story(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes it 22:04 in Oslo, however long the tests before took."""
    settings.READYBY_NOW = factories.NOW
    monkeypatch.setattr(clocks, "_started", time.monotonic())


def sign_in(browser: Browser, vehicle: Vehicle) -> Vehicle:
    """Signs the car's driver in. Returns the car."""
    assert vehicle.driver.account is not None
    browser.force_login(vehicle.driver.account)
    return vehicle


def make_own_car(browser: Browser, state: State = State.STOPPED, **values: object) -> Vehicle:
    """The car of the default story in `state`, its driver signed in."""
    return sign_in(browser, factories.make_parked_car(state=state, **values))  # type: ignore[arg-type]


def url(name: str, vehicle: Vehicle, *more: str) -> str:
    return reverse(name, args=[vehicle.public_id, *more])


def text_of(answer: Any) -> str:
    text: str = answer.content.decode()
    return text
