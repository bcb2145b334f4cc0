import json
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.adapters.vehicles import driver_actions as driver
from charging.adapters.vehicles.simulated_car import SimulatedCar, advance
from charging.adapters.vehicles.simulated_car_json import from_json, to_json
from charging.adapters.vehicles.simulated_reading import telemetry
from charging.core.energy import charging_time
from charging.core.facts import Hold, PowerDelivery
from tests.adapters.gateway_contract import MINUTE, NOW
from tests.adapters.simulated_cars import make_car, make_gateway

HOUR = timedelta(hours=1)
ACTIONS: dict[str, Callable[[SimulatedCar, datetime, int], SimulatedCar]] = {
    "wait": lambda car, now, number: car,
    "plug in": lambda car, now, number: driver.plug_in(car, now),
    "unplug": lambda car, now, number: driver.unplug(car, now),
    "limit": lambda car, now, number: driver.set_charge_limit(car, now, charge_limit_percent=number),
    "soc": lambda car, now, number: driver.set_soc(car, now, soc_percent=number),
    "away": lambda car, now, number: driver.drive_away(car, now),
}

Step = tuple[str, int, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from((*ACTIONS, "start", "stop", "renew")),
        st.integers(min_value=0, max_value=6 * 3600),
        st.integers(min_value=0, max_value=100),
    ),
    max_size=10,
)


def run(car: SimulatedCar, steps: list[Step], pieces: int) -> SimulatedCar:
    """Do the steps, each after its own number of seconds, and cut all waiting into so many pieces."""
    (gateway, store), now = make_gateway(car), car.at
    for index, (name, seconds, number) in enumerate(steps):
        for piece in range(1, pieces + 1):
            store.save(advance(store.load(), now + timedelta(seconds=seconds) * piece / pieces))
        now += timedelta(seconds=seconds)
        hold = Hold(until=now + number * MINUTE * 3, renew_by=now + 30 * MINUTE)
        if name == "start":
            gateway.start(command_id=UUID(int=index), now=now)
        elif name == "stop":
            gateway.stop(command_id=UUID(int=index), hold=hold if number % 3 else None, now=now)
        elif name == "renew":
            gateway.renew(hold=hold, now=now)
        else:
            store.save(ACTIONS[name](store.load(), now, number))
    return advance(store.load(), now)


@given(STEPS, st.integers(min_value=2, max_value=7), st.floats(min_value=0, max_value=100))
def test_time_may_be_cut_into_any_steps(steps: list[Step], pieces: int, soc_percent: float) -> None:
    car = make_car(soc_percent, latitude=59.91, longitude=10.75)

    whole, cut = run(car, steps, 1), run(car, steps, pieces)

    for field in fields(SimulatedCar):
        one, other = getattr(whole, field.name), getattr(cut, field.name)
        assert other == (pytest.approx(one, abs=1e-9) if isinstance(one, float) else one), field.name


@given(STEPS)
def test_the_battery_gains_what_the_meter_counts_and_only_with_a_cable_up_to_the_limit(steps: list[Step]) -> None:
    car = make_car(latitude=59.91, longitude=10.75)

    for index in range(len(steps)):
        before, after = run(car, steps[:index], 1), run(car, [*steps[:index], ("wait", steps[index][1], 0)], 1)
        gained_kwh = (after.soc_percent - before.soc_percent) / 100 * 60 / 0.9
        assert after.energy_kwh - before.energy_kwh == pytest.approx(gained_kwh, abs=1e-9)
        assert after.energy_kwh >= before.energy_kwh
        assert after.soc_percent <= max(before.soc_percent, before.charge_limit_percent)
        assert before.is_plugged_in or after.soc_percent == before.soc_percent


@given(STEPS)
def test_a_car_survives_being_stored(steps: list[Step]) -> None:
    car = run(make_car(latitude=59.91, longitude=10.75), steps, 1)

    assert from_json(json.loads(json.dumps(to_json(car)))) == car


def test_a_stored_car_from_before_a_field_existed_gets_its_default() -> None:
    stored = to_json(make_car())
    del stored["power_factor"], stored["pending"], stored["seen_command_ids"], stored["plugged_in_at"]

    assert from_json({**stored, "unknown": 1}) == replace(make_car(), plugged_in_at=None)


