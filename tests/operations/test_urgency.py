"""Which START cannot wait for a breaker or a budget."""

from __future__ import annotations

from datetime import timedelta

import pytest

from charging.models import Policy, Vehicle, VehicleView
from charging.operations import urgency
from charging.operations.urgency import is_start_urgent
from tests.factories import NOW, make_parked_car, make_vehicle

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def car() -> Vehicle:
    """38 % at 22:04, to be ready by 07:00."""
    return make_parked_car()


def test_hours_before_the_last_safe_moment_it_can_wait(car: Vehicle) -> None:
    assert not is_start_urgent(vehicle=car, now=NOW)


def test_once_that_has_come_it_cannot(car: Vehicle) -> None:
    assert is_start_urgent(vehicle=car, now=NOW + 8 * HOUR)


def test_below_the_minimum_it_cannot(car: Vehicle) -> None:
    Policy.objects.update(minimum_charge_limit=60)

    assert is_start_urgent(vehicle=car, now=NOW)


def test_without_smart_charging_nothing_is_promised(car: Vehicle) -> None:
    Policy.objects.update(is_enabled=False)

    assert not is_start_urgent(vehicle=car, now=NOW + 8 * HOUR)


def test_a_car_of_which_nothing_was_ever_heard_can_wait() -> None:
    car = make_vehicle(driver=make_parked_car().driver)
    VehicleView.objects.filter(vehicle=car).delete()

    assert not is_start_urgent(vehicle=car, now=NOW)


def test_a_car_that_is_let_go_for_good_cannot_wait(car: Vehicle) -> None:
    Policy.objects.update(is_enabled=False)
    Vehicle.objects.update(hold_until=NOW + HOUR, hold_renew_by=NOW + HOUR)
    car.refresh_from_db()

    assert is_start_urgent(vehicle=car, now=NOW)


def test_one_whose_facts_break_the_rules_cannot_either(car: Vehicle, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(**_: object) -> None:
        raise ValueError("no such car")

    monkeypatch.setattr(urgency, "load_facts", break_down)

    assert is_start_urgent(vehicle=car, now=NOW)
