"""Which START cannot wait for a breaker or a budget."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from charging.adapters.vehicles.gateway import GatewayError
from charging.models import Command, Policy, Vehicle, VehicleView
from charging.operations import sending, urgency
from charging.operations.urgency import is_start_urgent, urgent_from
from tests.factories import NOW, make_command, make_due, make_parked_car, make_vehicle

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


def test_the_last_safe_moment_is_told_while_it_is_to_come(car: Vehicle) -> None:
    urgent_at = urgent_from(vehicle=car, now=NOW)

    assert urgent_at is not None
    assert not is_start_urgent(vehicle=car, now=urgent_at - timedelta(seconds=1))
    assert is_start_urgent(vehicle=car, now=urgent_at)
    assert urgent_from(vehicle=car, now=urgent_at) is None


def put_off(car: Vehicle, now: datetime, wait: timedelta, monkeypatch: pytest.MonkeyPatch) -> Command:
    """A START that was to be sent at `now`, when a gateway was to be left alone for a while."""

    class RestingGateway:
        def start(self, **_: object) -> None:
            raise GatewayError(retry_after=wait, was_asked=False)

    monkeypatch.setattr(sending, "gateway_of", lambda _vehicle: RestingGateway())
    make_due(vehicle=car)
    command = make_command(vehicle=car, kind="START", status="INTENDED", next_sending_at=now, attempts=0)
    assert not sending.send_open_command(vehicle=car, now=now)
    command.refresh_from_db()
    return command


@pytest.mark.parametrize(("wait", "is_shortened"), [(HOUR, True), (timedelta(minutes=1), False)])
def test_a_start_is_put_off_no_longer_than_to_its_last_safe_moment(
    car: Vehicle, monkeypatch: pytest.MonkeyPatch, wait: timedelta, is_shortened: bool
) -> None:
    urgent_at = urgent_from(vehicle=car, now=NOW)
    assert urgent_at is not None
    now = urgent_at - timedelta(minutes=5)

    command = put_off(car, now, wait, monkeypatch)

    assert command.next_sending_at == (urgent_at if is_shortened else now + wait)
    assert command.attempts == 0


def test_nobody_is_put_off_for_longer_than_a_quarter_of_an_hour(car: Vehicle, monkeypatch: pytest.MonkeyPatch) -> None:
    command = put_off(car, NOW, HOUR, monkeypatch)

    assert command.next_sending_at == NOW + timedelta(minutes=15)
