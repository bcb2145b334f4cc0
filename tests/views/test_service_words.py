"""What the card says of a service that is left alone: its name, until when, and what becomes of the car."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from django.test import Client as Browser
from pytest_django import Settings

from charging.core.states import State
from charging.models import Connection, Vehicle, VehicleView, VendorHealth
from charging.operations.vendor_health import service_of
from tests.connections import make_connection, put_behind
from tests.factories import NOW
from tests.views.cars import begin_story, make_own_car, text_of, url

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
NOT_KEPT = "Until it answers we do not keep your car from charging."
WAITS = "Your car waits. When it has to start to be ready in time, we keep asking until it does."


@pytest.fixture(autouse=True)
def _story(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_story(settings, monkeypatch)


def make_real_car(browser: Browser, state: State = State.STOPPED) -> Vehicle:
    vehicle = make_own_car(browser, state)
    put_behind(make_connection(driver=vehicle.driver), vehicle)
    return vehicle


def leave_alone(vehicle: Vehicle, *, until_minutes: int, trouble: str = "OFFLINE") -> None:
    connection = Connection.objects.filter(driver=vehicle.driver).first()
    service = service_of(vehicle, connection)
    rests_until = NOW + until_minutes * MINUTE
    VendorHealth.objects.create(
        **service.key, driver_id=service.driver_id, operation="read", failures=3, opened_at=NOW, rests_until=rests_until
    )
    Connection.objects.update(trouble=trouble, trouble_since=NOW)


def hold(vehicle: Vehicle) -> None:
    Vehicle.objects.update(hold_until=NOW + 60 * MINUTE, hold_renew_by=NOW + 20 * MINUTE)


def card(browser: Browser, vehicle: Vehicle) -> str:
    return html.unescape(text_of(browser.get(url("car", vehicle))))


def test_who_does_not_answer_is_named_with_the_next_try_and_what_becomes_of_the_car(client: Browser) -> None:
    car = make_real_car(client)
    leave_alone(car, until_minutes=3)
    hold(car)

    assert f"Home Assistant is not answering. We try again at 22:07. {WAITS}" in card(client, car)


def test_a_rest_that_is_over_is_no_instant_to_wait_for(client: Browser) -> None:
    car = make_real_car(client)
    leave_alone(car, until_minutes=-1)

    assert f"Home Assistant is not answering. We keep trying. {NOT_KEPT}" in card(client, car)


def test_who_asks_to_wait_is_named_with_the_end_of_that(client: Browser) -> None:
    car = make_real_car(client)
    Connection.objects.update(trouble="RATE_LIMITED", trouble_since=NOW, rests_until=NOW + 10 * MINUTE)

    told = f"Home Assistant asks us to wait until 22:14. Then we go on by ourselves. {NOT_KEPT}"
    assert told in card(client, car)


def test_a_car_with_a_lease_starts_by_itself(client: Browser) -> None:
    car = make_own_car(client, State.STOPPED)
    VehicleView.objects.update(observed_at=NOW - 40 * MINUTE)
    leave_alone(car, until_minutes=3)
    hold(car)

    told = "is not answering. We try again at 22:07. If your car hears nothing from us, it starts by itself at 22:24."
    assert f"{car.brand_name} {told}" in card(client, car)


@pytest.mark.parametrize("trouble", ["", "OFFLINE"], ids=["no trouble", "one failure"])
def test_nothing_is_said_before_it_is_left_alone(client: Browser, trouble: str) -> None:
    car = make_real_car(client)
    Connection.objects.update(trouble=trouble, trouble_since=NOW if trouble else None)

    assert "is not answering" not in card(client, car)
    assert "asks us to wait" not in card(client, car)
