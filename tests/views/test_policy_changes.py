"""A change of one setting leaves the others as they are, and is told as it is."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client as Browser

from charging.core.states import State
from charging.models import Policy, Vehicle, VehicleView
from charging.operations.ready_by_tonight import set_ready_by_tonight
from tests import factories
from tests.factories import NOW
from tests.views.cars import make_own_car, text_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story_time")]

EVERY_DAY = {"ready_by": "06:00", "scope": "every_day"}


@pytest.fixture
def vehicle(client: Browser) -> Vehicle:
    return make_own_car(client)


def told_by(client: Browser, vehicle: Vehicle) -> str:
    return text_of(client.get(url("car", vehicle))).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("setting", "values"),
    [
        ("car_minimum", {"minimum": "30"}),
        ("car_ready_by", EVERY_DAY),
        ("car_days", {"day_5": "09:00", "holidays": "sunday"}),
    ],
)
def test_a_pause_goes_on_when_another_setting_is_changed(
    client: Browser, vehicle: Vehicle, setting: str, values: dict[str, str]
) -> None:
    client.post(url("car_pause", vehicle), {"until": "plug_in"})
    version = Policy.objects.get().version

    client.post(url(setting, vehicle), values)

    policy = Policy.objects.get()
    assert policy.version == version + 1
    assert (policy.is_enabled, policy.is_paused_until_next_plug_in) == (False, True)


def test_what_is_refused_about_another_field_is_said_above_and_nothing_is_lost(
    client: Browser, vehicle: Vehicle
) -> None:
    Policy.objects.update(minimum_charge_limit=60)
    VehicleView.objects.update(charge_limit_percent=50)
    one_off = set_ready_by_tonight(vehicle=vehicle, deadline=time(5), now=NOW).one_off_deadline_at

    answer = client.post(url("car_ready_by", vehicle), EVERY_DAY)

    assert answer.status_code == 200
    assert "Minimum charge must be 50 % or less" in text_of(answer)
    policy = Policy.objects.get()
    assert one_off is not None
    assert (policy.deadline, policy.one_off_deadline_at) == (time(7), one_off)


def test_days_with_a_time_of_their_own_are_named(client: Browser, vehicle: Vehicle) -> None:
    Policy.objects.update(deadline_saturday=time(9))

    client.post(url("car_ready_by", vehicle), EVERY_DAY)
    assert "Ready by 06:00 \N{EN DASH} Sat 09:00." in told_by(client, vehicle)

    client.post(url("car_ready_by", vehicle), {"ready_by": "05:00", "scope": "tonight"})
    assert "Ready by 05:00 the next time, then as before: 06:00 \N{EN DASH} Sat 09:00." in told_by(client, vehicle)


def test_the_next_time_is_read_on_the_clocks_of_the_place_where_the_car_stands(client: Browser) -> None:
    unplugged = {"is_plugged_in": False, "plugged_in_at": None, "is_charging": False}
    vehicle = make_own_car(client, State.CONSIDERING, rule="not_plugged_in", view=unplugged)
    cabin = factories.make_location(
        driver=vehicle.driver, name="Cabin", timezone_name="Europe/Helsinki", created_at=NOW + timedelta(seconds=1)
    )
    VehicleView.objects.update(location=cabin, position_observed_at=NOW - timedelta(hours=5))

    client.post(url("car_ready_by", vehicle), {"ready_by": "06:00", "scope": "tonight"})

    assert Policy.objects.get().one_off_deadline_at == datetime(2025, 12, 10, 4, tzinfo=UTC)
