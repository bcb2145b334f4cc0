"""New prices for an area: all its calm cars planned together, and what that writes."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from django.db import transaction
from pytest_django import Settings

from charging.models import DecisionLog, Vehicle
from charging.operations.evaluation import evaluate
from charging.operations.replanning import Replanned, replan_shard, shards_of
from tests.operations.obedient_car import ObedientCar, publish_days
from tests.operations.random_cars import (
    PUBLISHED_AT,
    TODAY,
    Stored,
    make_random_cars,
    publish_tomorrow,
    stored_of,
)

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _live(settings: Settings) -> None:
    settings.READYBY_LIVE_PRICES = True


def replan() -> Replanned:
    shards = shards_of(area_codes={"FI"})
    done = [
        replan_shard(area_code=s.area_code, first_id=s.first_id, last_id=s.last_id, at_wall=PUBLISHED_AT)
        for s in shards
    ]
    return sum(done, Replanned())


def each_alone(cars: list[ObedientCar]) -> dict[int, Stored | None]:
    """What the evaluations at that instant write, taken back afterwards."""
    with transaction.atomic():
        for car in cars:
            evaluate(vehicle=car.vehicle, now=PUBLISHED_AT, trigger="prices")
        alone = {car.vehicle.pk: stored_of(car.vehicle, PUBLISHED_AT) for car in cars}
        transaction.set_rollback(True)
    return alone


def compare(seed: int, count: int) -> Replanned:
    """Plans random cars alone and together; all that are planned together must be as alone."""
    draw = Random(seed)
    publish_days(TODAY)
    cars = make_random_cars(draw, count)
    publish_tomorrow(draw)
    alone = each_alone(cars)

    done = replan()

    planned = set(DecisionLog.objects.filter(at=PUBLISHED_AT).values_list("vehicle", flat=True))
    assert len(planned) == done.renewed
    for pk in planned:
        assert stored_of(Vehicle.objects.get(pk=pk), PUBLISHED_AT) == alone[pk]
    return done


def test_cars_get_the_same_plan_together_as_alone() -> None:
    done = compare(1, 30)

    assert done.renewed > 10
