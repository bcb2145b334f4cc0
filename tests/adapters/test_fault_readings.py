"""What a car with faults tells, seen through the gateway."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from charging.adapters.vehicles import driver_actions as driver
from charging.adapters.vehicles.fault_parts import Period
from charging.adapters.vehicles.fault_readings import SLOT, observed_at, to_remember
from charging.adapters.vehicles.faults import NO_FAULTS, Faults
from charging.adapters.vehicles.simulated_car import advance
from charging.adapters.vehicles.simulated_reading import telemetry
from charging.core.facts import Reading
from tests.adapters.gateway_contract import FIRST, MINUTE, NOW, make_hold, read
from tests.adapters.simulated_cars import make_faulty

HOUR = timedelta(hours=1)
TICK = timedelta(seconds=1)
OUTAGE = Period(NOW + HOUR, NOW + 2 * HOUR)


def told(faults: Faults, minutes: int = 600) -> list[Reading]:
    """What the car tells each minute from NOW on."""
    gateway, _ = make_faulty(faults)
    return [read(gateway, NOW + minute * MINUTE) for minute in range(minutes)]


def lag(faults: Faults, minutes: int = 600) -> list[int]:
    """How many minutes old what the car tells is, minute by minute."""
    readings = told(faults, minutes)
    return [round((NOW + minute * MINUTE - reading.observed_at) / MINUTE) for minute, reading in enumerate(readings)]


@pytest.mark.parametrize(
    ("after", "answers"),
    [
        pytest.param(HOUR - TICK, True, id="before"),
        pytest.param(HOUR, False, id="from its first instant"),
        pytest.param(2 * HOUR - TICK, False, id="to the last"),
        pytest.param(2 * HOUR, True, id="its end is after it"),
    ],
)
def test_a_silent_car_gives_no_answer_and_is_commanded_all_the_same(after: timedelta, answers: bool) -> None:
    gateway, store = make_faulty(Faults(silent=(OUTAGE,)))

    assert (gateway.read(now=NOW + after) is not None) is answers
    assert gateway.stop(command_id=FIRST, hold=None, now=NOW + after).accepted
    assert not advance(store.load(), NOW + after + MINUTE).is_charging


def test_old_news_are_of_the_instant_they_began_until_they_end() -> None:
    gateway, _ = make_faulty(Faults(stale=(OUTAGE,)))

    instants = (HOUR - TICK, HOUR, HOUR + TICK, 2 * HOUR - TICK, 2 * HOUR)
    ages = [NOW + after - read(gateway, NOW + after).observed_at for after in instants]

    assert ages == [timedelta(0), timedelta(0), TICK, HOUR - TICK, timedelta(0)]
    assert read(gateway, NOW + 90 * MINUTE) == read(gateway, NOW + 61 * MINUTE) == read(gateway, NOW + HOUR)


def test_old_news_stay_the_same_while_the_car_is_commanded_and_moved() -> None:
    gateway, store = make_faulty(Faults(stale=(OUTAGE,)))
    before = read(gateway, NOW + HOUR)

    gateway.stop(command_id=FIRST, hold=make_hold(NOW + HOUR), now=NOW + HOUR)
    store.save(driver.unplug(store.load(), NOW + 80 * MINUTE))

    assert read(gateway, NOW + 100 * MINUTE) == before
    assert read(gateway, NOW + 2 * HOUR).is_plugged_in is False


def test_a_share_of_the_answers_is_old_and_the_others_are_of_now() -> None:
    ages = lag(Faults(stale_share=0.4), minutes=2000)

    assert 0.25 < sum(age > 0 for age in ages) / 2000 < 0.5
    assert 10 < max(ages) < 120
    assert all(after == before + 1 or after == 0 for before, after in pairwise(ages))


def test_a_period_of_old_news_within_other_old_news_goes_back_to_the_first() -> None:
    faults = Faults(stale=(Period(NOW, NOW + HOUR), Period(NOW + 30 * MINUTE, NOW + 2 * HOUR)))

    assert observed_at(faults, 7, NOW + 100 * MINUTE) == NOW


def test_the_same_observation_comes_twice_with_the_same_name() -> None:
    readings = told(Faults(duplicate_share=0.5))

    names = [reading.event_id for reading in readings]
    again = [number for number in range(1, 600) if names[number] == names[number - 1]]
    assert 200 < len(again) < 400
    assert len({reading.event_id: reading for reading in readings}) == len({*readings})
    assert max(lag(Faults(duplicate_share=0.5))) == 9


def test_an_older_observation_comes_after_a_newer_one() -> None:
    readings = told(Faults(late_share=0.4))

    goes_back = [after.observed_at < before.observed_at for before, after in pairwise(readings)]
    assert sum(goes_back) > 10
    assert max(lag(Faults(late_share=0.4))) == 19


def test_what_is_told_late_is_what_was_then() -> None:
    gateway, store = make_faulty(Faults(late_share=1.0))
    then = telemetry(advance(store.load(), NOW + 30 * MINUTE))
    gateway.stop(command_id=FIRST, hold=None, now=NOW + 35 * MINUTE)

    assert read(gateway, NOW + 48 * MINUTE) == then


def test_a_car_whose_faults_begin_has_nothing_older_to_tell() -> None:
    gateway, _ = make_faulty(Faults(late_share=1.0))

    assert read(gateway, NOW + MINUTE).observed_at == NOW + MINUTE


def test_another_car_tells_old_news_at_other_times() -> None:
    faults = Faults(stale_share=0.5)
    instants = [NOW + number * SLOT + MINUTE for number in range(50)]

    assert [observed_at(faults, 1, at) for at in instants] != [observed_at(faults, 2, at) for at in instants]


@pytest.mark.parametrize(
    ("faults", "remembered"),
    [
        pytest.param(NO_FAULTS, (), id="nothing without faults"),
        pytest.param(Faults(stale=(OUTAGE,)), (), id="nothing before old news"),
        pytest.param(Faults(stale=(Period(NOW, OUTAGE.end),)), (NOW,), id="where old news begin"),
        pytest.param(Faults(late_share=0.1), (NOW - SLOT, NOW), id="two slots for late ones"),
    ],
)
def test_only_what_may_still_be_told_is_remembered(faults: Faults, remembered: tuple[datetime, ...]) -> None:
    assert to_remember(faults, 7, NOW) == remembered


def test_memory_ends_with_the_old_news() -> None:
    _, store = make_faulty(Faults(stale=(OUTAGE,)))

    assert len(advance(store.load(), NOW + 90 * MINUTE).remembered) == 1
    assert advance(advance(store.load(), NOW + 90 * MINUTE), NOW + 2 * HOUR).remembered == ()


@pytest.mark.parametrize("name", ["", "Preferred times 23:00 to 06:00"])
def test_the_reading_names_the_schedule(name: str) -> None:
    gateway, _ = make_faulty(Faults(reported_schedule=name))

    assert read(gateway, NOW + HOUR).reported_schedule == name
