"""How much of the price history is read for a plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from charging.core.facts import PriceInterval
from charging.models import PriceArea
from charging.operations import clocks, place_prices
from charging.operations.place_prices import known_and_estimated, prices_for
from charging.operations.prices import PricePeriod
from tests import factories
from tests.operations.night import EVENING, make_night

pytestmark = pytest.mark.django_db

MIDNIGHT = datetime(2026, 1, 12, 23, tzinfo=UTC)
"""The beginning of the market day of the evening."""
DAY, MORNING = timedelta(days=1), EVENING + timedelta(hours=12)


def read(days: Sequence[int], *, without: int | None = None) -> PricePeriod:
    """What is read on the evening, when these days, counted from today, are published; perhaps a quarter is missing."""
    night = make_night()
    area = PriceArea.objects.get(code="NO2")
    place = night.add_place()
    for day in days:
        prices = [0.10 + number / 1000 for number in range(96)]
        factories.make_prices(area=area, day_start=MIDNIGHT + day * DAY, prices=prices)
    if without is not None:
        area.documents.last().prices.order_by("start")[without].delete()  # type: ignore[union-attr]
    period = prices_for(location=place, driver=night.driver, start=EVENING, end=MORNING, now=EVENING)
    assert period is not None
    return period


def estimates(period: PricePeriod) -> list[PriceInterval]:
    place = factories.make_location(driver=factories.make_driver())
    return [one for one in known_and_estimated(period, EVENING, MORNING, place) if one.is_estimate]


def test_where_prices_reach_the_deadline_only_the_day_before_is_read() -> None:
    period = read(range(-9, 2))

    assert period.intervals[0].start == EVENING - DAY
    assert estimates(period) == []


@pytest.mark.parametrize(
    ("days", "without"),
    [pytest.param(range(-9, 1), None, id="tomorrow is not out"), pytest.param(range(-9, 2), 3, id="one is missing")],
)
def test_where_they_do_not_the_week_before_is_read_to_estimate_from(days: Sequence[int], without: int | None) -> None:
    period = read(days, without=without)

    assert period.intervals[0].start == EVENING - 8 * DAY
    assert estimates(period) != []


@pytest.mark.parametrize("speed", [60, 1], ids=["fast", "slow again, still ahead"])
def test_a_clock_that_left_the_wall_behind_stays_with_sample_prices(
    monkeypatch: pytest.MonkeyPatch, speed: int
) -> None:
    night = make_night()
    asked: list[bool] = []
    whole = PricePeriod("NO2", "EUR", (PriceInterval(night.now, night.now + timedelta(hours=1), 0.1),), (None,))

    def answer(*, is_accelerated: bool, **_: object) -> PricePeriod:
        asked.append(is_accelerated)
        return whole

    monkeypatch.setattr(place_prices, "prices_between", answer)
    place = night.add_place()
    asked.clear()

    prices_for(location=place, driver=night.driver, start=night.now, end=night.now, now=night.now)
    driver = clocks.set_speed(driver=night.driver, speed=60, at_wall=night.now)
    driver = clocks.set_speed(driver=driver, speed=speed, at_wall=night.now + timedelta(minutes=1))
    prices_for(location=place, driver=driver, start=night.now, end=night.now, now=night.now)

    assert asked == [False, True]
