"""The newest plan and what is read with it: of this car, at this place, and all of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from charging.core.facts import Window
from charging.core.states import State
from charging.models import Finding, LearnedPower, Vehicle
from charging.views.newest_plan import newest_plan
from tests import factories

LATER = Window(
    factories.WINDOW.start + timedelta(hours=3), factories.WINDOW.end + timedelta(hours=3), 5.0, factories.WINDOW.cost
)


@pytest.fixture
def vehicle(db: None) -> Vehicle:
    return factories.make_parked_car()


def test_a_car_without_a_plan_has_none(vehicle: Vehicle) -> None:
    vehicle.plans.all().delete()

    assert newest_plan(vehicle=vehicle, place=None, findings=Finding.objects.none()) is None


def test_all_windows_of_the_newest_plan_come_in_time_order(vehicle: Vehicle) -> None:
    vehicle.plans.all().delete()
    yesterday = factories.NOW - timedelta(days=1)
    factories.make_plan(vehicle=vehicle, created_at=yesterday, final_state=State.FINISHED)
    newest = factories.make_plan(vehicle=vehicle, windows=(LATER, factories.WINDOW))

    found = newest_plan(vehicle=vehicle, place=None, findings=Finding.objects.none())

    assert found is not None
    assert found.plan == newest
    assert found.windows == (factories.WINDOW, LATER)


def test_a_plan_without_windows_is_a_plan(vehicle: Vehicle) -> None:
    vehicle.plans.all().delete()
    factories.make_plan(vehicle=vehicle, windows=())

    found = newest_plan(vehicle=vehicle, place=None, findings=Finding.objects.none())

    assert found is not None
    assert found.windows == ()


def test_what_stands_beside_it_is_of_this_car_and_place_and_the_newest(
    vehicle: Vehicle, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    home = vehicle.view.location
    assert home is not None
    other = factories.make_vehicle(driver=vehicle.driver)
    factories.make_session(vehicle=other, plugged_in_at=factories.NOW)
    factories.make_session(vehicle=vehicle, plugged_in_at=factories.NOW - timedelta(days=2), unplugged_at=factories.NOW)
    newest = factories.make_session(vehicle=vehicle, plugged_in_at=factories.NOW)
    learned = factories.make_learned_power(vehicle=vehicle)
    elsewhere = factories.make_location(driver=vehicle.driver, name="Cabin")
    LearnedPower.objects.create(
        vehicle=vehicle,
        location=elsewhere,
        plug_ins=learned.plug_ins,
        power_kw=3.0,
        session_count=1,
        updated_at=factories.NOW,
    )

    with django_assert_num_queries(1):
        found = newest_plan(vehicle=vehicle, place=home, findings=Finding.objects.filter(vehicle=vehicle))

    assert found is not None
    assert found.plan.location is home
    assert found.beside.session == newest
    assert found.beside.learned == learned
    assert not found.beside.has_findings


def test_a_plan_for_another_place_names_that_one(vehicle: Vehicle) -> None:
    elsewhere = factories.make_location(driver=vehicle.driver, name="Cabin")
    factories.make_finding(vehicle=vehicle)

    found = newest_plan(vehicle=vehicle, place=elsewhere, findings=Finding.objects.filter(vehicle=vehicle))

    assert found is not None
    assert found.plan.location == vehicle.view.location
    assert found.beside.learned is None
    assert found.beside.has_findings
