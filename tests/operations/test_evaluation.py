"""One evaluation: judged commands, leases, and when the car is looked at again."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from charging.adapters.vehicles.gateway import Acknowledgement, GatewayError
from charging.core.facts import Hold
from charging.core.states import State
from charging.models import Command, Due, Reading, Vehicle, VehicleView
from charging.operations import evaluation, policies, sending, simulation, telemetry
from charging.operations.carrying_out import hold_after
from charging.operations.due import POLL_PLUGGED_IN, look_again, schedule
from charging.operations.facts import load_facts
from tests.operations.night import Night, make_night

pytestmark = pytest.mark.django_db


@pytest.fixture
def night() -> Night:
    night = make_night()
    night.add_place()
    night.turn_on()
    return night


@pytest.fixture
def waiting(night: Night) -> Night:
    night.let_pass(timedelta(minutes=10))
    assert night.vehicle.state == State.STOPPED
    return night


def test_the_reason_of_a_state_stays_while_nothing_changes(waiting: Night) -> None:
    before = waiting.vehicle.rule

    decision = evaluation.evaluate(vehicle=waiting.vehicle, now=waiting.now, trigger="test")

    waiting.vehicle.refresh_from_db()
    assert decision.rule == "as before"
    assert waiting.vehicle.rule == before != "as before"


class DeafGateway:
    """A gateway that takes nothing; `answers` says whether it says so."""

    poll_interval = timedelta(minutes=5)
    has_lease = True

    def __init__(self, *, answers: bool) -> None:
        self.answers = answers

    def _no(self) -> Acknowledgement:
        if self.answers:
            return Acknowledgement(accepted=False, detail="Not now.")
        raise GatewayError

    def read(self, *, now: datetime) -> None:
        return None

    def start(self, *, command_id: UUID, now: datetime) -> Acknowledgement:
        return self._no()

    def stop(self, *, command_id: UUID, hold: Hold | None, now: datetime) -> Acknowledgement:
        return self._no()

    def renew(self, *, hold: Hold, now: datetime) -> Acknowledgement:
        return self._no()


def lease_of(night: Night) -> tuple[datetime | None, datetime | None]:
    return Vehicle.objects.values_list("hold_until", "hold_renew_by").get(pk=night.vehicle.pk)


def test_evaluating_often_never_puts_a_reading_off(waiting: Night) -> None:
    readings = Reading.objects.count()

    for _ in range(6):
        waiting.now += timedelta(minutes=1)
        evaluation.evaluate(vehicle=waiting.vehicle, now=waiting.now, trigger="test")

    assert Due.objects.get().next_poll_at <= waiting.now
    waiting.let_pass(timedelta(minutes=1))
    assert Reading.objects.count() == readings + 1


def test_a_reading_asked_for_is_not_asked_for_again_at_once(waiting: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telemetry, "gateway_of", lambda vehicle: DeafGateway(answers=True))
    look_again(vehicle=waiting.vehicle, now=waiting.now)

    waiting.let_pass(timedelta(minutes=1))

    assert Due.objects.get().next_poll_at == waiting.now + POLL_PLUGGED_IN


@pytest.mark.parametrize("answers", [True, False], ids=["refused", "unheard"])
def test_a_lease_counts_as_renewed_only_when_the_gateway_took_it(
    waiting: Night, monkeypatch: pytest.MonkeyPatch, answers: bool
) -> None:
    before = lease_of(waiting)
    monkeypatch.setattr(sending, "gateway_of", lambda vehicle: DeafGateway(answers=answers))

    waiting.let_pass(timedelta(minutes=18))
    assert lease_of(waiting) == before
    monkeypatch.undo()
    waiting.let_pass(timedelta(minutes=5))

    assert lease_of(waiting)[1] > before[1]  # type: ignore[operator]
    assert not waiting.is_charging


def test_a_lease_lives_as_long_as_it_is_renewed(waiting: Night) -> None:
    for _ in range(8):
        waiting.let_pass(timedelta(minutes=15))
        renew_by = lease_of(waiting)[1]

        assert renew_by is not None
        assert renew_by > waiting.now
    assert not waiting.is_charging


def test_an_outage_shorter_than_two_hours_is_not_taken_for_a_start_by_somebody_else(
    waiting: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as outage:
        for module in (telemetry, sending):
            outage.setattr(module, "gateway_of", lambda vehicle: DeafGateway(answers=False))
        waiting.let_pass(timedelta(hours=1))
        assert waiting.is_charging

    seen = waiting.let_pass(timedelta(minutes=20))

    assert State.OVERRIDDEN not in seen
    assert seen[-1] == State.STOPPED
    assert not waiting.is_charging


def test_an_unplugged_car_loses_its_lease(waiting: Night) -> None:
    simulation.unplug(vehicle=waiting.vehicle, now=waiting.now)

    assert lease_of(waiting) == (None, None)


def test_a_command_is_settled_by_what_the_car_shows(waiting: Night) -> None:
    command = Command.objects.get()

    assert command.status == "CONFIRMED"
    assert command.completed_at is not None
    assert command.next_sending_at is None


def test_the_last_instant_of_a_lease_is_never_later_than_the_latest_start(waiting: Night) -> None:
    """A deadline that comes nearer brings the end of the lease nearer too."""
    far = lease_of(waiting)[0]

    waiting.turn_on(minimum=0)
    simulation.set_battery(vehicle=waiting.vehicle, soc_percent=10.0, now=waiting.now)
    waiting.let_pass(timedelta(minutes=10))

    near = lease_of(waiting)[0]
    assert near is None or (far is not None and near <= far)


def test_an_early_look_is_kept_when_it_comes_before_the_next_reading(waiting: Night) -> None:
    soon = waiting.now + timedelta(seconds=20)

    schedule(vehicle=waiting.vehicle, own_at=soon)

    assert Due.objects.get().own_at == soon


def test_without_a_view_of_the_power_no_car_is_stopped(night: Night) -> None:
    VehicleView.objects.update(observed_power_kw=None)

    decision = evaluation.evaluate(vehicle=night.vehicle, now=night.now, trigger="test")

    assert decision.command is None
    assert decision.rule == "measuring_power"


def test_a_renewal_that_a_decision_wants_is_not_written_by_the_evaluation_itself(waiting: Night) -> None:
    before = lease_of(waiting)
    later = waiting.now + timedelta(minutes=20)

    decision = evaluation.evaluate(vehicle=waiting.vehicle, now=later, trigger="test")

    assert decision.renew_hold is not None
    facts, _ = load_facts(vehicle=waiting.vehicle, now=later)
    assert hold_after(facts, decision) == decision.renew_hold
    assert decision.renew_hold.renew_by == later + timedelta(minutes=30)
    assert lease_of(waiting) == before


def test_a_stop_that_is_taken_back_is_a_hold_until_the_car_was_seen_to_charge_after_it(waiting: Night) -> None:
    """The last that was seen of charging is of before both commands: whichever was last may have won."""
    command, at = Command.objects.get(), waiting.now
    stop = {"status": "ACCEPTED", "created_at": at, "last_sent_at": at, "completed_at": None}
    Command.objects.filter(pk=command.pk).update(**stop)
    seen = VehicleView.objects.filter(vehicle=waiting.vehicle)
    seen.update(is_charging=True, power_delivery="PLUGGED_IN:CHARGING", charging_observed_at=at - timedelta(minutes=2))
    policies.pause(vehicle=waiting.vehicle, now=at + timedelta(minutes=1))
    start = Command.objects.order_by("generation").last()
    assert start is not None
    assert start.kind == "START"
    sent_at, later = at + timedelta(minutes=1), at + timedelta(minutes=3)
    Command.objects.filter(pk=start.pk).update(status="ACCEPTED", attempts=1, last_sent_at=sent_at)
    seen.update(observed_at=at + timedelta(minutes=2))

    evaluation.evaluate(vehicle=waiting.vehicle, now=later, trigger="test")
    start.refresh_from_db()
    assert start.status == "ACCEPTED"
    assert lease_of(waiting)[0] is not None

    seen.update(charging_observed_at=at + timedelta(minutes=2))
    evaluation.evaluate(vehicle=waiting.vehicle, now=later, trigger="test")
    start.refresh_from_db()
    assert start.status == "CONFIRMED"
    assert lease_of(waiting) == (None, None)
