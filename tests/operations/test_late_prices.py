"""Prices that are late, missing or corrected: what a car is told, and how a decision of yesterday is explained."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from pytest_django import Settings

from charging.core.facts import PriceInterval
from charging.core.states import State
from charging.models import DecisionLog, PriceDocument, Vehicle
from charging.operations.decision_log import replay
from charging.operations.facts import load_facts
from charging.operations.place_prices import known_and_estimated
from charging.operations.prices import PricePeriod
from tests.factories import make_driver, make_location
from tests.feeds.answers import make_day
from tests.operations.obedient_car import ObedientCar, make_obedient_car, publish, publish_days

pytestmark = pytest.mark.django_db

TODAY = date(2026, 1, 20)
TOMORROW = date(2026, 1, 21)
EVENING = datetime(2026, 1, 20, 17, 0, tzinfo=UTC)
"""19:00 in Helsinki; known prices end at 23:00 UTC, the deadline is at 05:00."""
HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)


@pytest.fixture(autouse=True)
def _live(settings: Settings) -> None:
    settings.READYBY_LIVE_PRICES = True


@pytest.fixture
def car() -> ObedientCar:
    return make_obedient_car(now=EVENING)


def state_of(car: ObedientCar) -> str:
    return Vehicle.objects.values_list("state", flat=True).get(pk=car.vehicle.pk)


def live(car: ObedientCar, start: datetime, end: datetime) -> None:
    now = start
    while now <= end:
        car.evaluate(now)
        now += QUARTER


def test_with_tomorrow_unpublished_a_car_waits_for_prices_and_charges_when_the_known_ones_end(
    car: ObedientCar,
) -> None:
    publish_days(TODAY)
    live(car, EVENING, EVENING + HOUR)
    assert state_of(car) == State.AWAITING_PRICES
    assert not car.is_charging

    live(car, EVENING + HOUR + QUARTER, EVENING + 6 * HOUR - QUARTER)
    assert not car.is_charging
    live(car, EVENING + 6 * HOUR, EVENING + 12 * HOUR)

    starts = [at for at, decision in car.decisions if decision.command is not None and decision.command.kind == "START"]
    assert starts == [EVENING + 6 * HOUR]
    assert car.soc_percent == 80


def test_prices_that_arrive_while_it_waits_end_the_waiting_for_prices(car: ObedientCar) -> None:
    publish_days(TODAY)
    live(car, EVENING, EVENING + HOUR)

    publish(make_day("FI", TOMORROW), now=EVENING + HOUR)
    car.evaluate(EVENING + HOUR + QUARTER)

    assert state_of(car) == State.STOPPED
    plan = car.decisions[-1][1].plan
    assert plan is not None
    assert plan.smart_cost is not None
    assert not any(window.is_estimate for window in plan.windows)


def test_without_any_known_price_a_car_just_charges(car: ObedientCar) -> None:
    live(car, EVENING, EVENING + 2 * HOUR)

    assert all(decision.command is None for _, decision in car.decisions)
    assert car.is_charging
    assert state_of(car) == State.UNKNOWN


@pytest.mark.parametrize(
    ("is_live", "gateway", "is_sample"),
    [(True, "a real one", False), (True, "simulator", True), (False, "a real one", True), (False, "simulator", True)],
)
def test_recorded_prices_never_stand_in_for_a_real_car_where_live_ones_are_on(
    settings: Settings, is_live: bool, gateway: str, is_sample: bool
) -> None:
    settings.READYBY_LIVE_PRICES = is_live
    car = make_obedient_car(now=EVENING, area_code="NO2")
    Vehicle.objects.update(gateway=gateway)
    car.vehicle.refresh_from_db()

    facts, period = load_facts(vehicle=car.vehicle, now=EVENING)

    assert period is not None
    assert period.is_sample is is_sample
    assert facts.has_prices is is_sample


def test_a_holiday_of_the_place_is_estimated_like_a_day_off() -> None:
    place = make_location(driver=make_driver(), timezone_name="Europe/Oslo")
    constitution_day = datetime(2027, 5, 16, 22, 0, tzinfo=UTC)
    rows = [(constitution_day - n * 24 * HOUR, Decimal("0.1") if n in {1, 2} else Decimal("0.5")) for n in range(1, 8)]
    known = tuple(PriceInterval(at, at + QUARTER, price) for at, price in sorted(rows))
    period = PricePeriod("NO2", "EUR", known, (None,) * len(known))

    intervals = known_and_estimated(period, constitution_day, constitution_day + QUARTER, place)

    assert constitution_day.weekday() == 6
    assert [(row.price_per_kwh, row.is_estimate) for row in intervals] == [(Decimal("0.10200"), True)]


class TestExplained:
    def test_a_decision_is_explained_with_the_prices_it_saw_whatever_is_corrected_since(self, car: ObedientCar) -> None:
        publish_days(TOMORROW)
        car.evaluate(EVENING)
        (row,) = DecisionLog.objects.all()
        seen = row.prices.prices

        corrected = make_day("FI", TOMORROW, price=lambda at: 150 if at.hour < 3 else 30)
        publish(corrected, now=EVENING + HOUR)
        live(car, EVENING + HOUR, EVENING + 3 * HOUR)

        assert DecisionLog.objects.count() > 1
        row = DecisionLog.objects.select_related("prices").get(pk=row.pk)
        assert row.prices.prices == seen
        assert replay(row).is_same
        newest = DecisionLog.objects.latest("at")
        assert newest.prices.prices != seen
        assert replay(newest).is_same

    def test_all_versions_of_a_day_stay_and_the_newest_counts(self, car: ObedientCar) -> None:
        publish_days(TOMORROW)
        publish(make_day("FI", TOMORROW, price=lambda at: 30), now=EVENING)

        versions = PriceDocument.objects.filter(delivery_date=TOMORROW).order_by("version")
        facts, _ = load_facts(vehicle=car.vehicle, now=EVENING)

        assert [document.version for document in versions] == [1, 2]
        assert all(document.prices.count() == 96 for document in versions)
        assert facts.prices[-1].price_per_kwh == Decimal("0.03000")

    def test_what_was_an_estimate_is_told_as_one_in_the_log(self, car: ObedientCar) -> None:
        publish_days(TODAY)
        car.evaluate(EVENING)

        (row,) = DecisionLog.objects.all()

        known_until = datetime(2026, 1, 20, 23, 0, tzinfo=UTC)
        prices = [(datetime.fromisoformat(price["start"]), price["is_estimate"]) for price in row.prices.prices]
        told = {start >= known_until: is_estimate for start, is_estimate in prices}
        assert told == {False: False, True: True}
