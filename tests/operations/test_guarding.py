"""The last line: a held car that nobody starts in time is let charge, once, without deciding anything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from charging.adapters.vehicles.gateway import Acknowledgement, GatewayError
from charging.core.states import State
from charging.models import Command, Driver, Vehicle
from charging.operations import clocks, evaluation, guarding, releasing, sending
from charging.operations.gateways import load_simulated_car
from tests.factories import NOW, make_command
from tests.operations.night import Night
from tests.operations.test_claims import make_held_night

pytestmark = pytest.mark.django_db

AFTER = guarding.GRACE + timedelta(seconds=1)


@pytest.fixture
def night() -> Night:
    return make_held_night()


def at_its_end(night: Night) -> None:
    """Nobody has looked at the car until its hold was over."""
    held = Vehicle.objects.get(pk=night.vehicle.pk)
    assert held.hold_until is not None
    night.now = held.hold_until + AFTER


def test_a_car_whose_hour_has_come_without_a_start_is_released(night: Night) -> None:
    at_its_end(night)

    assert guarding.guard(at_wall=night.now) == 1

    command = Command.objects.get(purpose="release")
    assert (command.kind, command.status, command.attempts) == ("START", "ACCEPTED", 1)
    assert command.public_id == releasing.release_id(Vehicle.objects.get())
    assert str(command.public_id) in load_simulated_car(night.vehicle).seen_command_ids


def test_it_is_told_once_however_many_guard_it(night: Night) -> None:
    at_its_end(night)
    guarding.guard(at_wall=night.now)

    assert guarding.guard(at_wall=night.now + AFTER) == 0
    assert not releasing.release(vehicle_id=night.vehicle.pk, at_wall=night.now + AFTER)
    assert Command.objects.filter(kind="START").count() == 1


def test_a_car_that_waits_for_its_hour_is_left_alone(night: Night) -> None:
    assert guarding.guard(at_wall=night.now) == 0


def test_a_car_that_was_told_to_start_is_left_to_the_rules(night: Night) -> None:
    at_its_end(night)
    evaluation.evaluate(vehicle=night.vehicle, now=night.now, trigger="timer")
    Command.objects.filter(kind="START").update(attempts=1)

    assert guarding.guard(at_wall=night.now + AFTER) == 0


def test_a_start_that_was_put_off_keeps_its_id_until_its_moment(night: Night) -> None:
    at_its_end(night)
    evaluation.evaluate(vehicle=night.vehicle, now=night.now, trigger="timer")
    Command.objects.filter(kind="START").update(next_sending_at=night.now + AFTER)

    assert guarding.guard(at_wall=night.now) == 0
    assert guarding.guard(at_wall=night.now + AFTER) == 1


def test_a_start_that_never_went_out_is_replaced(night: Night) -> None:
    at_its_end(night)
    evaluation.evaluate(vehicle=night.vehicle, now=night.now, trigger="timer")
    assert Command.objects.get(kind="START").attempts == 0

    assert guarding.guard(at_wall=night.now + AFTER) == 1

    kinds = list(Command.objects.filter(kind="START").order_by("generation").values_list("purpose", "status"))
    assert kinds == [("plan", "SUPERSEDED"), ("release", "ACCEPTED")]


def test_of_a_cars_thousand_commands_the_newest_alone_is_read(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    at_its_end(night)
    for number in range(3):
        make_command(vehicle=night.vehicle, generation=1000 + number, status="CONFIRMED", attempts=1)
    make_command(vehicle=night.vehicle, generation=2000, status="FAILED", kind="STOP", **LONG_AGO)
    read: list[int] = []
    monkeypatch.setattr(Command, "__init__", counting(Command.__init__, read))

    assert guarding.forgotten(at_wall=night.now) == [night.vehicle.pk]

    assert len(read) == 1


def test_a_fast_clock_is_left_to_its_replay(night: Night) -> None:
    clocks.set_speed(driver=night.driver, speed=600, at_wall=night.now)
    assert guarding.guard(at_wall=night.now + timedelta(days=1)) == 0


def test_a_clock_behind_the_wall_is_read_and_not_guessed(night: Night) -> None:
    behind = timedelta(hours=8)
    Driver.objects.update(clock_own_anchor=night.driver.clock_own_anchor - behind)
    at_its_end(night)

    assert guarding.guard(at_wall=night.now) == 0
    assert guarding.guard(at_wall=night.now + behind) == 1


def test_a_lost_reply_leaves_the_command_to_whoever_sweeps_next(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    at_its_end(night)
    monkeypatch.setattr(releasing, "gateway_of", lambda _vehicle: Broken())

    assert guarding.guard(at_wall=night.now) == 1

    command = Command.objects.get(purpose="release")
    assert (command.status, command.attempts, command.next_sending_at) == ("INTENDED", 0, night.now)


def test_a_release_in_vain_goes_on_while_nobody_can_decide(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    at_its_end(night)
    for module in (releasing, sending):
        monkeypatch.setattr(module, "gateway_of", lambda _vehicle: Refusing())
    guarding.guard(at_wall=night.now)

    for minute in range(120):
        sending.send_due_commands(at_wall=night.now + timedelta(minutes=minute))

    command = Command.objects.get(purpose="release")
    assert command.attempts > 15
    assert command.next_sending_at is not None


def test_a_refusal_is_written_down_and_tried_again(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    at_its_end(night)
    monkeypatch.setattr(releasing, "gateway_of", lambda _vehicle: Refusing())

    guarding.guard(at_wall=night.now)

    command = Command.objects.get(purpose="release")
    assert (command.status, command.attempts, command.failure_detail) == ("INTENDED", 1, "no")
    assert command.sending_key != command.public_id
    assert command.next_sending_at == night.now


def test_after_the_release_the_car_is_judged_as_ever(night: Night) -> None:
    held = Vehicle.objects.get(pk=night.vehicle.pk)
    assert held.hold_until is not None
    night.let_pass(held.hold_until - timedelta(minutes=1) - night.now)
    at_its_end(night)
    guarding.guard(at_wall=night.now)

    night.let_pass(timedelta(minutes=10))

    assert Command.objects.get(purpose="release").status == "CONFIRMED"
    assert Vehicle.objects.get(pk=night.vehicle.pk).state == State.STARTED


LONG_AGO = {"hold_until": NOW, "hold_renew_by": NOW}


def counting(make: Callable[..., None], made: list[int]) -> Callable[..., None]:
    def init(self: Command, *args: object, **values: object) -> None:
        made.append(1)
        make(self, *args, **values)

    return init


class Broken:
    def start(self, **_: object) -> Acknowledgement:
        raise GatewayError("no answer")


class Refusing:
    def start(self, **_: object) -> Acknowledgement:
        return Acknowledgement(accepted=False, detail="no")
