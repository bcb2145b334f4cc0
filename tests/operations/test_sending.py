"""Commands on their way: claimed once, sent until the car shows it, given up in the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from charging.adapters.vehicles.gateway import Acknowledgement, GatewayError
from charging.core.facts import Hold, Reading
from charging.core.states import State
from charging.models import Command, Finding, SimulatedCar, Vehicle
from charging.operations import clocks, gateways, overrides, sending, sweep, telemetry
from tests.factories import NOW, make_command, make_driver, make_parked_car
from tests.operations.night import Night, make_night

pytestmark = pytest.mark.django_db


@dataclass
class LossyGateway:
    """Passes readings on; every wish is lost on its way, or refused."""

    vehicle: Vehicle
    is_refusing: bool = False
    names_a_schedule: bool = False
    asked: list[tuple[str, UUID]] = field(default_factory=list)
    poll_interval: timedelta = timedelta(minutes=5)
    has_lease: bool = True

    def read(self, *, now: datetime) -> Reading | None:
        return gateways.gateway_of(self.vehicle).read(now=now)

    def _answer(self, kind: str, command_id: UUID) -> Acknowledgement:
        self.asked.append((kind, command_id))
        if self.is_refusing:
            return Acknowledgement(accepted=False, detail="Not now.", is_schedule_conflict=self.names_a_schedule)
        raise GatewayError

    def start(self, *, command_id: UUID, now: datetime) -> Acknowledgement:
        return self._answer("START", command_id)

    def stop(self, *, command_id: UUID, hold: Hold | None, now: datetime) -> Acknowledgement:
        return self._answer("STOP", command_id)

    def renew(self, *, hold: Hold, now: datetime) -> Acknowledgement:
        return self._answer("RENEW", uuid4())


@pytest.fixture
def night() -> Night:
    night = make_night()
    night.add_place()
    night.turn_on()
    return night


@pytest.fixture
def lossy(night: Night, monkeypatch: pytest.MonkeyPatch) -> LossyGateway:
    gateway = LossyGateway(night.vehicle)
    monkeypatch.setattr(sending, "gateway_of", lambda vehicle: gateway)
    monkeypatch.setattr(telemetry, "gateway_of", gateways.gateway_of)
    return gateway


def test_a_stop_is_sent_three_times_with_the_same_key_and_then_given_up(night: Night, lossy: LossyGateway) -> None:
    seen = night.let_pass(timedelta(minutes=25))

    command = Command.objects.get()
    assert [kind for kind, _ in lossy.asked] == ["STOP"] * 3
    assert {key for _, key in lossy.asked} == {command.public_id}
    assert command.status == "FAILED"
    assert command.attempts == 3
    assert State.STOP_FAILED in seen


def test_a_refused_stop_is_tried_again_and_keeps_what_the_gateway_said(night: Night, lossy: LossyGateway) -> None:
    lossy.is_refusing = True

    night.let_pass(timedelta(minutes=9))

    command = Command.objects.get()
    assert command.status == "INTENDED"
    assert command.failure_detail == "Not now."
    assert command.attempts == 2
    # Who remembers keys would say no again whatever has changed since.
    keys = [key for _, key in lossy.asked]
    assert keys[0] == command.public_id
    assert len(set(keys)) == 2


def test_an_answer_that_names_another_schedule_is_remembered_whatever_comes_after(
    night: Night, lossy: LossyGateway
) -> None:
    lossy.is_refusing = lossy.names_a_schedule = True
    night.let_pass(timedelta(minutes=2))
    lossy.names_a_schedule = False
    night.let_pass(timedelta(minutes=7))

    command = Command.objects.get()
    assert command.attempts == 2
    assert command.is_schedule_conflict


def test_an_answer_that_names_another_schedule_is_a_finding_at_once(night: Night, lossy: LossyGateway) -> None:
    lossy.is_refusing = lossy.names_a_schedule = True

    night.let_pass(timedelta(minutes=2))

    finding = Finding.objects.get()
    assert (finding.cause, finding.codes, finding.status) == ("charger_refuses", ["F11"], "confirmed")


def test_a_refusal_for_another_reason_is_no_conflict(night: Night, lossy: LossyGateway) -> None:
    lossy.is_refusing = True

    night.let_pass(timedelta(minutes=9))

    assert not Command.objects.get().is_schedule_conflict


def test_a_command_that_is_leased_to_somebody_is_not_sent_again(night: Night) -> None:
    night.let_pass(timedelta(minutes=2))
    Command.objects.update(
        status="SENDING",
        next_sending_at=night.now,
        lease_token=uuid4(),
        lease_until=clocks.wall_now() + timedelta(minutes=1),
    )

    assert not sending.send_open_command(vehicle=night.vehicle, now=night.now)


def test_an_expired_lease_is_taken_over(night: Night) -> None:
    night.let_pass(timedelta(minutes=2))
    Command.objects.update(
        status="SENDING",
        next_sending_at=night.now,
        lease_token=uuid4(),
        lease_until=clocks.wall_now() - timedelta(seconds=1),
    )

    assert sending.send_open_command(vehicle=night.vehicle, now=night.now)


def test_nothing_open_means_nothing_sent(night: Night) -> None:
    assert not sending.send_open_command(vehicle=night.vehicle, now=night.now)
    assert sending.send_due_commands(at_wall=night.now) == 0


def test_the_net_sends_the_start_that_was_not_sent_right_after_its_decision(night: Night, lossy: LossyGateway) -> None:
    make_command(vehicle=night.vehicle, status="INTENDED", attempts=0, next_sending_at=night.now)

    assert sending.send_due_commands(at_wall=night.now - timedelta(seconds=1)) == 0
    assert sending.send_due_commands(at_wall=night.now) == 1
    assert [kind for kind, _ in lossy.asked] == ["START"]


def test_no_stop_is_sent_without_having_been_decided_anew(night: Night, lossy: LossyGateway) -> None:
    night.let_pass(timedelta(minutes=2))
    Command.objects.update(next_sending_at=night.now, attempts=0)
    lossy.asked.clear()

    assert Command.objects.get().kind == "STOP"
    assert sending.send_due_commands(at_wall=night.now) == 0
    assert lossy.asked == []


@pytest.mark.parametrize("ending", ["hold_until", "hold_renew_by"])
def test_a_stop_whose_hold_is_over_is_not_sent_any_more(night: Night, lossy: LossyGateway, ending: str) -> None:
    night.let_pass(timedelta(minutes=2))
    late = night.now + timedelta(hours=6)
    Command.objects.update(next_sending_at=night.now, hold_until=late, hold_renew_by=late)
    Command.objects.update(**{ending: night.now})
    lossy.asked.clear()

    assert not sending.send_open_command(vehicle=night.vehicle, now=night.now)

    assert lossy.asked == []
    command = Command.objects.get()
    assert (command.status, command.next_sending_at) == ("SUPERSEDED", None)


def test_a_car_whose_stop_nobody_sent_in_time_is_looked_at_and_goes_on(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(sending, "send_open_command", lambda **_: False)
        night.let_pass(timedelta(minutes=2))
    stop = Command.objects.get()
    assert (stop.kind, stop.attempts) == ("STOP", 0)
    assert stop.hold_renew_by is not None
    night.now = stop.hold_renew_by + timedelta(minutes=20)

    steps = sweep.run_vehicle(vehicle_id=night.vehicle.pk, at_wall=night.now)

    assert steps < 5
    stop.refresh_from_db()
    assert (stop.status, stop.attempts) == ("SUPERSEDED", 0)


def test_a_start_that_is_lost_is_tried_until_the_deadline(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    night.let_pass(timedelta(minutes=20))
    assert night.vehicle.state == State.STOPPED
    car = SimulatedCar.objects.get()
    car.memory["hold"] = None
    car.save()
    gateway = LossyGateway(night.vehicle)
    monkeypatch.setattr(sending, "gateway_of", lambda vehicle: gateway)

    night.let_pass(timedelta(hours=12), step=timedelta(minutes=5))

    starts = Command.objects.filter(kind="START")
    assert starts.count() > 5
    assert starts.filter(status="FAILED").exists()
    assert night.vehicle.state == State.FAILED


def test_renewing_a_lease_says_whether_the_gateway_took_it(night: Night, lossy: LossyGateway) -> None:
    hold = Hold(until=night.now + timedelta(hours=1), renew_by=night.now + timedelta(minutes=30))

    assert not sending.renew_hold(vehicle=night.vehicle, hold=hold, now=night.now)


def test_a_held_car_is_renewed_for_as_long_as_it_waits(night: Night) -> None:
    night.let_pass(timedelta(minutes=20))
    first = night.vehicle.hold_renew_by

    night.let_pass(timedelta(hours=2))

    assert night.vehicle.state == State.STOPPED
    assert not night.is_charging
    assert first is not None
    assert night.vehicle.hold_renew_by is not None
    assert night.vehicle.hold_renew_by > first + timedelta(hours=1)


def test_when_nobody_renews_the_lease_the_car_starts_by_itself(night: Night) -> None:
    night.let_pass(timedelta(minutes=20))

    night.now += timedelta(hours=1)

    assert night.is_charging


def test_a_command_that_somebody_else_is_sending_is_waited_for_in_one_step(night: Night) -> None:
    night.let_pass(timedelta(minutes=30))
    overrides.charge_now(vehicle=night.vehicle, now=night.now)
    assert sending._claim(night.vehicle, night.now) is not None

    steps = sweep.run_vehicle(vehicle_id=night.vehicle.pk, at_wall=night.now)

    assert steps == 1


def test_when_the_time_of_a_turn_is_up_what_is_left_waits_and_starts_came_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stops = {"kind": "STOP", "hold_until": NOW + timedelta(hours=1), "hold_renew_by": NOW + timedelta(hours=1)}
    kinds: list[dict[str, object]] = [stops, {"kind": "START"}, {"kind": "START"}]
    for minutes, values in enumerate(kinds):
        due = {"status": "INTENDED", "next_sending_at": NOW - timedelta(minutes=minutes)}
        make_command(vehicle=make_parked_car(driver=make_driver(clock_own_anchor=NOW)), **due, **values)
    sent: list[Vehicle] = []

    def send(*, vehicle: Vehicle, now: datetime) -> bool:
        sent.append(vehicle)
        return True

    monkeypatch.setattr(sending, "send_open_command", send)
    ticks = iter(range(100))
    monkeypatch.setattr(sending, "monotonic", lambda: sending.LASTS_SECONDS * next(ticks) / 3)

    assert sending.send_due_commands(at_wall=NOW + timedelta(minutes=5)) == 2

    newest = Command.objects.filter(kind="START").order_by("next_sending_at")
    assert sent == [command.vehicle for command in newest]