def test_a_car_never_goes_back_in_time() -> None:
    car = make_car()

    assert advance(car, NOW - HOUR) == car


def test_a_plugged_in_car_charges_by_default_up_to_its_limit() -> None:
    car = driver.set_charge_limit(make_car(), NOW, charge_limit_percent=80)
    needed = charging_time(40, 80, 60, 10)

    almost, done = advance(car, NOW + needed - MINUTE), advance(car, NOW + needed + MINUTE)

    assert telemetry(almost).power_delivery is PowerDelivery.CHARGING
    assert telemetry(done).power_delivery is PowerDelivery.COMPLETE
    assert done.soc_percent == 80
    assert done.energy_kwh == pytest.approx(0.4 * 60 / 0.9)


def test_charging_to_the_brim_takes_the_time_with_taper() -> None:
    car = make_car(85)
    needed = charging_time(85, 100, 60, 10)

    assert advance(car, NOW + needed - MINUTE).is_charging
    assert advance(car, NOW + needed + timedelta(seconds=1)).is_fully_charged


def test_a_car_may_draw_less_than_it_is_believed_to() -> None:
    car = advance(make_car(power_factor=0.7), NOW + HOUR)

    assert car.energy_kwh == pytest.approx(7.0)
    assert telemetry(car).charging_power_kw == 7.0


@pytest.mark.parametrize(
    ("minutes", "is_asleep"),
    [pytest.param(14, False, id="a quarter not over"), pytest.param(16, True, id="a quarter idle")],
)
def test_an_idle_car_falls_asleep_after_a_quarter_of_an_hour(minutes: int, is_asleep: bool) -> None:
    assert advance(make_car(is_plugged_in=False), NOW + minutes * MINUTE).is_asleep is is_asleep


def test_a_charging_car_does_not_sleep() -> None:
    assert not advance(make_car(), NOW + HOUR).is_asleep


def test_a_car_that_was_never_touched_sleeps() -> None:
    assert replace(make_car(is_plugged_in=False), last_active_at=None).is_asleep


@pytest.mark.parametrize(
    ("action", "is_plugged_in"),
    [pytest.param(driver.plug_in, True, id="plug in"), pytest.param(driver.unplug, False, id="unplug")],
)
def test_doing_what_is_done_changes_nothing(
    action: Callable[[SimulatedCar, datetime], SimulatedCar], is_plugged_in: bool
) -> None:
    car = make_car(is_plugged_in=is_plugged_in)

    assert action(car, NOW + HOUR) == advance(car, NOW + HOUR)


def test_driving_unplugs_and_changes_the_position() -> None:
    car = driver.drive_to(make_car(), NOW, latitude=59.91, longitude=10.75)

    reading = telemetry(car)
    assert (reading.latitude, reading.longitude) == (59.91, 10.75)
    assert reading.power_delivery is PowerDelivery.UNPLUGGED


@pytest.mark.parametrize(
    ("latitude", "away"),
    [pytest.param(59.9, 60.0, id="north"), pytest.param(89.95, 89.85, id="not over the pole")],
)
def test_driving_away_goes_eleven_kilometers(latitude: float, away: float) -> None:
    car = driver.drive_away(driver.drive_to(make_car(), NOW, latitude=latitude, longitude=10.75), NOW)

    assert car.latitude == pytest.approx(away)
    assert car.longitude == 10.75


def test_driving_away_from_an_unknown_place_leads_to_an_unknown_place() -> None:
    car = driver.drive_away(make_car(), NOW)

    assert (car.latitude, car.is_plugged_in) == (None, False)


def test_a_raised_limit_lets_a_full_car_charge_on() -> None:
    full = driver.set_charge_limit(make_car(50), NOW, charge_limit_percent=50)

    raised = driver.set_charge_limit(full, NOW + HOUR, charge_limit_percent=80)

    assert (full.is_charging, raised.is_charging) == (False, True)


@pytest.mark.parametrize("percent", [-0.1, 100.1, float("nan")])
def test_impossible_levels_are_refused(percent: float) -> None:
    with pytest.raises(ValueError, match="not between"):
        driver.set_soc(make_car(), NOW, soc_percent=percent)
    with pytest.raises(ValueError, match="not between"):
        driver.set_charge_limit(make_car(), NOW, charge_limit_percent=percent)
