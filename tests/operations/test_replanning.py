"""New prices for an area: all its calm cars planned together, and what that writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from charging.core.states import State
from charging.models import DecisionLog, Due, Location, PlaceTerms, Plan, PlanningRow, Vehicle
from charging.operations import renewed_plans, replanning
from charging.operations.evaluation import evaluate
from charging.operations.renewal_log import is_renewal, replay_renewal
from charging.operations.replanning import Replanned, Shard, replan_shard, shards_of
from tests.factories import make_terms
from tests.operations.obedient_car import ObedientCar, publish_days
from tests.operations.random_cars import (
    NOON,
    PUBLISHED_AT,
    TODAY,
    Stored,
    make_random_cars,
    make_waiting_cars,
    publish_otherwise,
    publish_tomorrow,
    stored_of,
)

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture(autouse=True)
def _live(settings: Settings) -> None:
    settings.READYBY_LIVE_PRICES = True


def replan() -> Replanned:
    done = [replan_shard(**asdict(shard), at_wall=PUBLISHED_AT) for shard in shards_of(area_codes={"FI"})]
    return sum(done, Replanned())


def make_published(count: int) -> list[ObedientCar]:
    """Waiting cars, and prices of tomorrow that have just arrived."""
    publish_days(TODAY)
    cars = make_waiting_cars(count)
    publish_otherwise()
    return cars


def plan_of(car: ObedientCar) -> Plan:
    return Plan.objects.get(vehicle=car.vehicle)


class TestTheSameAsAlone:
    """What is written for a car that is planned with others is what its evaluation at that instant would write."""

    def each_alone(self, cars: list[ObedientCar]) -> dict[int, Stored | None]:
        """What the evaluations write, taken back afterwards."""
        with transaction.atomic():
            for car in cars:
                evaluate(vehicle=car.vehicle, now=PUBLISHED_AT, trigger="prices")
            alone = {car.vehicle.pk: stored_of(car.vehicle, PUBLISHED_AT) for car in cars}
            transaction.set_rollback(True)
        return alone

    def compare(self, seed: int, count: int, **values: bool) -> Replanned:
        draw = Random(seed)
        publish_days(TODAY)
        cars = make_random_cars(draw, count, **values)
        publish_tomorrow(draw)
        alone = self.each_alone(cars)

        done = replan()

        planned = set(DecisionLog.objects.filter(at=PUBLISHED_AT).values_list("vehicle", flat=True))
        assert len(planned) == done.renewed
        for pk in planned:
            assert stored_of(Vehicle.objects.get(pk=pk), PUBLISHED_AT) == alone[pk]
        return done

    def test_random_cars(self) -> None:
        assert self.compare(1, 24).renewed >= 6

    def test_random_cars_in_another_currency_where_a_start_costs_much(self, settings: Settings) -> None:
        settings.READYBY_START_COST = Decimal("0.15")

        assert self.compare(3, 24, in_kroner=True).renewed >= 6

    @pytest.mark.slow
    def test_hundreds_of_random_cars(self) -> None:
        assert self.compare(2, 400).renewed >= 100

    def test_the_next_evaluation_finds_nothing_left_to_plan_and_says_what_follows(self) -> None:
        (car,) = make_published(1)
        replan()
        before = stored_of(car.vehicle, PUBLISHED_AT)
        version = PlanningRow.objects.get().version

        decision = evaluate(vehicle=car.vehicle, now=PUBLISHED_AT + MINUTE, trigger="test")

        assert decision.state == State.STOPPED
        assert stored_of(car.vehicle, PUBLISHED_AT) == before
        assert PlanningRow.objects.get().version == version


class TestWhatIsWritten:
    def test_a_plan_with_other_hours_says_why(self) -> None:
        (car,) = make_published(1)
        assert plan_of(car).smart_cost is None

        assert replan() == Replanned(cars=1, renewed=1)

        plan = plan_of(car)
        assert (plan.reason, plan.change_count) == ("prices_changed", 1)
        assert plan.smart_cost == sum(window.cost for window in plan.windows.all())
        assert not plan.windows.filter(is_estimate=True).exists()
        assert Vehicle.objects.get().rule == "plan changed: prices_changed"
        assert Vehicle.objects.get().state == State.AWAITING_PRICES

    def test_every_row_of_the_log_is_decided_again_as_it_was(self) -> None:
        make_published(3)
        replan()

        rows = [row for row in DecisionLog.objects.select_related("prices") if is_renewal(row)]

        assert len(rows) == 3
        assert [replay_renewal(row) for row in rows] == [(), (), ()]
        assert {row.prices_id for row in rows} == {rows[0].prices_id}

    def test_what_a_start_cost_is_logged_and_decided_with_again(self, settings: Settings) -> None:
        publish_days(TODAY)
        (car,) = make_waiting_cars(1)
        make_terms(location=Location.objects.get(), currency="NOK", exchange_rate=Decimal("11.70"))
        car.evaluate(PUBLISHED_AT - MINUTE)
        publish_otherwise()
        assert replan().renewed == 1
        row = DecisionLog.objects.select_related("prices").filter(at=PUBLISHED_AT).latest("pk")

        settings.READYBY_START_COST = Decimal(1)

        assert Decimal(row.facts["start_cost"]) == Decimal("0.234")
        assert replay_renewal(row) == ()
        assert Plan.objects.get().currency == "NOK"

    def test_a_row_of_the_log_with_other_facts_is_decided_otherwise(self) -> None:
        make_published(1)
        replan()
        row = DecisionLog.objects.select_related("prices").latest("pk")
        row.facts["planning"]["energy_kwh"] /= 2
        assert replay_renewal(row) == ("windows", "smart_cost")
        row.facts["planning"]["deadline_us"] = 0
        assert replay_renewal(row) == ("windows", "smart_cost")

    def test_the_same_prices_again_write_nothing(self) -> None:
        make_published(3)
        replan()

        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert replan() == Replanned(cars=3, unchanged=3)

        assert [query["sql"] for query in queries if query["sql"].startswith(WRITES)] == []

    def test_it_takes_as_many_statements_for_many_cars_as_for_two(self) -> None:
        cars = make_published(5)
        PlanningRow.objects.exclude(pk__in=[car.vehicle.pk for car in cars[:2]]).update(area_code="NO2")
        with CaptureQueriesContext(connection) as for_two:
            assert replan().renewed == 2
        PlanningRow.objects.filter(pk__in=[car.vehicle.pk for car in cars[:2]]).update(area_code="NO1")
        PlanningRow.objects.filter(area_code="NO2").update(area_code="FI")

        with CaptureQueriesContext(connection) as for_three:
            assert replan().renewed == 3

        assert len(for_three) == len(for_two)


class TestWhenItIsLookedAtAgain:
    def due_of(self, car: ObedientCar) -> Any:
        return Due.objects.get(vehicle=car.vehicle).due_at

    def test_a_waiting_car_keeps_its_next_look(self) -> None:
        (car,) = make_published(1)
        before = self.due_of(car)
        replan()
        assert self.due_of(car) == before > PUBLISHED_AT

    def test_a_car_whose_plan_charges_now_is_due_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        (car,) = make_published(1)
        monkeypatch.setattr(renewed_plans, "CONSIDERED_EVERY", timedelta(hours=20))
        replan()
        assert self.due_of(car) == PUBLISHED_AT


class TestWhoIsLeftAlone:
    def test_a_car_that_somebody_has_changed_meanwhile(self, monkeypatch: pytest.MonkeyPatch) -> None:
        first, second = make_published(2)

        def change_first(**values: Any) -> list[int]:
            PlanningRow.objects.filter(pk=first.vehicle.pk).update(version=99)
            return renewed_plans.write_renewed(**values)

        monkeypatch.setattr("charging.operations.replanning.write_renewed", change_first)

        assert replan() == Replanned(cars=2, renewed=1, left=1)

        assert (plan_of(first).reason, plan_of(second).reason) == ("cheapest", "prices_changed")
        assert Due.objects.get(vehicle=first.vehicle).due_at == PUBLISHED_AT
        assert Due.objects.get(vehicle=second.vehicle).due_at > PUBLISHED_AT

    def test_cars_at_a_place_whose_terms_have_changed(self) -> None:
        publish_days(TODAY)
        (car,) = make_waiting_cars(1)
        make_terms(location=Location.objects.get(), vat_percent=25)
        evaluate(vehicle=car.vehicle, now=NOON + 21 * MINUTE, trigger="test")
        assert PlanningRow.objects.get().terms_key != ""
        publish_otherwise()
        PlaceTerms.objects.update(vat_percent=10)

        assert replan() == Replanned(cars=1, left=1)
        assert Due.objects.get().due_at <= PUBLISHED_AT

        PlaceTerms.objects.all().delete()
        assert replan() == Replanned(cars=1, left=1)

    def test_a_shard_that_another_process_is_at(self) -> None:
        make_published(1)
        with another_process_at(shards_of(area_codes={"FI"})[0]) as is_postgresql:
            if is_postgresql:
                assert replan() == Replanned()

        assert replan().renewed == 1

    def test_a_car_without_the_rows_of_a_plan_that_runs_calmly(self) -> None:
        (car,) = make_published(1)
        assert PlanningRow.objects.exists()

        car.vehicle.policy.is_enabled = False
        car.vehicle.policy.save()
        evaluate(vehicle=car.vehicle, now=PUBLISHED_AT, trigger="test")

        assert not PlanningRow.objects.exists()


@contextmanager
def another_process_at(shard: Shard) -> Iterator[bool]:
    """Another connection holds the lock of the shard; False where the database has no such locks."""
    if connection.vendor != "postgresql":
        yield False
        return
    other = connection.copy()
    try:
        with transaction.atomic(), other.cursor() as cursor:
            key = [shard.area_code, str(shard.first_id)]
            cursor.execute("SELECT pg_advisory_lock(hashtext(%s), hashtext(%s))", key)
            yield True
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s), hashtext(%s))", key)
    finally:
        other.close()


class TestShards:
    def test_areas_are_cut_by_ids(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(replanning, "CARS_A_SHARD", 2)
        cars = make_published(5)
        ids = sorted(car.vehicle.pk for car in cars)

        shards = shards_of(area_codes={"FI", "NO2"})

        assert [(shard.area_code, shard.first_id) for shard in shards] == [("FI", pk) for pk in ids[::2]]
        assert [shard.last_id for shard in shards[:-1]] == [pk - 1 for pk in ids[2::2]]
        assert replan().renewed == 5

    def test_an_area_without_cars_has_none(self) -> None:
        assert shards_of(area_codes={"FI"}) == ()
