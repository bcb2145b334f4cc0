"""Random nights in which something is away: the short form of `tests.faults.nights` (G3), and what it judges by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from charging.adapters.prices.areas import areas
from charging.adapters.vehicles.gateway import Acknowledgement
from charging.core.market_time import published_until
from charging.operations.backtest_car import make_metered_car
from charging.operations.backtest_files import PriceHistory, read_prices
from tests.faults.lived_night import KINDS, Away, AwayGateway, Lived, draw_away, draw_plug_in, live
from tests.faults.nights import PRICES, figures

NOON = datetime(2026, 1, 13, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def histories() -> dict[str, PriceHistory]:
    return {code: history for code, history in read_prices(PRICES).items() if code in areas()}


def test_who_can_be_ready_is_whatever_is_away(histories: dict[str, PriceHistory]) -> None:
    nights = [live(number, histories, seed=7) for number in range(18)]

    found = figures(nights, seed=7)

    assert found.must_be_zero["late though possible"] == 0
    assert (found.rows["with faults"], found.rows["without"]) == (12, 6)
    assert [one.name for one in nights if one.cost < one.optimum - 0.02] == []


def test_the_same_seed_is_the_same_night(histories: dict[str, PriceHistory]) -> None:
    assert live(4, histories, seed=2) == live(4, histories, seed=2)


def test_a_late_car_and_a_dear_night_are_found() -> None:
    fine = Lived("fine", True, True, is_faulty=False, cost=1.02, optimum=1.0)
    late = Lived("late", False, True, is_faulty=True, cost=1.0, optimum=1.0)
    impossible = Lived("impossible", False, False, is_faulty=False, cost=9.0, optimum=1.0)
    dear = Lived("dear", True, True, is_faulty=False, cost=1.05, optimum=1.0)

    assert figures([fine, impossible], 1).is_good
    assert figures([fine, late], 1).must_be_zero == {"late though possible": 1, "dearer than 3 % above": 0}
    assert figures([dear], 1).must_be_zero == {"late though possible": 0, "dearer than 3 % above": 1}


def test_every_kind_is_away_in_some_night_and_no_longer_than_said(histories: dict[str, PriceHistory]) -> None:
    history = histories["NO2"]
    plug_in = draw_plug_in(Random(1), history, "a night")
    nights = [draw_away(Random(number), plug_in) for number in range(40)]

    assert {kind for away in nights for kind in away.spans} == set(KINDS)
    assert {away.has_broker for away in nights} == {True, False}
    lengths = [(kind, end - start) for away in nights for kind, spans in away.spans.items() for start, end in spans]
    assert [kind for kind, length in lengths if length > KINDS[kind]] == []


def test_without_the_feed_nothing_new_is_known() -> None:
    away = Away({"feed": [(NOON - HOUR, NOON + 3 * HOUR)]})

    assert away.published_until(NOON + 2 * HOUR) == published_until(NOON - HOUR)
    assert away.published_until(NOON + 3 * HOUR) == published_until(NOON + 3 * HOUR) > published_until(NOON - HOUR)


def test_without_workers_a_car_is_looked_at_later_and_without_a_broker_with_the_next_sweep() -> None:
    away = Away({"workers": [(NOON, NOON + timedelta(minutes=9))]})

    assert away.next_look(NOON + timedelta(minutes=2)) == NOON + timedelta(minutes=9)
    assert away.next_look(NOON - timedelta(seconds=1)) == NOON - timedelta(seconds=1)
    assert Away(has_broker=False).next_look(NOON + timedelta(seconds=1)) == NOON + timedelta(seconds=30)
    assert Away(has_broker=False).next_look(NOON) == NOON


def test_a_service_that_is_away_answers_nothing_and_reaches_no_car(histories: dict[str, PriceHistory]) -> None:
    plug_in = draw_plug_in(Random(1), histories["NO2"], "a night")
    metered = make_metered_car(plug_in, histories["NO2"], power_kw=7.2, power_factor=1.0, seed=1)
    now = plug_in.plugged_in_at + HOUR
    metered.run_to(now)
    gateway = AwayGateway(metered.gateway, Away({"service": [(now, now + HOUR)]}))

    assert gateway.read(now=now) is None
    assert gateway.read(now=now + HOUR) is not None
    assert gateway._unless_away(now, lambda: Acknowledgement(accepted=True)).accepted is False
    assert (gateway.has_lease, gateway.poll_interval) == (metered.gateway.has_lease, metered.gateway.poll_interval)
    assert gateway.capabilities == metered.gateway.capabilities
