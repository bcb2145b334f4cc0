from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from charging.adapters.vehicles import driver_actions as driver
from charging.adapters.vehicles.gateway import Gateway
from charging.adapters.vehicles.simulated_car import advance
from charging.adapters.vehicles.simulated_reading import telemetry
from charging.adapters.vehicles.simulator import SimulatorGateway
from charging.core.facts import Hold, PowerDelivery, Reading
from tests.adapters.gateway_contract import KEYED_PROMISES, MINUTE, NOW, PROMISES, GatewayFactory, promise_id
from tests.adapters.simulated_cars import Store, make_car, make_gateway

HOUR = timedelta(hours=1)


def make_contract_gateway() -> Gateway:
    return make_gateway(make_car(latitude=58.1467, longitude=7.9956))[0]


def make_long_hold() -> Hold:
    return Hold(until=NOW + 100 * HOUR, renew_by=NOW + 100 * HOUR)


def make_stopped() -> tuple[SimulatorGateway, Store]:
    gateway, store = make_gateway()
    gateway.stop(command_id=UUID(int=1), hold=make_long_hold(), now=NOW)
    return gateway, store


def read(gateway: SimulatorGateway, after: timedelta) -> Reading:
    reading = gateway.read(now=NOW + after)
    assert reading is not None
    return reading


@pytest.mark.parametrize("promise", PROMISES + KEYED_PROMISES, ids=promise_id)
def test_the_simulator_keeps_the_promises_of_a_gateway(promise: Callable[[GatewayFactory], None]) -> None:
    promise(make_contract_gateway)


def test_a_command_takes_the_same_seconds_each_time() -> None:
    delays = set()
    for _ in range(3):
        _, store = make_stopped()
        pending = store.load().pending
        assert pending is not None
        delays.add(pending.effect_at - NOW)

    assert len(delays) == 1
    assert timedelta(seconds=5) <= delays.pop() <= timedelta(seconds=20)


def test_commands_differ_in_the_seconds_they_take() -> None:
    delays = set()
    for number in range(40):
        gateway, store = make_gateway()
        gateway.stop(command_id=UUID(int=number), hold=None, now=NOW)
        pending = store.load().pending
        assert pending is not None
        delays.add((pending.effect_at - NOW).total_seconds())

    assert {min(delays), max(delays)} == {5, 20}


def test_a_sleeping_car_has_to_be_woken() -> None:
    gateway, store = make_stopped()

    gateway.start(command_id=UUID(int=2), now=NOW + HOUR)

    pending = store.load().pending
    assert pending is not None
    assert timedelta(seconds=25) <= pending.effect_at - (NOW + HOUR) <= timedelta(seconds=110)


def test_an_unplugged_car_refuses_commands() -> None:
    gateway, store = make_gateway(make_car(is_plugged_in=False))

    assert not gateway.start(command_id=UUID(int=1), now=NOW).accepted
    assert not gateway.stop(command_id=UUID(int=2), hold=None, now=NOW).accepted
    assert store.savings == 0


def test_reading_and_refusing_save_nothing() -> None:
    gateway, store = make_gateway()

    gateway.read(now=NOW + HOUR)
    gateway.renew(hold=make_long_hold(), now=NOW)

    assert store.savings == 0


def test_a_hold_is_renewed_also_while_its_stop_is_on_its_way() -> None:
    gateway, _ = make_gateway()
    gateway.stop(command_id=UUID(int=1), hold=Hold(until=NOW + 9 * HOUR, renew_by=NOW + MINUTE), now=NOW)

    assert gateway.renew(hold=make_long_hold(), now=NOW).accepted

    assert read(gateway, 2 * HOUR).power_delivery is PowerDelivery.STOPPED


def test_renewing_reaches_the_old_hold_and_the_one_on_its_way() -> None:
    gateway, store = make_stopped()
    gateway.stop(command_id=UUID(int=2), hold=make_long_hold(), now=NOW + HOUR)
    renewed = Hold(until=NOW + 50 * HOUR, renew_by=NOW + 50 * HOUR)

    gateway.renew(hold=renewed, now=NOW + HOUR)

    car = store.load()
    assert car.pending is not None
    assert (car.hold, car.pending.hold) == (renewed, renewed)


