"""Real cars with random needs at places in Finland, their plans made before the prices of tomorrow are published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from charging.models import DecisionLog, Due, Plan, PlanWindow, Policy, Vehicle
from tests.factories import make_override, make_terms
from tests.feeds.answers import Day, make_day, usual_price
from tests.operations.obedient_car import ObedientCar, make_obedient_car, publish

TODAY = date(2026, 1, 20)
TOMORROW = date(2026, 1, 21)
NOON = datetime(2026, 1, 20, 10, 40, tzinfo=UTC)
PUBLISHED_AT = datetime(2026, 1, 20, 11, 4, 30, tzinfo=UTC)
"""In the second hour after noon in Helsinki."""


@dataclass(frozen=True)
class Stored:
    """Everything of a plan that new prices may change, as it is stored."""

    plan: tuple[Any, ...]
    windows: tuple[tuple[Any, ...], ...]
    logged: tuple[tuple[Any, ...], ...]


def stored_of(vehicle: Vehicle, at: datetime) -> Stored | None:
    """The plan of the car, and where and why it was logged at that instant; None where it has none."""
    names = ("smart_cost", "estimated_finish_at", "reserve_minutes", "reason", "prices_hash", "change_count")
    plan = Plan.objects.filter(vehicle=vehicle).order_by("-created_at").values_list("pk", *names).first()
    if plan is None:
        return None
    windows = PlanWindow.objects.filter(plan=plan[0]).order_by("start")
    window_names = ("start", "end", "energy_kwh", "cost", "is_forced", "is_estimate")
    log_names = ("facts__location_id", "facts__policy__minimum_percent", "decision__is_protecting")
    logged = DecisionLog.objects.filter(vehicle=vehicle, at=at).values_list(*log_names)
    return Stored(plan[1:], tuple(windows.values_list(*window_names)), tuple(logged))


def make_random_cars(draw: Random, count: int, *, in_kroner: bool = False) -> list[ObedientCar]:
    """Cars evaluated for twenty minutes; every third pays prices of its own, every tenth has been started by hand.

    Every sixth pays in kroner, or with `in_kroner` all with prices of their own do.
    """
    cars = []
    for number in range(count):
        car = make_obedient_car(now=NOON, soc_percent=round(draw.uniform(15, 75), draw.choice([0, 3])))
        deadline = time(draw.choice([4, 6, 7, 7, 8, 10, 16, 20]), draw.choice([0, 0, 10, 45]))
        policy = {"max_windows": draw.randint(1, 3), "min_window_minutes": draw.choice([15, 30, 30, 60])}
        Policy.objects.filter(vehicle=car.vehicle).update(deadline=deadline, **policy)
        if number % 3 == 2:
            rates = draw.choice([{}, {"night": "0.05", "day": "0.31"}])
            money = {"currency": "NOK", "exchange_rate": Decimal("11.70")} if number % 6 == 5 or in_kroner else {}
            place = car.vehicle.driver.locations.get()
            make_terms(location=place, rates=rates, vat_percent=draw.choice([10, 24]), **money)
        if number % 10 == 9:
            make_override(vehicle=car.vehicle, created_at=NOON)
        for minutes in (0, 5, 10, 20):
            car.evaluate(NOON + timedelta(minutes=minutes))
        cars.append(car)
    return cars


def make_waiting_cars(count: int) -> list[ObedientCar]:
    """Cars that wait for the prices of tomorrow, each a little emptier than the one before."""
    cars = [make_obedient_car(now=NOON, soc_percent=66.0 - number) for number in range(count)]
    for car in cars:
        for minutes in (0, 5, 10):
            car.evaluate(NOON + timedelta(minutes=minutes))
    in_five_minutes = PUBLISHED_AT + timedelta(minutes=5)
    Due.objects.update(own_at=in_five_minutes, due_at=in_five_minutes, next_poll_at=in_five_minutes)
    return cars


def random_day(draw: Random, day: date) -> Day:
    """Prices that no estimate would have foretold."""
    return make_day("FI", day, price=lambda at: round(usual_price(at) * draw.choice([0.5, 1, 1, 1.5]) - 20, 2))


def publish_tomorrow(draw: Random) -> None:
    """The prices of tomorrow arrive, and now and then those of today are corrected."""
    publish(random_day(draw, TOMORROW), now=PUBLISHED_AT)


def publish_otherwise() -> None:
    """The prices of tomorrow arrive, and the hours in which cars wanted to charge turn out to be dear."""
    wanted = list(PlanWindow.objects.values_list("start", "end"))

    def price(at: datetime) -> float:
        return 150.0 if any(start <= at < end for start, end in wanted) else usual_price(at)

    publish(make_day("FI", TOMORROW, price=price), now=PUBLISHED_AT)
