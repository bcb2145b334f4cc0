"""New prices wake the cars they concern, and no others."""

from datetime import timedelta
from typing import Any

import pytest

from charging.core.fleet_facts import column_values
from charging.models import Due, PlanningRow, PriceArea
from charging.models.planning import FACTS
from charging.operations import price_arrival
from charging.operations.price_arrival import prices_arrived, wake_cars
from charging.operations.replanning import Shard
from tests.core.random_fleet import make_calm
from tests.factories import NOW, make_driver, make_due, make_location, make_policy, make_price_area, make_vehicle

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=5)
OFFSET = timedelta(hours=8)


@pytest.fixture
def south() -> PriceArea:
    return make_price_area()


@pytest.fixture
def east() -> PriceArea:
    return make_price_area(code="NO1", name="East Norway")


def make_car(area: PriceArea, *, is_enabled: bool = True, is_at_place: bool = True, **values: Any) -> Due:
    driver = make_driver(**values.pop("driver", {}))
    place = make_location(driver=driver, price_area=area, **values)
    vehicle = make_vehicle(driver=driver, view={"location": place if is_at_place else None})
    make_policy(vehicle=vehicle, is_enabled=is_enabled)
    return make_due(vehicle=vehicle, own_at=LATER, due_at=LATER)


def test_a_car_at_a_place_of_the_area_is_due_at_once(south: PriceArea) -> None:
    due = make_car(south)

    assert wake_cars(area_codes={"NO2"}, at_wall=NOW) == 1

    due.refresh_from_db()
    assert (due.due_at, due.own_at) == (NOW, NOW)


def test_a_place_with_an_example_is_priced_by_the_example(south: PriceArea, east: PriceArea) -> None:
    due = make_car(east, example_area=south)
    assert wake_cars(area_codes={"NO1"}, at_wall=NOW) == 0
    assert wake_cars(area_codes={"NO2"}, at_wall=NOW) == 1
    due.refresh_from_db()
    assert due.due_at == NOW


def test_the_own_time_is_that_of_the_drivers_clock(south: PriceArea) -> None:
    due = make_car(south, driver={"clock_own_anchor": NOW + OFFSET})
    wake_cars(area_codes={"NO2"}, at_wall=NOW)
    due.refresh_from_db()
    assert (due.due_at, due.own_at) == (NOW, NOW + OFFSET)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"is_enabled": False}, id="smart charging off"),
        pytest.param({"is_at_place": False}, id="not at a place"),
        pytest.param({"driver": {"clock_speed": 60}}, id="an accelerated clock"),
    ],
)
def test_other_cars_sleep_on(south: PriceArea, values: dict[str, Any]) -> None:
    due = make_car(south, **values)
    assert wake_cars(area_codes={"NO2"}, at_wall=NOW) == 0
    due.refresh_from_db()
    assert due.due_at == LATER


def test_a_car_that_is_due_anyway_keeps_its_time(south: PriceArea) -> None:
    due = make_car(south)
    assert wake_cars(area_codes={"NO2"}, at_wall=LATER) == 0
    due.refresh_from_db()
    assert due.due_at == LATER


def test_it_takes_two_queries_and_a_savepoint_however_many_cars(
    south: PriceArea, django_assert_num_queries: Any
) -> None:
    for _ in range(5):
        make_car(south)
    with django_assert_num_queries(4):
        assert wake_cars(area_codes={"NO2"}, at_wall=NOW) == 5


class TestCarsWithARow:
    """They are planned together, here or by somebody else."""

    @pytest.fixture
    def due(self, south: PriceArea) -> Due:
        due = make_car(south)
        values = dict(zip(FACTS, column_values(make_calm()), strict=True))
        PlanningRow.objects.create(
            vehicle=due.vehicle, plan_id=1, location_id=1, area_code="NO2", minimum_percent=0.0, windows="[]", **values
        )
        return due

    def test_they_are_not_woken(self, due: Due, south: PriceArea) -> None:
        other = make_car(south)
        handed_out: list[Shard] = []

        assert prices_arrived(area_codes={"NO2"}, at_wall=NOW, hand_out=handed_out.append) == 1

        assert [(shard.area_code, shard.first_id) for shard in handed_out] == [("NO2", due.pk)]
        assert list(Due.objects.filter(due_at=NOW)) == [other]

    def test_they_are_planned_at_once_where_nobody_else_does_it(
        self, due: Due, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        planned: list[dict[str, Any]] = []
        monkeypatch.setattr(price_arrival, "replan_shard", lambda **values: planned.append(values))

        assert prices_arrived(area_codes={"NO2"}, at_wall=NOW) == 0

        assert [(one["area_code"], one["first_id"], one["at_wall"]) for one in planned] == [("NO2", due.pk, NOW)]

    def test_one_without_prices_to_plan_by_is_looked_at_alone(self, due: Due) -> None:
        prices_arrived(area_codes={"NO2"}, at_wall=NOW)

        due.refresh_from_db()
        assert due.due_at == NOW

    def test_a_fault_in_one_part_leaves_the_others_to_be_planned(self, due: Due, east: PriceArea) -> None:
        values = PlanningRow.objects.values().get() | {"vehicle_id": make_car(east).pk, "area_code": "NO1"}
        PlanningRow.objects.create(**values)
        handed_out: list[str] = []

        def hand_out(shard: Shard) -> None:
            handed_out.append(shard.area_code)
            raise ConnectionError

        prices_arrived(area_codes={"NO1", "NO2"}, at_wall=NOW, hand_out=hand_out)

        assert handed_out == ["NO1", "NO2"]
