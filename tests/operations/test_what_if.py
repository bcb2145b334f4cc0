"""What would be decided if things were otherwise, and nothing of it is stored or sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from charging.core.states import State
from charging.models import Command, Location, Policy, SmartOverride, Vehicle, VehicleView
from charging.operations.evaluation import evaluate
from charging.operations.what_if import Outlook, Supposition, outlook, suppose
from tests import factories
from tests.api.callers import every_table, everything_stored
from tests.factories import NOW, at

pytestmark = pytest.mark.django_db

CHEAP, DEAR = 0.02, 0.20


@pytest.fixture
def car() -> Vehicle:
    """A car plugged in at Home that waits; power is cheap from 01:00 to 05:00."""
    area = factories.make_price_area()
    for day in (9, 10):
        prices = [CHEAP if 4 <= quarter < 20 else DEAR for quarter in range(96)]
        factories.make_prices(area=area, day_start=at(0, day=day), prices=prices)
    vehicle = factories.make_parked_car(state=State.CONSIDERING)
    factories.make_due(vehicle=vehicle)
    return Vehicle.objects.select_related("driver").get(pk=vehicle.pk)


@pytest.fixture
def home(car: Vehicle) -> Location:
    return car.driver.locations.get()


def as_it_is(car: Vehicle) -> Supposition:
    view, policy = VehicleView.objects.get(vehicle=car), Policy.objects.filter(vehicle=car).first()
    return Supposition(
        at=NOW,
        is_enabled=policy is not None and policy.is_enabled,
        soc_percent=view.soc_percent,
        is_plugged_in=view.is_plugged_in is True,
        location=view.location,
        deadline=policy.deadline if policy is not None else None,
        minimum_percent=policy.minimum_charge_limit if policy is not None else 0,
    )


def if_(car: Vehicle, **changes: Any) -> Outlook:
    return suppose(vehicle=car, now=NOW, supposition=replace(as_it_is(car), **changes))


def test_nothing_supposed_is_what_an_evaluation_decides(car: Vehicle) -> None:
    supposed, now = if_(car), outlook(vehicle=car, now=NOW)

    assert supposed.decision == now.decision == evaluate(vehicle=car, now=NOW, trigger="test")


def test_nothing_is_written_whatever_is_supposed(car: Vehicle) -> None:
    before = everything_stored(), every_table()
    with CaptureQueriesContext(connection) as queries:
        if_(car, soc_percent=10.0, deadline=time(5), minimum_percent=50, location=None, at=NOW + timedelta(hours=1))

    assert [query["sql"] for query in queries if not query["sql"].startswith("SELECT")] == []
    assert (everything_stored(), every_table()) == before
    assert not Command.objects.exists()


def test_a_plan_that_the_rules_carry_out_is_that_of_the_decision(car: Vehicle) -> None:
    found = outlook(vehicle=car, now=NOW)

    assert found.decision.state == State.STOPPED
    assert found.is_carried_out
    assert found.plan is not None
    assert found.decision.plan is not None
    assert found.plan.windows == found.decision.plan.windows
    assert at(1) <= found.plan.windows[0].start < found.plan.windows[-1].end <= at(5)


def test_another_level_means_other_hours(car: Vehicle) -> None:
    now, emptier = if_(car), if_(car, soc_percent=25.0)

    assert now.plan is not None
    assert emptier.plan is not None
    assert sum(w.energy_kwh for w in emptier.plan.windows) > sum(w.energy_kwh for w in now.plan.windows)
    assert emptier.facts.car.is_fully_charged is None


def test_a_level_at_the_limit_is_full(car: Vehicle) -> None:
    full = if_(car, soc_percent=80.0)

    assert full.decision.state == State.FULLY_CHARGED
    assert full.plan is None


def test_a_level_that_is_not_known_has_no_plan(car: Vehicle) -> None:
    unknown = if_(car, soc_percent=None)

    assert (unknown.decision.rule, unknown.plan) == ("no_estimate", None)


def test_an_unplugged_car_waits_for_its_plug(car: Vehicle) -> None:
    away = if_(car, is_plugged_in=False)

    assert away.decision.rule == "not_plugged_in"
    assert away.facts.car.plugged_in_at is None


def test_a_car_plugged_in_where_its_power_is_not_known_would_be_measured(car: Vehicle, home: Location) -> None:
    nowhere = {"is_plugged_in": False, "plugged_in_at": None, "location": None, "observed_power_kw": None}
    VehicleView.objects.filter(vehicle=car).update(**nowhere)

    there = if_(car, is_plugged_in=True, location=home)

    assert there.facts.location_id == home.pk
    assert there.facts.car.plugged_in_at == NOW
    assert there.decision.rule == "measuring_power"
    assert not there.is_carried_out
    assert there.plan is not None
    assert there.plan.windows


def test_away_from_every_place_there_is_no_plan(car: Vehicle) -> None:
    away = if_(car, location=None)

    assert (away.decision.rule, away.plan, away.period) == ("not_at_a_place", None, None)


def test_another_deadline_counts_on_every_day(car: Vehicle) -> None:
    Policy.objects.filter(vehicle=car).update(
        deadline_wednesday=time(9), one_off_deadline_at=at(8), max_windows=1, min_window_minutes=60
    )

    sooner = if_(car, deadline=time(4))

    assert sooner.facts.policy.deadline_at == at(4)
    assert (sooner.facts.policy.max_windows, sooner.facts.policy.min_window) == (1, timedelta(hours=1))
    assert if_(car).facts.policy.deadline_at == at(8)


def test_a_running_plan_gives_way_to_another_deadline_and_its_plan_is_shown(car: Vehicle, home: Location) -> None:
    factories.make_plan(vehicle=car, location=home)
    Vehicle.objects.filter(pk=car.pk).update(state=State.STOPPED)
    car.refresh_from_db()

    sooner = if_(car, deadline=time(5))

    assert sooner.facts.state == State.DEADLINE_CHANGED
    assert sooner.decision.state == State.STOPPED
    assert sooner.decision.plan is not None
    assert sooner.decision.plan.deadline_at == at(5)


def test_a_minimum_above_the_level_charges_first(car: Vehicle) -> None:
    low = if_(car, minimum_percent=60)

    assert low.decision.rule == "below_minimum"
    assert low.plan is not None
    assert low.plan.windows[0].is_forced


def test_smart_charging_that_is_off_decides_nothing(car: Vehicle) -> None:
    assert if_(car, is_enabled=False).decision.state == State.DISABLED


def test_a_car_without_a_policy_may_be_supposed_to_have_one(car: Vehicle) -> None:
    Policy.objects.all().delete()

    assert if_(car).decision.state == State.DISABLED
    assert if_(car, is_enabled=True, deadline=time(7)).decision.state == State.STOPPED


def test_prices_times_two_cost_twice_as_much(car: Vehicle) -> None:
    once, twice = if_(car), if_(car, price_factor=Decimal(2))

    assert once.plan is not None
    assert twice.plan is not None
    assert float(twice.plan.cost) == pytest.approx(2 * float(once.plan.cost), abs=0.001)
    assert if_(car, price_factor=Decimal(0)).decision.rule == "nothing_to_save"


def test_a_plan_without_a_known_cost_is_shown_at_that_of_charging_at_once(car: Vehicle, home: Location) -> None:
    factories.make_plan(vehicle=car, location=home, smart_cost=None)
    Vehicle.objects.filter(pk=car.pk).update(state=State.OVERRIDDEN)
    car.refresh_from_db()
    SmartOverride.objects.create(vehicle=car, created_at=NOW)

    found = outlook(vehicle=car, now=NOW)

    assert found.plan is not None
    assert found.plan.cost == Decimal("2.6254")


def test_at_another_hour_the_reading_is_as_old_and_the_hold_was_renewed(car: Vehicle, home: Location) -> None:
    factories.make_plan(vehicle=car, location=home)
    Vehicle.objects.filter(pk=car.pk).update(
        state=State.STOPPED, hold_until=at(1, 45), hold_renew_by=NOW + timedelta(minutes=20)
    )
    car.refresh_from_db()

    waits, starts = if_(car, at=at(0, 30)), if_(car, at=at(1, 50))

    assert waits.facts.car.observed_at == at(0, 26)
    assert (waits.decision.state, waits.decision.command) == (State.STOPPED, None)
    assert starts.decision.state == State.STARTING
    assert starts.decision.command is not None
    assert car.hold_renew_by == NOW + timedelta(minutes=20)


def test_a_car_that_never_answered_stays_unseen(car: Vehicle) -> None:
    VehicleView.objects.filter(vehicle=car).update(observed_at=None, is_plugged_in=None, position_observed_at=None)

    assert if_(car, at=at(3)).facts.car.observed_at is None
