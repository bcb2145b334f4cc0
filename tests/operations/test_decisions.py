"""What a decision leaves behind: plan, events with messages, overrides, commands."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps

from charging.core.decide import decide
from charging.core.decision import CommandIntent, Decision, Move
from charging.core.facts import CommandKind, CommandPurpose, FailureCondition
from charging.core.states import Event, State
from charging.models import (
    Activity,
    Command,
    MissedDeadline,
    OutboxMessage,
    Plan,
    SmartOverride,
    StateEvent,
    Vehicle,
)
from charging.models.activities import Actor
from charging.operations import decision_log, decisions
from charging.operations.facts import load_facts, load_rows
from tests.factories import make_driver, make_plan, make_vehicle
from tests.operations.night import Night, make_night

pytestmark = pytest.mark.django_db

RELEASE = CommandIntent(CommandKind.START, CommandPurpose.RELEASE)


@pytest.fixture
def night() -> Night:
    """A car that is held at Home."""
    night = make_night()
    night.add_place()
    night.turn_on()
    night.let_pass(timedelta(minutes=10))
    assert night.vehicle.state == State.STOPPED
    return night


def decided(night: Night) -> Decision:
    facts, _ = load_facts(vehicle=night.vehicle, now=night.now)
    return decide(facts, night.now)


def test_every_step_has_one_event_and_one_message_with_the_same_number(night: Night) -> None:
    events = list(StateEvent.objects.order_by("seq").values_list("seq", "to_state", "trigger"))
    messages = list(OutboxMessage.objects.order_by("seq").values_list("seq", "payload", "event"))

    assert [(seq, state) for seq, state, _ in events] == [(seq, body["state"]) for seq, body, _ in messages]
    assert [seq for seq, _, _ in events] == [1, 2, 3]
    assert {event for _, _, event in messages} == {"user:vehicle:smart-charging-status-updated"}
    assert events[0][2] == "policy"


def test_messages_name_the_plan_they_speak_of_and_nothing_of_where_the_car_is(night: Night) -> None:
    first, last = OutboxMessage.objects.order_by("seq").first(), OutboxMessage.objects.order_by("seq").last()

    assert first is not None
    assert last is not None
    assert first.payload["plan"] is None
    assert last.payload["plan"] == str(Plan.objects.get().public_id)
    assert "latitude" not in json.dumps(last.payload)


def test_a_step_that_leads_nowhere_leaves_nothing(night: Night) -> None:
    before = StateEvent.objects.count()
    still = Move(Event.STOP_SEEN, State.STOPPED, State.STOPPED)

    decisions.write_moves(
        vehicle=night.vehicle,
        decision=replace(decided(night), moves=(still,)),
        plan=None,
        trigger="test",
        now=night.now,
    )

    assert StateEvent.objects.count() == OutboxMessage.objects.count() == before


def test_the_plan_says_what_it_rests_on(night: Night) -> None:
    plan = Plan.objects.get()

    assert plan.price_area_code == "NO2"
    assert plan.currency == "EUR"
    assert plan.prices_recorded_on
    assert len(plan.facts_hash) == 64
    assert plan.code_version == decision_log.CODE_VERSION
    assert plan.change_count == 0
    assert plan.reserve_minutes > 0


def test_changed_windows_replace_the_old_ones_and_are_counted(night: Night) -> None:
    facts, period = load_facts(vehicle=night.vehicle, now=night.now)
    assert facts.plan is not None
    *others, last = facts.plan.windows
    shorter = (*others, replace(last, end=last.end - timedelta(minutes=5)))
    changed = replace(facts.plan, windows=shorter, reason="needs_less")

    stored = decisions.write_plan(
        rows=load_rows(vehicle=night.vehicle),
        facts=facts,
        decision=replace(decided(night), plan=changed),
        period=period,
        now=night.now,
    )

    assert stored == Plan.objects.get()
    assert (Plan.objects.get().change_count, Plan.objects.get().reason) == (1, "needs_less")
    assert Plan.objects.get().as_running_plan().windows == shorter


def test_a_window_of_no_length_is_not_stored(night: Night) -> None:
    facts, period = load_facts(vehicle=night.vehicle, now=night.now)
    assert facts.plan is not None
    window = facts.plan.windows[0]
    changed = replace(facts.plan, windows=(replace(window, end=window.start), *facts.plan.windows))

    decisions.write_plan(
        rows=load_rows(vehicle=night.vehicle),
        facts=facts,
        decision=replace(decided(night), plan=changed),
        period=period,
        now=night.now,
    )

    assert Plan.objects.get().as_running_plan().windows == facts.plan.windows


def test_an_unchanged_plan_is_not_written(night: Night) -> None:
    before = Plan.objects.values().get()
    facts, period = load_facts(vehicle=night.vehicle, now=night.now)

    decisions.write_plan(
        rows=load_rows(vehicle=night.vehicle), facts=facts, decision=decided(night), period=period, now=night.now
    )

    assert Plan.objects.values().get() == before


@pytest.mark.parametrize(("gateway", "counted"), [("app", ["FINISHED_LATE"]), ("simulator", [])])
def test_a_missed_deadline_of_a_real_car_is_counted_once_and_outlives_the_car(
    night: Night, gateway: str, counted: list[str]
) -> None:
    Vehicle.objects.update(gateway=gateway)
    for reason in ("late", "still late"):
        facts, period = load_facts(vehicle=night.vehicle, now=night.now)
        plan = facts.plan or Plan.objects.get().as_running_plan()
        ended = replace(
            plan, ended_at=night.now, final_state=State.FINISHED, failure_condition=FailureCondition.FINISHED_LATE,
            reason=reason,
        )  # fmt: skip
        decisions.write_plan(
            rows=replace(load_rows(vehicle=Vehicle.objects.get()), plan=Plan.objects.get()),
            facts=facts,
            decision=replace(decided(night), plan=ended),
            period=period,
            now=night.now,
        )

    assert Plan.objects.get().reason == "still late"
    Vehicle.objects.all().delete()
    assert list(MissedDeadline.objects.values_list("reason", flat=True)) == counted


def test_what_was_missed_before_it_was_counted_is_counted_once(night: Night) -> None:
    count_so_far = import_module("charging.migrations.0175_missed_deadlines").count_so_far
    simulated, real = make_vehicle(driver=make_driver()), make_vehicle(driver=make_driver(), gateway="app")
    for vehicle in (simulated, real):
        make_plan(vehicle=vehicle, final_state=State.FAILED, failure_condition="START_FAILED")
        make_plan(vehicle=vehicle, final_state=State.FINISHED)

    count_so_far(apps, None)

    assert list(MissedDeadline.objects.values_list("reason", flat=True)) == ["START_FAILED"]


def test_a_newer_command_takes_the_place_of_an_open_one(night: Night) -> None:
    Command.objects.update(status="ACCEPTED", completed_at=None)

    decisions.write_command(
        vehicle=night.vehicle, decision=replace(decided(night), command=RELEASE), plan=Plan.objects.get(), now=night.now
    )

    old, new = Command.objects.order_by("generation")
    assert (old.status, old.completed_at, old.next_sending_at) == ("SUPERSEDED", night.now, None)
    assert (new.kind, new.status, new.next_sending_at) == ("START", "INTENDED", night.now)
    assert new.generation == old.generation + 1
    assert new.plan == Plan.objects.get()
    assert new.hold_until is None


def test_a_command_after_the_end_of_a_plan_belongs_to_none(night: Night) -> None:
    Plan.objects.update(ended_at=night.now, final_state=State.FAILED)

    decisions.write_command(
        vehicle=night.vehicle, decision=replace(decided(night), command=RELEASE), plan=Plan.objects.get(), now=night.now
    )

    newest = Command.objects.order_by("-generation").first()
    assert newest is not None
    assert newest.plan is None


def test_a_start_by_somebody_else_begins_an_override_that_a_decision_ends(night: Night) -> None:
    foreign = Move(Event.FOREIGN_START, State.STOPPED, State.OVERRIDDEN)
    began = replace(decided(night), moves=(foreign,), ends_override=False)
    decisions.write_override(vehicle=night.vehicle, decision=began, now=night.now)
    assert SmartOverride.objects.get(ended_at=None).is_from_elsewhere

    ended = replace(decided(night), moves=(), ends_override=True)
    decisions.write_override(vehicle=night.vehicle, decision=ended, now=night.now)

    assert SmartOverride.objects.get().ended_at == night.now


def test_a_note_carries_its_values(night: Night) -> None:
    decisions.note(vehicle=night.vehicle, code="test", actor=Actor.DRIVER_HERE, now=night.now, minimum_percent=20)

    line = Activity.objects.get(code="test")
    assert (line.params, line.actor, line.at) == ({"minimum_percent": 20}, Actor.DRIVER_HERE, night.now)
