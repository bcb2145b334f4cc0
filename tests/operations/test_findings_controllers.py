"""One controller told from another, of what is stored of nights: F9, F10 and F16."""

from __future__ import annotations

from datetime import timedelta

import pytest

from charging.core.market_time import local_day_bounds
from charging.core.nights import Night
from charging.models import Finding, Vehicle
from charging.operations.findings import judge_interference
from charging.operations.nights import load_nights
from tests import factories
from tests.core.controller_stories import CHEAP, DEAR, QUARTER, corrected, optimised, paused
from tests.core.interference_stories import DAY
from tests.core.night_stories import MONDAY, OSLO
from tests.operations.stored_nights import make_car, store

pytestmark = pytest.mark.django_db


def judged(*nights: Night) -> tuple[Vehicle, list[list[tuple[str, list[str], str]]]]:
    """What is open after each of these nights."""
    car, seen = make_car(), []
    for night in nights:
        now = store(car, night)
        judge_interference(vehicle=car, now=now)
        rows = Finding.objects.open().order_by("pk")
        seen.append([(row.cause, row.codes, row.status) for row in rows])
    return car, seen


def publish(nights: tuple[Night, ...]) -> None:
    """The prices of these days: low in the hours in which somebody charged the car, and high otherwise."""
    cheap = {price.start for night in nights for price in night.prices if price.price_per_kwh == CHEAP}
    area = factories.make_price_area()
    for number in range(len(nights) + 1):
        start, _end = local_day_bounds(MONDAY + number * DAY, OSLO)
        quarters = [start + n * QUARTER for n in range(96)]
        prices = [str(CHEAP if at in cheap else DEAR) for at in quarters]
        factories.make_prices(area=area, day_start=start, prices=prices)


def test_pauses_within_a_minute_point_to_the_charger_by_night_two() -> None:
    _car, seen = judged(paused(MONDAY, 30, 42, 12), paused(MONDAY + DAY, 15, 50))

    assert seen == [[("charger_pauses", ["F16"], "suspected")], [("charger_pauses", ["F16"], "confirmed")]]


def test_corrections_at_whole_beats_point_to_another_service_by_night_two() -> None:
    _car, seen = judged(corrected(MONDAY, 30, 30), corrected(MONDAY + DAY, 30, 30))

    assert seen[-1] == [("tug_of_war", ["F9"], "confirmed")]


def test_the_cheapest_hours_before_another_time_point_to_an_optimiser_by_night_three() -> None:
    nights = tuple(optimised(MONDAY + number * DAY, start) for number, start in enumerate((3, 5, 4)))
    publish(nights)

    _car, seen = judged(*nights)

    assert [rows[0][0] for rows in seen[1:]] == ["foreign_start", "other_optimiser"]
    assert seen[-1] == [("other_optimiser", ["F10"], "confirmed")]


def test_prices_are_read_only_where_others_charged_on_three_nights() -> None:
    nights = tuple(optimised(MONDAY + number * DAY, start) for number, start in enumerate((3, 5, 4)))
    publish(nights)
    car, _seen = judged(*nights[:2])

    assert {night.prices for night in load_nights(vehicle=car, now=nights[1].seen_until)} == {()}

    store(car, nights[2])
    loaded = load_nights(vehicle=car, now=nights[2].seen_until)
    assert [bool(night.prices) for night in loaded] == [True] * 3
    assert loaded[0].prices[-1].end >= loaded[0].plugged_in_at + timedelta(hours=24)
