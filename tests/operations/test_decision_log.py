"""Every decision that changed something is stored with its facts, and decided again from them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker, Settings

from charging.core.states import State
from charging.models import DecisionLog, PriceSnapshot, Reading, StateEvent, Vehicle
from charging.operations import batches, decision_log, overrides, telemetry
from charging.operations.decision_log import replay
from charging.operations.evaluation import evaluate
from charging.operations.simulation import plug_in, unplug
from tests.factories import make_driver, make_vehicle
from tests.operations.night import Night, make_night

pytestmark = pytest.mark.django_db

MOST_BYTES = 6_000


@pytest.fixture(scope="module")
def one_night(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Night]:
    """A night that is lived once; what a test makes of it is undone at that test's end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield live_a_night()
        transaction.set_rollback(True)


@pytest.fixture
def lived(one_night: Night) -> Night:
    one_night.vehicle.refresh_from_db()
    return one_night


def live_a_night() -> Night:
    """A night with everything in it: protective charging, a plan, charge now and back, a cable pulled and put back."""
    night = make_night()
    night.add_place()
    night.turn_on(minimum=42)
    night.let_pass(timedelta(hours=2))
    overrides.charge_now(vehicle=night.vehicle, now=night.now)
    night.let_pass(timedelta(minutes=20))
    overrides.end_override(vehicle=night.vehicle, now=night.now)
    night.let_pass(timedelta(hours=1))
    unplug(vehicle=night.vehicle, now=night.now)
    night.let_pass(timedelta(minutes=20))
    plug_in(vehicle=night.vehicle, now=night.now)
    night.let_pass(timedelta(hours=9))
    assert night.vehicle.state == State.FINISHED
    return night


def test_there_is_no_step_without_a_row(lived: Night) -> None:
    logged = set(DecisionLog.objects.values_list("at", "state_before", "state_after"))
    by_instant: dict[object, list[str]] = {}
    for event in StateEvent.objects.order_by("seq"):
        by_instant.setdefault(event.at, []).extend((event.from_state, event.to_state))

    assert len(by_instant) > 8
    assert {(at, path[0], path[-1]) for at, path in by_instant.items() if path[0] != path[-1]} <= logged


def test_every_row_is_decided_again_as_it_was(lived: Night) -> None:
    rows = DecisionLog.objects.select_related("prices")

    differing = [(row.rule, replay(row).differences) for row in rows if not replay(row).is_same]

    assert rows.count() > 10
    assert differing == []


def test_rows_stay_small_because_the_same_prices_are_stored_once(lived: Night) -> None:
    rows = list(DecisionLog.objects.all())

    assert max(len(json.dumps(row.facts)) + len(json.dumps(row.decision)) for row in rows) < MOST_BYTES
    assert PriceSnapshot.objects.count() < len(rows) / 2


def test_an_evaluation_that_changes_nothing_is_counted_and_not_logged(lived: Night) -> None:
    before = Vehicle.objects.get().evaluation_count, DecisionLog.objects.count()

    evaluate(vehicle=lived.vehicle, now=lived.now, trigger="timer")

    assert (Vehicle.objects.get().evaluation_count, DecisionLog.objects.count()) == (before[0] + 1, before[1])


def test_a_row_names_its_trigger_its_command_and_the_version_of_the_rules(lived: Night) -> None:
    row = DecisionLog.objects.filter(command="START override").get()

    assert row.trigger == "override"
    assert row.rule == "charge now"
    assert (row.state_before, row.state_after) == (State.STOPPED, State.OVERRIDDEN)
    assert row.code_version == decision_log.CODE_VERSION
    assert len(row.facts_hash) == 64


def test_rules_that_would_decide_otherwise_today_are_found_out(lived: Night) -> None:
    row = DecisionLog.objects.filter(state_after=State.STOPPING)[0]
    row.facts["car"]["soc_percent"] = 80.0

    again = replay(row)

    assert not again.is_same
    assert {"state", "moves"} <= set(again.differences)


def test_decisions_of_long_ago_are_forgotten_with_their_prices(lived: Night, settings: Settings) -> None:
    settings.READYBY_KEEP_DECISIONS_DAYS = 30
    recent = DecisionLog.objects.latest("at")
    DecisionLog.objects.exclude(pk=recent.pk).update(at=lived.now - timedelta(days=31))
    count = DecisionLog.objects.count()

    forgotten = decision_log.forget_old_decisions(at_wall=lived.now)

    assert forgotten == count - 1
    assert list(PriceSnapshot.objects.all()) == [recent.prices]


def test_readings_of_long_ago_are_forgotten(lived: Night, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.READYBY_KEEP_READINGS_DAYS = 30
    newest = Reading.objects.latest("observed_at")
    of_another = Reading.objects.earliest("observed_at")
    Reading.objects.exclude(pk=newest.pk).update(observed_at=lived.now - timedelta(days=31))
    Reading.objects.filter(pk=of_another.pk).update(vehicle=make_vehicle(driver=make_driver()))
    monkeypatch.setattr(batches, "CARS_AT_ONCE", 1)

    with CaptureQueriesContext(connection) as asked:
        telemetry.forget_old_readings(at_wall=lived.now)

    selects = [query["sql"] for query in asked if query["sql"].startswith("SELECT") and "observed_at" in query["sql"]]
    assert len(selects) >= 2
    assert all('"vehicle_id" IN' in sql for sql in selects), "without the car there is no index, and the table is read"

    assert list(Reading.objects.all()) == [newest]
