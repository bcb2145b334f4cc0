"""The backtest with a gateway that misbehaves."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from charging.core.facts import Hold
from charging.operations.backtest import run_backtest
from charging.operations.backtest_car import MeteredCar, make_metered_car
from charging.operations.backtest_faults import FaultyGateway, GatewayFaults
from charging.operations.backtest_files import PriceHistory, read_prices
from tests.operations.test_backtest import DAY, HOUR, QUARTER, SAMPLE, make_plug_in, make_plug_ins

DECEMBER = datetime(2025, 12, 9, 18, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def december() -> PriceHistory:
    return read_prices(SAMPLE)["NO2"]


@pytest.mark.parametrize("power_factor", [1.0, 0.7])
def test_old_readings_and_ignored_starts_make_no_car_late(power_factor: float, december: PriceHistory) -> None:
    faults = GatewayFaults(stale_share=0.3, failed_starts=1)

    found = run_backtest(
        histories={"NO2": december}, plug_ins=make_plug_ins()[:6], power_factor=power_factor, faults=faults
    )

    assert found["ready"] == found["ready_if_charged_at_once"] == 6
    assert (found["stale_share"], found["failed_starts"]) == (0.3, 1)


def make_faulty_gateway(faults: GatewayFaults, december: PriceHistory) -> tuple[FaultyGateway, MeteredCar]:
    metered = make_metered_car(
        replace(make_plug_in(), plugged_in_at=DECEMBER, unplugged_at=DECEMBER + DAY),
        december,
        power_kw=7.2,
        power_factor=1.0,
        seed=1,
    )
    return FaultyGateway(metered.gateway, faults, "a night"), metered


def test_a_stale_answer_is_the_reading_before(december: PriceHistory) -> None:
    gateway, _ = make_faulty_gateway(GatewayFaults(stale_share=0.99), december)

    readings = {gateway.read(now=DECEMBER + number * QUARTER) for number in range(12)}

    assert len(readings) < 4


def test_a_start_that_fails_is_taken_and_neither_it_nor_the_hold_starts_the_car(december: PriceHistory) -> None:
    gateway, metered = make_faulty_gateway(GatewayFaults(failed_starts=1), december)
    soon = Hold(until=DECEMBER + HOUR, renew_by=DECEMBER + QUARTER)
    gateway.stop(command_id=uuid4(), hold=soon, now=DECEMBER)
    metered.run_to(DECEMBER + QUARTER)
    assert gateway.renew(hold=soon, now=DECEMBER + QUARTER).accepted

    ignored = gateway.start(command_id=uuid4(), now=DECEMBER + 2 * HOUR)
    metered.run_to(DECEMBER + 3 * HOUR)
    before = metered.car.is_charging
    gateway.start(command_id=uuid4(), now=DECEMBER + 3 * HOUR)
    metered.run_to(DECEMBER + 4 * HOUR)

    assert ignored.accepted
    assert not before
    assert metered.car.is_charging


def test_a_hold_ends_by_itself_once_no_start_fails_any_more(december: PriceHistory) -> None:
    gateway, metered = make_faulty_gateway(GatewayFaults(), december)

    gateway.stop(command_id=uuid4(), hold=Hold(DECEMBER + HOUR, DECEMBER + HOUR), now=DECEMBER)
    metered.run_to(DECEMBER + 2 * HOUR)

    assert metered.car.is_charging
    assert gateway.has_lease
    assert gateway.poll_interval == metered.gateway.poll_interval
