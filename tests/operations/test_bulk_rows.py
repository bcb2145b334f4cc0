"""Many rows in one statement, the same on every database."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DataError, connection

from charging.models import Activity, Due, Plan, Vehicle
from charging.operations.bulk_rows import among, array_literal, insert_rows, update_rows
from tests.factories import NOW, make_driver, make_due, make_plan, make_vehicle

pytestmark = pytest.mark.django_db

DIFFICULT = ["", "plain", 'with "quotes"', "a,b", "{braces}", "back\\slash", "NULL", "null", " spaces ", "ü\n'"]


@pytest.fixture
def vehicles() -> list[Vehicle]:
    driver = make_driver()
    return [make_vehicle(driver=driver) for _ in range(3)]


def test_texts_come_back_as_they_were_given(vehicles: list[Vehicle]) -> None:
    count = len(DIFFICULT)
    written = insert_rows(
        Activity,
        columns={
            "vehicle": [vehicles[0].pk] * count,
            "at": [NOW] * count,
            "code": DIFFICULT,
            "actor": ["driver"] * count,
            "params": ['{"say": "\\"yes\\""}'] * count,
        },
    )

    assert written == count
    assert list(Activity.objects.order_by("pk").values_list("code", flat=True)) == DIFFICULT
    assert Activity.objects.filter(at=NOW, params={"say": '"yes"'}).count() == count


def test_rows_are_written_added_to_and_left_as_they_are(vehicles: list[Vehicle]) -> None:
    plans = [make_plan(vehicle=vehicle, change_count=2, reason="cheapest") for vehicle in vehicles]
    finish = NOW + timedelta(hours=3, microseconds=7)

    written = update_rows(
        Plan,
        key="id",
        columns={"id": [plan.pk for plan in plans[:2]], "smart_cost": [Decimal("1.2345"), None]},
        partly={"reason": [None, 'a "reason"'], "estimated_finish_at": [finish, None]},
        added={"change_count": [1, 0]},
    )

    assert written == 2
    names = ("smart_cost", "reason", "estimated_finish_at", "change_count")
    before = plans[0].estimated_finish_at
    assert list(Plan.objects.order_by("pk").values_list(*names)) == [
        (Decimal("1.2345"), "cheapest", finish, 3),
        (None, 'a "reason"', before, 2),
        (plans[2].smart_cost, "cheapest", before, 2),
    ]


def test_nothing_to_write_asks_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert update_rows(Plan, key="id", columns={"id": [], "reason": []}) == 0
        assert insert_rows(Activity, columns={"vehicle": [], "code": []}) == 0


def test_a_text_that_is_too_long_is_refused_and_not_cut(vehicles: list[Vehicle]) -> None:
    if connection.vendor == "sqlite":
        return  # SQLite keeps texts of any length.
    plan = make_plan(vehicle=vehicles[0])
    with pytest.raises(DataError):
        update_rows(Plan, key="id", columns={"id": [plan.pk], "reason": ["x" * 41]})


def test_instants_are_the_same_as_the_models(vehicles: list[Vehicle]) -> None:
    for vehicle in vehicles:
        make_due(vehicle=vehicle)
    later = [NOW + number * timedelta(minutes=5) for number in range(3)]
    later[2] = (later[2] + timedelta(microseconds=7)).astimezone(ZoneInfo("Europe/Oslo"))

    update_rows(Due, key="vehicle", columns={"vehicle": [vehicle.pk for vehicle in vehicles], "due_at": later})

    found = Due.objects.filter(due_at__gte=later[1]).order_by("due_at").values_list("due_at", flat=True)
    assert list(found) == later[1:]


def test_many_numbers_are_one_parameter(vehicles: list[Vehicle]) -> None:
    wanted = [vehicles[0].pk, vehicles[2].pk]
    assert set(Vehicle.objects.filter(pk__in=among(wanted)).values_list("pk", flat=True)) == set(wanted)
    assert not Vehicle.objects.filter(pk__in=among([])).exists()


@pytest.mark.parametrize(
    ("values", "literal"),
    [
        pytest.param([], "{}", id="none"),
        pytest.param([1, None, 2.5], "{1,NULL,2.5}", id="numbers"),
        pytest.param([None, None], "{NULL,NULL}", id="nothing known"),
        pytest.param(["a", 'b"c', "d\\e"], '{"a","b\\"c","d\\\\e"}', id="texts"),
        pytest.param(["a", None, "NULL", 'x","y'], '{"a",NULL,"NULL","x\\",\\"y"}', id="texts and nothing"),
    ],
)
def test_an_array_is_written_as_postgresql_reads_it(values: list[object], literal: str) -> None:
    assert array_literal(values) == literal
