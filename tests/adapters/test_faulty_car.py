"""A car with any faults: exact however time is cut, the same each time, and no way round the physics."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import fields
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.adapters.vehicles import driver_actions as driver
from charging.adapters.vehicles.faults import Faults
from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.simulated_car import SimulatedCar, advance
from charging.adapters.vehicles.simulated_car_json import from_json, to_json
from charging.core.facts import Hold, Reading
from tests.adapters.gateway_contract import MINUTE, NOW
from tests.adapters.random_faults import faults
from tests.adapters.simulated_cars import make_car, make_faulty

STEPS = st.lists(
    st.tuples(
        st.sampled_from(("wait", "start", "stop", "renew", "plug in", "unplug")),
        st.integers(min_value=0, max_value=6 * 3600),
    ),
    max_size=6,
)
Step = tuple[str, int]


def run(faults: Faults, steps: list[Step], pieces: int) -> tuple[SimulatedCar, list[Reading | None]]:
    """Do the steps, each after its own number of seconds, reading before each, with all waiting cut into pieces."""
    car = driver.drive_to(make_car(), NOW, latitude=59.91, longitude=10.75)
    gateway, store = make_faulty(faults, driver.plug_in(car, NOW))
    now = NOW
    readings: list[Reading | None] = []
    for index, (name, seconds) in enumerate(steps):
        for piece in range(1, pieces + 1):
            store.save(advance(store.load(), now + timedelta(seconds=seconds) * piece / pieces))
        now += timedelta(seconds=seconds)
        readings.append(gateway.read(now=now))
        hold = Hold(until=now + 5 * seconds * MINUTE / 60, renew_by=now + 30 * MINUTE)
        with suppress(GatewayError):
            if name == "start":
                gateway.start(command_id=UUID(int=index), now=now)
            elif name == "stop":
                gateway.stop(command_id=UUID(int=index), hold=hold, now=now)
            elif name == "renew":
                gateway.renew(hold=hold, now=now)
        if name == "plug in":
            store.save(driver.plug_in(store.load(), now))
        elif name == "unplug":
            store.save(driver.unplug(store.load(), now))
    return advance(store.load(), now), readings


@given(faults, STEPS, st.integers(min_value=2, max_value=7))
def test_time_may_be_cut_into_any_steps(faults: Faults, steps: list[Step], pieces: int) -> None:
    (whole, told), (cut, told_again) = run(faults, steps, 1), run(faults, steps, pieces)

    assert told == told_again
    for field in fields(SimulatedCar):
        one, other = getattr(whole, field.name), getattr(cut, field.name)
        assert other == (pytest.approx(one, abs=1e-9) if isinstance(one, float) else one), field.name


@given(faults, STEPS)
def test_the_same_car_goes_wrong_in_the_same_way(faults: Faults, steps: list[Step]) -> None:
    assert run(faults, steps, 1) == run(faults, steps, 1)


@given(faults, STEPS)
def test_whatever_goes_wrong_no_car_charges_without_a_cable_or_beyond_its_limit(
    faults: Faults, steps: list[Step]
) -> None:
    for index in range(len(steps)):
        (before, _), (after, _) = run(faults, steps[:index], 1), run(faults, [*steps[:index], ("wait", 60)], 1)

        assert after.energy_kwh >= before.energy_kwh
        assert after.energy_kwh - before.energy_kwh <= 10 / 60 + 1e-9
        assert after.soc_percent <= max(before.soc_percent, before.charge_limit_percent, after.charge_limit_percent)
        assert before.is_plugged_in or after.is_plugged_in or after.soc_percent == before.soc_percent


@given(faults, STEPS)
def test_a_car_with_faults_survives_being_stored(faults: Faults, steps: list[Step]) -> None:
    car, _ = run(faults, steps, 1)

    assert from_json(json.loads(json.dumps(to_json(car)))) == car


@given(faults, STEPS)
def test_no_observation_is_of_the_future_and_none_has_two_names(faults: Faults, steps: list[Step]) -> None:
    _, told = run(faults, steps, 1)

    ids = {reading.observed_at: reading.event_id for reading in told if reading is not None}
    now = NOW
    for reading, (_, seconds) in zip(told, steps, strict=True):
        now += timedelta(seconds=seconds)
        assert reading is None or reading.observed_at <= now
    assert len(set(ids.values())) == len(ids)


def test_a_car_that_was_stored_before_there_were_faults_has_none() -> None:
    stored = to_json(make_car())
    for name in ("faults", "undoing", "remembered"):
        del stored[name]

    assert from_json(stored) == make_car()


@given(faults)
def test_taking_faults_away_leaves_none(faults: Faults) -> None:
    car, _ = run(faults, [("stop", 3600)], 1)

    whole = driver.recover(car, car.at)

    assert (whole.faults, whole.undoing, whole.remembered) == (Faults(), None, ())
    assert faults.usual_limit_percent is None or whole.charge_limit_percent == faults.usual_limit_percent
