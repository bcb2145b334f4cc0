"""Actions by hand that cannot be sent as they were meant: the car is gone, somebody else sends, nobody answers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from charging.adapters.vehicles.gateway import GatewayError
from charging.core.facts import CommandKind
from charging.core.states import State
from charging.models import ChargeAction, Vehicle, VehicleView
from charging.operations import charge_actions
from tests.factories import NOW, make_parked_car

pytestmark = pytest.mark.django_db


class SilentGateway:
    """Takes commands and never answers."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def start(self, **_command: object) -> None:
        self.asked.append("START")
        raise GatewayError

    def stop(self, **_command: object) -> None:
        self.asked.append("STOP")
        raise GatewayError


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> SilentGateway:
    silent = SilentGateway()
    monkeypatch.setattr(charge_actions, "gateway_of", lambda _vehicle: silent)
    return silent


@pytest.fixture
def vehicle() -> Vehicle:
    return make_parked_car(state=State.DISABLED, view={"is_charging": False})


def ask_for(vehicle: Vehicle, kind: CommandKind) -> ChargeAction:
    return charge_actions.request_action(vehicle=vehicle, kind=kind, now=NOW)


def test_when_its_time_is_up_what_is_left_comes_first_the_next_time(
    gateway: SilentGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    cars = [make_parked_car(state=State.DISABLED, view={"is_charging": False}) for _ in range(2)]
    for car in cars:
        ask_for(car, CommandKind.START)
    later = NOW + timedelta(minutes=5)
    monkeypatch.setattr(charge_actions, "LASTS_SECONDS", 0.0)

    assert [charge_actions.advance_actions(at_wall=later) for _ in cars] == [1, 1]

    assert set(ChargeAction.objects.values_list("vehicle", "attempts")) == {(car.pk, 2) for car in cars}


def test_an_action_whose_car_is_gone_is_cancelled(vehicle: Vehicle, gateway: SilentGateway) -> None:
    action = ask_for(vehicle, CommandKind.START)
    action.vehicle = None

    charge_actions.advance(action=action, now=NOW + timedelta(minutes=1))

    action.refresh_from_db()
    assert (action.state, action.failure_type) == ("CANCELLED", "NOT_FOUND")


@pytest.mark.parametrize("kind", [CommandKind.START, CommandKind.STOP])
def test_an_action_that_nobody_answers_stays_pending_and_is_sent_again(
    kind: CommandKind, gateway: SilentGateway
) -> None:
    vehicle = make_parked_car(state=State.DISABLED, view={"is_charging": kind == CommandKind.STOP})
    action = ask_for(vehicle, kind)
    charge_actions.advance(action=action, now=NOW)

    action.refresh_from_db()
    assert (action.state, action.attempts) == ("PENDING", 1)
    assert action.next_sending_at is not None
    assert gateway.asked[-1] == kind.value


def test_of_two_who_send_the_same_action_one_does(vehicle: Vehicle, gateway: SilentGateway) -> None:
    action = ask_for(vehicle, CommandKind.START)
    sent = len(gateway.asked)
    ChargeAction.objects.filter(pk=action.pk).update(next_sending_at=NOW, attempts=7)
    action.attempts, action.next_sending_at = 3, NOW

    charge_actions.advance(action=action, now=NOW)

    assert len(gateway.asked) == sent
    assert ChargeAction.objects.get().attempts == 7


def test_a_start_is_sent_after_a_stop_that_the_car_may_still_follow(gateway: SilentGateway) -> None:
    """It was last seen charging, but that was before the stop went out."""
    vehicle = make_parked_car(state=State.DISABLED, view={"is_charging": True, "observed_at": NOW})
    ask_for(vehicle, CommandKind.STOP)

    action = ask_for(vehicle, CommandKind.START)

    assert gateway.asked == ["STOP", "START"]
    assert action.state == "PENDING"


def test_a_start_of_a_car_that_was_seen_charging_since_the_stop_is_unnecessary(gateway: SilentGateway) -> None:
    vehicle = make_parked_car(state=State.DISABLED, view={"is_charging": True, "observed_at": NOW})
    ask_for(vehicle, CommandKind.STOP)
    VehicleView.objects.filter(vehicle=vehicle).update(observed_at=NOW + timedelta(minutes=1))

    action = ask_for(vehicle, CommandKind.START)

    assert gateway.asked == ["STOP"]
    assert (action.state, action.failure_type) == ("CANCELLED", "UNNECESSARY")


def test_a_sending_that_nobody_was_asked_is_not_used_up(vehicle: Vehicle, monkeypatch: pytest.MonkeyPatch) -> None:
    class Resting(SilentGateway):
        def start(self, **_command: object) -> None:
            self.asked.append("START")
            raise GatewayError(retry_after=timedelta(minutes=7), was_asked=False)

    monkeypatch.setattr(charge_actions, "gateway_of", lambda _vehicle: Resting())
    action = ask_for(vehicle, CommandKind.START)

    action.refresh_from_db()
    assert (action.state, action.attempts, action.next_sending_at) == ("PENDING", 0, NOW + timedelta(minutes=7))
