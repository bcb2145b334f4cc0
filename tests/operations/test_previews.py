"""A plan that nobody carries out: what it is made of, when there is none, and that it writes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from charging.models import Location, Plan, Policy, Vehicle, VehicleView
from charging.operations import locations, simulation
from charging.operations.previews import preview, supposed_policy
from tests.operations.night import Night, make_night

pytestmark = pytest.mark.django_db


@pytest.fixture
def night() -> Night:
    night = make_night()
    night.add_place()
    return night


def supposed(night: Night, deadline: time | None = time(7, 0), minimum: float = 0) -> Policy:
    return supposed_policy(vehicle=night.vehicle, deadline=deadline, minimum_charge_limit=minimum, now=night.now)


def test_a_supposed_policy_is_looked_ahead_with_and_nothing_is_written(night: Night) -> None:
    before = Vehicle.objects.values().get()

    found = preview(vehicle=night.vehicle, now=night.now, policy=supposed(night))

    assert found is not None
    assert found.deadline_at == datetime(2026, 1, 14, 6, 0, tzinfo=UTC)
    assert (found.currency, found.price_area_code) == ("EUR", "NO2")
    assert found.recorded_on
    assert found.location == Location.objects.get()
    assert found.plan.cost < found.plan.cost_charged_at_once
    assert found.plan.windows[-1].end <= found.deadline_at
    assert found.need.energy_kwh == pytest.approx(0.42 * 77 / 0.9)
    assert not Policy.objects.exists()
    assert not Plan.objects.exists()
    assert Vehicle.objects.values().get() == before


def test_with_a_minimum_the_forced_part_comes_first(night: Night) -> None:
    found = preview(vehicle=night.vehicle, now=night.now, policy=supposed(night, minimum=50))

    assert found is not None
    assert found.plan.windows[0].is_forced
    assert found.plan.windows[0].start == night.now


def test_an_unplugged_car_is_looked_ahead_for_at_the_first_place_with_the_stored_policy(night: Night) -> None:
    night.add_place(name="Cottage", latitude=59.437, longitude=24.7536)
    night.turn_on()
    simulation.drive_away(vehicle=night.vehicle, now=night.now)

    found = preview(vehicle=night.vehicle, now=night.now)

    assert found is not None
    assert found.location.name == "Home"


def test_a_preview_during_a_plan_stands_beside_it(night: Night) -> None:
    night.turn_on()
    night.let_pass(timedelta(minutes=10))
    windows = list(Plan.objects.get().windows.order_by("start").values_list("start", "end"))

    found = preview(vehicle=night.vehicle, now=night.now, policy=supposed(night, deadline=time(3, 0)))

    assert found is not None
    assert found.deadline_at == datetime(2026, 1, 14, 2, 0, tzinfo=UTC)
    assert list(Plan.objects.get().windows.order_by("start").values_list("start", "end")) == windows


def test_without_a_place_there_is_nothing_to_look_at() -> None:
    night = make_night()

    assert preview(vehicle=night.vehicle, now=night.now, policy=supposed(night)) is None


def test_without_a_policy_there_is_nothing_to_look_at(night: Night) -> None:
    assert preview(vehicle=night.vehicle, now=night.now) is None


def test_without_a_deadline_there_is_nothing_to_look_at(night: Night) -> None:
    wanted = supposed(night, deadline=None)

    assert not wanted.is_enabled
    assert preview(vehicle=night.vehicle, now=night.now, policy=wanted) is None


@pytest.mark.parametrize(
    "place", [{"latitude": 0.0, "longitude": 0.0}, {"price_area_code": "EE"}], ids=["no area", "area without prices"]
)
def test_without_prices_there_is_nothing_to_look_at(night: Night, place: dict[str, object]) -> None:
    locations.update_location(location=Location.objects.get(), now=night.now, **place)
    if "latitude" in place:
        simulation.drive_home(vehicle=night.vehicle, location=Location.objects.get(), now=night.now)

    assert preview(vehicle=night.vehicle, now=night.now, policy=supposed(night)) is None


@pytest.mark.parametrize("soc_percent", [None, 80.0], ids=["level unknown", "full"])
def test_without_a_need_there_is_nothing_to_look_at(night: Night, soc_percent: float | None) -> None:
    VehicleView.objects.update(soc_percent=soc_percent)

    assert preview(vehicle=night.vehicle, now=night.now, policy=supposed(night)) is None


def test_a_preview_knows_whether_it_is_worth_it(night: Night) -> None:
    tonight = preview(vehicle=night.vehicle, now=night.now, policy=supposed(night))
    soon = preview(vehicle=night.vehicle, now=night.now, policy=supposed(night, deadline=time(20, 0)))

    assert tonight is not None
    assert tonight.is_worth_it
    assert soon is not None
    assert not soon.is_worth_it


def test_a_preview_reads_every_row_once(night: Night, django_assert_num_queries: Any) -> None:
    night.turn_on()

    with django_assert_num_queries(5):
        assert preview(vehicle=night.vehicle, now=night.now) is not None


def test_an_unplugged_car_is_looked_ahead_for_where_it_stands(night: Night) -> None:
    night.add_place(name="Cottage", latitude=58.97, longitude=5.73)
    night.turn_on()
    simulation.unplug(vehicle=night.vehicle, now=night.now)
    VehicleView.objects.update(location=Location.objects.get(name="Cottage"))

    found = preview(vehicle=night.vehicle, now=night.now)

    assert found is not None
    assert found.location.name == "Cottage"