def test_a_start_on_its_way_leaves_nothing_to_renew() -> None:
    gateway, _ = make_stopped()
    gateway.start(command_id=UUID(int=2), now=NOW + HOUR)

    assert not gateway.renew(hold=make_long_hold(), now=NOW + HOUR).accepted


def test_a_newer_stop_brings_its_own_hold() -> None:
    gateway, _ = make_gateway()
    gateway.stop(command_id=UUID(int=1), hold=Hold(until=NOW + HOUR, renew_by=NOW + HOUR), now=NOW)

    gateway.stop(command_id=UUID(int=2), hold=make_long_hold(), now=NOW + 30 * MINUTE)

    assert read(gateway, 2 * HOUR).power_delivery is PowerDelivery.STOPPED


def test_a_car_that_is_released_unwatched_has_charged_since_its_hold_ended() -> None:
    gateway, store = make_gateway()
    gateway.stop(command_id=UUID(int=1), hold=Hold(until=NOW + HOUR, renew_by=NOW + 3 * HOUR), now=NOW)
    before = advance(store.load(), NOW + HOUR)

    after = advance(store.load(), NOW + 2 * HOUR)

    assert after.energy_kwh - before.energy_kwh == pytest.approx(10.0)


def test_a_stop_without_a_hold_has_nothing_to_renew() -> None:
    gateway, _ = make_gateway()
    gateway.stop(command_id=UUID(int=1), hold=None, now=NOW)

    assert not gateway.renew(hold=make_long_hold(), now=NOW).accepted


def test_only_the_last_commands_are_remembered() -> None:
    gateway, store = make_gateway()
    for number in range(40):
        gateway.start(command_id=UUID(int=number), now=NOW)

    assert store.load().seen_command_ids == tuple(str(UUID(int=number)) for number in range(24, 40))


def test_unplugging_forgets_the_hold_and_the_next_plug_in_charges() -> None:
    _, store = make_stopped()

    unplugged = driver.unplug(store.load(), NOW + HOUR)
    plugged = driver.plug_in(unplugged, NOW + 2 * HOUR)

    assert (unplugged.hold, unplugged.plugged_in_at) == (None, None)
    assert (plugged.is_charging, plugged.plugged_in_at) == (True, NOW + 2 * HOUR)


def test_a_command_on_its_way_is_lost_with_the_cable() -> None:
    _, store = make_stopped()

    car = driver.plug_in(driver.unplug(store.load(), NOW), NOW)

    assert advance(car, NOW + HOUR).is_charging


@pytest.mark.parametrize(
    ("soc_percent", "reported"),
    [
        pytest.param(79.99, 79.9, id="rounded down"),
        pytest.param(80.0, 80.0, id="exact"),
        pytest.param(0.3, 0.3, id="as is"),
    ],
)
def test_the_level_is_reported_in_tenths_and_never_too_high(soc_percent: float, reported: float) -> None:
    assert telemetry(make_car(soc_percent)).soc_percent == reported


def test_a_car_just_below_its_limit_is_not_reported_full() -> None:
    reading = telemetry(driver.set_charge_limit(make_car(79.99), NOW, charge_limit_percent=80))

    assert (reading.is_fully_charged, reading.soc_percent) == (False, 79.9)


def test_the_power_is_reported_in_hundredths_without_losing_one_to_float_noise() -> None:
    assert telemetry(make_car(power_factor=0.57)).charging_power_kw == 5.7


def test_a_waiting_car_draws_nothing() -> None:
    gateway, _ = make_stopped()

    reading = read(gateway, HOUR)

    assert (reading.charging_power_kw, reading.is_plugged_in, reading.is_charging) == (0.0, True, False)


def test_two_events_at_one_instant_are_two_observations() -> None:
    car = make_car()

    assert telemetry(car).event_id != telemetry(driver.set_soc(car, NOW, soc_percent=41)).event_id
