"""What a user's sessions teach counts in the later ones of the same user."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from charging.core.facts import Thresholds
from charging.core.learned import Learned
from charging.core.learning import observe
from charging.operations.backtest import run_backtest
from charging.operations.backtest_car import MeteredCar, make_metered_car
from charging.operations.backtest_files import PlugIn, PriceHistory, read_prices
from charging.operations.backtest_session import Memory, run_session
from tests.operations.test_backtest import SAMPLE, make_plug_in

OSLO = ZoneInfo("Europe/Oslo")
EVENING = datetime(2025, 12, 9, 16, 30, tzinfo=UTC)
KNOWN = Learned(power_kw=7.2, sessions=10)
ONE_DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def december() -> PriceHistory:
    return read_prices(SAMPLE)["NO2"]


def make_night(energy_kwh: float = 15.0) -> PlugIn:
    return replace(
        make_plug_in(energy_kwh=energy_kwh), plugged_in_at=EVENING, unplugged_at=EVENING + timedelta(hours=14)
    )


def live_through(
    history: PriceHistory, learned: Learned | None, *, power_factor: float = 1.0, energy_kwh: float = 15.0
) -> tuple[Memory, MeteredCar]:
    plug_in = make_night(energy_kwh)
    metered = make_metered_car(plug_in, history, power_kw=7.2, power_factor=power_factor, seed=1)
    return run_session(plug_in, metered, OSLO, Thresholds(), learned), metered


def test_a_known_car_is_held_from_the_first_reading_on_and_an_unknown_one_measured_first(
    december: PriceHistory,
) -> None:
    known, _ = live_through(december, KNOWN)
    unknown, _ = live_through(december, None)

    assert known.plan is not None
    assert unknown.plan is not None
    assert known.plan.created_at == EVENING < unknown.plan.created_at


@pytest.mark.parametrize("power_factor", [0.85, 0.7, 0.5])
def test_a_known_car_that_is_slow_tonight_is_ready_all_the_same(december: PriceHistory, power_factor: float) -> None:
    memory, metered = live_through(december, KNOWN, power_factor=power_factor)

    assert metered.energy_kwh == pytest.approx(15.0, abs=0.01)
    assert memory.plan is not None
    assert memory.plan.reason == "slower_than_usual"
    assert memory.plan_changes >= 1


def test_a_session_teaches_its_true_power(december: PriceHistory) -> None:
    memory, _ = live_through(december, None, power_factor=0.7)

    told = observe(memory.readings, EVENING)

    assert told is not None
    assert told.power_kw == pytest.approx(0.7 * 7.2, abs=0.01)


def test_nights_of_one_user_cost_less_than_those_of_strangers(december: PriceHistory) -> None:
    def cost(*users: str) -> Any:
        nights = [
            replace(make_plug_in(number, start=EVENING + number * ONE_DAY, energy_kwh=12.0), user_id=user)
            for number, user in enumerate(users)
        ]
        return run_backtest(histories={"NO2": december}, plug_ins=nights)["cost"]

    assert cost(*["anna"] * 8) < cost(*"abcdefgh")
