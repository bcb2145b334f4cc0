"""The row of a car that is planned with others: in step with its evaluations, and there only while it is calm."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from charging.core.fleet_facts import column_values
from charging.core.planning_facts import planning_facts
from charging.core.states import State
from charging.models import Location, PlanningRow, VehicleView
from charging.models.planning import FACTS
from charging.operations import evaluation
from charging.operations.facts import load_facts
from tests.factories import make_override, make_terms
from tests.operations.night import Night, make_night
from tests.operations.obedient_car import ObedientCar, publish_days
from tests.operations.random_cars import NOON, TODAY, make_waiting_cars

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
LATER = NOON + 11 * MINUTE


@pytest.fixture
def car(settings: Settings) -> ObedientCar:
    settings.READYBY_LIVE_PRICES = True
    publish_days(TODAY)
    (car,) = make_waiting_cars(1)
    return car


def evaluate(car: ObedientCar) -> Any:
    return evaluation.evaluate(vehicle=car.vehicle, now=LATER, trigger="test")


def test_it_holds_what_the_next_evaluation_will_rest_on(car: ObedientCar) -> None:
    row = PlanningRow.objects.get()
    decision = evaluate(car)
    facts, _ = load_facts(vehicle=car.vehicle, now=LATER)

    kept = planning_facts(facts, decision, LATER)

    assert kept is not None
    assert [getattr(row, name) for name in FACTS] == list(column_values(kept))
    assert row.prices_hash == kept.prices_hash
    assert (row.area_code, row.terms_key) == ("FI", "")
    assert row.plan_id == car.vehicle.plans.get().pk


def test_an_evaluation_that_changes_nothing_does_not_write_it(car: ObedientCar) -> None:
    VehicleView.objects.update(observed_at=LATER)
    with CaptureQueriesContext(connection) as queries:
        evaluate(car)

    written = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert [sql for sql in written if "planningrow" in sql] == []
    assert PlanningRow.objects.get().version == 0


def test_another_need_is_written_and_counted(car: ObedientCar) -> None:
    before = PlanningRow.objects.get()
    VehicleView.objects.update(soc_percent=67.5)
    evaluate(car)

    row = PlanningRow.objects.get()
    assert row.energy_kwh < before.energy_kwh
    assert row.version == 1


def test_it_goes_when_more_than_prices_decides(car: ObedientCar) -> None:
    make_override(vehicle=car.vehicle, created_at=LATER)
    assert evaluate(car).state == State.OVERRIDDEN
    assert not PlanningRow.objects.exists()


def test_places_with_the_same_terms_have_the_same_key(car: ObedientCar) -> None:
    keys = []
    for vat_percent in (10, 25, 10):
        make_terms(location=Location.objects.get(), vat_percent=vat_percent)
        evaluate(car)
        keys.append(PlanningRow.objects.get().terms_key)

    assert keys[0] == keys[2] != keys[1]
    make_terms(location=Location.objects.get(), vat_percent=10, rates={"night": "0.05", "day": "0.31"})
    evaluate(car)
    assert PlanningRow.objects.get().terms_key not in {*keys, ""}


def test_a_car_on_a_clock_of_its_own_has_none() -> None:
    night: Night = make_night()
    night.add_place()
    night.turn_on()
    night.let_pass(10 * MINUTE)
    assert night.vehicle.state == State.STOPPED
    assert PlanningRow.objects.exists()

    night.driver.clock_own_anchor += timedelta(hours=1)
    night.driver.save()
    evaluation.evaluate(vehicle=night.vehicle, now=night.now + MINUTE, trigger="test")

    assert not PlanningRow.objects.exists()
