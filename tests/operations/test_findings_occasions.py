"""When interference is judged: at unplugging, when something has happened, and never for a look that shows nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from charging.core.decide import RULES
from charging.core.facts import PowerDelivery, Reading
from charging.core.states import Event
from charging.models import Finding, Plan, Vehicle, VehicleView
from charging.operations import findings, overrides, simulation
from charging.operations.evaluation import evaluate
from charging.operations.findings import NEWS
from charging.operations.policies import set_policy
from charging.operations.telemetry import record_reading
from tests import factories
from tests.core.interference_stories import DAY, TIMER, nights
from tests.core.night_stories import MONDAY, tell
from tests.factories import DEADLINE_AT
from tests.operations.night import make_night
from tests.operations.stored_nights import make_car, store
from tests.operations.test_yielding import start_elsewhere

pytestmark = pytest.mark.django_db


def make_found_out(*, is_plugged_in: bool) -> tuple[Vehicle, datetime]:
    """A car of whose timer nobody has asked yet, after its second night, and when that is."""
    car = make_car()
    lines = TIMER[:-1] if is_plugged_in else TIMER
    last = tell(*lines, *(("07:10 goes on",) if is_plugged_in else ()), day=MONDAY + DAY)
    now = store(car, *nights(TIMER), last)
    start = last.readings[0].observed_at if is_plugged_in else None
    car.view.is_plugged_in, car.view.plugged_in_at, car.view.observed_at = is_plugged_in, start, now
    car.view.save()
    return Vehicle.objects.get(pk=car.pk), now


def unplugged(at: datetime) -> Reading:
    return Reading(at, f"out {at.isoformat()}", PowerDelivery.UNPLUGGED, is_plugged_in=False, is_charging=False)


def test_when_the_car_is_unplugged() -> None:
    car, now = make_found_out(is_plugged_in=True)

    record_reading(vehicle=car, reading=unplugged(now + timedelta(minutes=3)), now=now + timedelta(minutes=3))

    assert Finding.objects.get().cause == "timer"


@pytest.mark.parametrize("is_plugged_in", [True, False])
def test_not_when_a_reading_tells_nothing_of_the_cable(is_plugged_in: bool) -> None:
    car, now = make_found_out(is_plugged_in=is_plugged_in)
    reading = replace(unplugged(now + timedelta(minutes=3)), is_plugged_in=is_plugged_in)

    record_reading(vehicle=car, reading=reading, now=now + timedelta(minutes=3))

    assert not Finding.objects.exists()


def test_when_an_evaluation_brings_news_and_only_then() -> None:
    car, now = make_found_out(is_plugged_in=False)
    Vehicle.objects.update(state="CONSIDERING")
    factories.make_policy(vehicle=car)
    factories.make_due(vehicle=car)
    evaluate(vehicle=car, now=now, trigger="timer")
    found_without_news = Finding.objects.exists()
    set_policy(vehicle=car, is_enabled=False, deadline=None, minimum_charge_limit=0, now=now)

    set_policy(vehicle=car, is_enabled=True, deadline=DEADLINE_AT.time(), minimum_charge_limit=0, now=now)

    assert not found_without_news
    assert Finding.objects.get().cause == "timer"


def test_news_are_steps_that_rules_make() -> None:
    assert {rule.event for rule in RULES} >= NEWS
    assert Event.UNPLUGGED not in NEWS
    assert Event.SETTLED not in NEWS


def test_one_surprise_in_a_simulated_night_is_the_owners_wish_and_two_are_suspected() -> None:
    night = make_night()
    night.add_place()
    night.turn_on()
    night.let_pass(timedelta(hours=2, minutes=30))
    start_elsewhere(night)
    found_after_one = Finding.objects.exists()
    overrides.end_override(vehicle=night.vehicle, now=night.now)
    night.let_pass(timedelta(minutes=20))

    start_elsewhere(night)

    assert not found_after_one
    finding = Finding.objects.get()
    assert (finding.cause, finding.codes, finding.status) == ("foreign_start", ["F2"], "suspected")


def test_a_fault_in_judging_keeps_no_reading_out_and_no_car_from_its_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(findings, "load_nights", broken)
    night = make_night()
    night.add_place()
    night.turn_on()
    night.let_pass(timedelta(minutes=30))

    simulation.unplug(vehicle=night.vehicle, now=night.now)

    assert Plan.objects.get().ended_at == night.now
    assert VehicleView.objects.get().is_plugged_in is False
