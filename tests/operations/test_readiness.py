"""The ten checks: what each says of which facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from charging.core.states import State
from charging.models import Policy, Vehicle, VehicleView
from charging.operations.readiness import readiness
from charging.operations.readiness_check import Check, Status
from tests import factories
from tests.factories import NOW, make_price_area

pytestmark = pytest.mark.django_db

READY, WAITING, NEEDS_YOU, PROBLEM = Status.READY, Status.WAITING, Status.NEEDS_YOU, Status.PROBLEM
Change = Callable[[Vehicle], object]


def view(**values: Any) -> Change:
    return lambda car: VehicleView.objects.filter(vehicle=car).update(**values)


def car(**values: Any) -> Change:
    return lambda car: Vehicle.objects.filter(pk=car.pk).update(**values)


def policy(**values: Any) -> Change:
    return lambda car: Policy.objects.filter(vehicle=car).update(**values)


def no_plan(then: Change) -> Change:
    def change(car: Vehicle) -> None:
        car.plans.all().delete()
        then(car)

    return change


def no_places(car: Vehicle) -> None:
    car.driver.locations.all().delete()


def no_area(car: Vehicle) -> None:
    car.driver.locations.update(price_area=None)


def example_prices(car: Vehicle) -> None:
    car.driver.locations.update(example_area=make_price_area(code="SE3"))


def nothing(car: Vehicle) -> None:
    """As it is."""


def started(*, ago: timedelta, **values: Any) -> Change:
    """A car that was linked long ago, and was started by something else, unless told otherwise."""

    def change(vehicle: Vehicle) -> None:
        Vehicle.objects.filter(pk=vehicle.pk).update(linked_at=NOW - timedelta(days=30))
        values_of_it = {"is_from_elsewhere": True} | values
        factories.make_override(vehicle=vehicle, created_at=NOW - ago, ended_at=NOW - ago, **values_of_it)

    return change


def check_of(vehicle: Vehicle, code: str) -> Check:
    return next(check for check in readiness(vehicle=vehicle, now=NOW) if check.code == code)


@pytest.fixture
def parked() -> Vehicle:
    """A car of the default story, held by a plan, with prices until the morning."""
    vehicle = factories.make_parked_car()
    factories.make_prices(area=factories.make_price_area(), day_start=factories.at(0), prices=["0.10"] * 40)
    factories.make_prices(area=factories.make_price_area(), day_start=factories.at(0, day=9), prices=["0.10"] * 96)
    return vehicle


def test_every_check_is_made_once_and_in_order(parked: Vehicle) -> None:
    codes = [check.code for check in readiness(vehicle=parked, now=NOW)]

    assert codes[:2] == ["settings", "place"]
    assert codes[-2:] == ["nothing_else", "test"]
    assert len(set(codes)) == len(codes) == 10


@pytest.mark.parametrize(
    ("code", "change", "status", "reason"),
    [
        pytest.param("settings", nothing, READY, "", id="settings are well"),
        pytest.param("settings", policy(is_enabled=False), NEEDS_YOU, "off", id="switched off"),
        pytest.param("settings", policy(is_enabled=False, deadline=None), NEEDS_YOU, "off", id="no deadline"),
        pytest.param("settings", lambda car: car.policy.delete(), NEEDS_YOU, "off", id="never switched on"),
        pytest.param(
            "settings", view(charge_limit_percent=10.0), NEEDS_YOU, "minimum_above_limit", id="minimum above the limit"
        ),
        pytest.param("settings", view(charge_limit_percent=None), READY, "", id="limit not known"),
        pytest.param(
            "settings", car(vendor="MERCEDES"), NEEDS_YOU, "minimum_below_floor", id="minimum below the floor"
        ),
        pytest.param("place", nothing, READY, "", id="a place"),
        pytest.param("place", no_area, READY, "own_prices", id="a place without a price area"),
        pytest.param("place", example_prices, READY, "example", id="a place with prices of another area"),
        pytest.param("place", no_places, NEEDS_YOU, "none", id="no place"),
        pytest.param("answers", nothing, READY, "", id="heard of"),
        pytest.param("answers", view(observed_at=NOW + timedelta(minutes=1)), READY, "", id="its clock is ahead"),
        pytest.param("answers", view(observed_at=None), WAITING, "never", id="never heard of"),
        pytest.param("answers", view(observed_at=NOW - timedelta(minutes=31)), NEEDS_YOU, "silent", id="silent"),
        pytest.param("control", nothing, READY, "", id="can be controlled"),
        pytest.param("control", car(is_capable=False), PROBLEM, "not_capable", id="cannot be controlled"),
        pytest.param("plugged_in", nothing, READY, "", id="plugged in"),
        pytest.param("plugged_in", view(is_plugged_in=None), NEEDS_YOU, "", id="not known to be plugged in"),
        pytest.param("at_place", nothing, READY, "", id="at home"),
        pytest.param("at_place", no_places, WAITING, "no_place", id="nowhere to be"),
        pytest.param("at_place", view(location=None, latitude=None), NEEDS_YOU, "unknown", id="position not known"),
        pytest.param("at_place", view(location=None, latitude=58.2), NEEDS_YOU, "away", id="away"),
        pytest.param("prices", nothing, READY, "", id="prices until the deadline"),
        pytest.param("prices", policy(deadline="15:30"), WAITING, "partly", id="prices for a part of the time"),
        pytest.param("prices", policy(is_enabled=False, deadline=None), READY, "", id="prices for the next hour"),
        pytest.param("prices", view(location=None), READY, "", id="away: prices of the first place"),
        pytest.param("prices", no_area, NEEDS_YOU, "none", id="no prices"),
        pytest.param("prices", no_places, WAITING, "no_place", id="prices of no place"),
        pytest.param("benefit", nothing, READY, "plan", id="a plan"),
        pytest.param(
            "benefit", lambda car: car.plans.update(smart_cost=None), READY, "plan", id="a plan, cost unknown"
        ),
        pytest.param("benefit", no_plan(car(rule="below_minimum")), READY, "below_minimum", id="charges normally"),
        pytest.param("benefit", no_plan(car(state=State.FULLY_CHARGED)), READY, "full", id="full"),
        pytest.param("benefit", no_plan(view(is_fully_charged=True)), READY, "full", id="full, not yet judged"),
        pytest.param("benefit", no_plan(nothing), WAITING, "making_plan", id="making a plan"),
        pytest.param("benefit", no_plan(view(location=None)), WAITING, "not_here", id="not here"),
        pytest.param("nothing_else", nothing, WAITING, "watching", id="watched for three days"),
        pytest.param("nothing_else", car(linked_at=NOW - timedelta(days=3)), READY, "", id="three quiet days"),
        pytest.param("nothing_else", car(other_control="another_service"), NEEDS_YOU, "another_service", id="another"),
        pytest.param(
            "nothing_else", car(other_control="safety_net", safety_net_time="23:00"), READY, "safety_net", id="a net"
        ),
        pytest.param("nothing_else", started(ago=timedelta(days=2)), WAITING, "started_elsewhere", id="a surprise"),
        pytest.param("nothing_else", started(ago=timedelta(days=3)), READY, "", id="a surprise long ago"),
        pytest.param(
            "nothing_else", started(ago=timedelta(days=2), is_from_elsewhere=False), READY, "", id="charged now"
        ),
        pytest.param("nothing_else", car(other_control="safety_net"), WAITING, "watching", id="a net without a time"),
    ],
)
def test_a_check_says_how_it_stands_and_why(
    parked: Vehicle, code: str, change: Change, status: Status, reason: str
) -> None:
    change(parked)

    check = check_of(Vehicle.objects.select_related("driver").get(pk=parked.pk), code)

    assert (check.status, check.reason) == (status, reason)


def test_what_a_check_names_is_what_its_sentence_needs(parked: Vehicle) -> None:
    assert check_of(parked, "answers").params == {"ago": timedelta(minutes=4)}
    assert check_of(parked, "place").params == {"name": "Home", "area": "NO2"}
    assert check_of(parked, "benefit").params["currency"] == "EUR"

    view(location=None, latitude=58.2)(parked)

    away = check_of(parked, "at_place").params
    assert away["name"] == "Home"
    assert away["distance_m"] == pytest.approx(5_900, rel=0.02)
