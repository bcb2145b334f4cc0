"""Faults as a value: what they may be, how they are stored, and when they are over."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given

from charging.adapters.vehicles import driver_actions as driver
from charging.adapters.vehicles.fault_end import is_over
from charging.adapters.vehicles.fault_parts import Act, DailyAct, Deed, Flapping, LoadBalancing, Period, Timer
from charging.adapters.vehicles.faults import NO_FAULTS, Faults
from charging.adapters.vehicles.faults_json import from_json, to_json
from tests.adapters.gateway_contract import MINUTE, NOW
from tests.adapters.random_faults import faults
from tests.adapters.simulated_cars import make_car

HOUR = timedelta(hours=1)
PERIOD = Period(NOW, NOW + HOUR)

IMPOSSIBLE: dict[str, Callable[[], Any]] = {
    "a period that ends as it begins": lambda: Period(NOW, NOW),
    "a period of local times": lambda: Period(datetime(2026, 3, 1), datetime(2026, 3, 2)),
    "a timer that never opens": lambda: Timer(opens=time(6), closes=time(6)),
    "a timer from noon to noon": Timer,
    "flapping at once": lambda: Flapping(PERIOD, timedelta(0)),
    "balancing at once": lambda: LoadBalancing(timedelta(0)),
    "balancing to nothing": lambda: LoadBalancing(MINUTE, low_kw=0),
    "balancing upside down": lambda: LoadBalancing(MINUTE, low_kw=8, high_kw=4),
    "an act at a local time": lambda: Act(Deed.START, datetime(2026, 3, 1)),
    "an act with a limit above 100 %": lambda: Act(Deed.SET_LIMIT, NOW, 101),
    "a daily limit below 0 %": lambda: DailyAct(Deed.SET_LIMIT, time(6), -1),
    "a time zone that is none": lambda: Faults(timezone_name="Europe/Nowhere"),
    "a share above 1": lambda: Faults(late_share=1.1),
    "nothing but old news": lambda: Faults(stale_share=1.0),
    "no power for ever": lambda: Faults(power_factor=0),
    "a ceiling above 100 %": lambda: Faults(ceiling_percent=101),
    "waking up before": lambda: Faults(extra_wake_up=-MINUTE),
    "undoing at once": lambda: Faults(undoes_after=timedelta(0)),
    "pausing at once": lambda: Faults(pauses_after=timedelta(0)),
    "fewer than no starts": lambda: Faults(starts_to_ignore=-1),
}


@pytest.mark.parametrize("make", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_impossible_faults_are_refused(make: Callable[[], Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        make()


@given(faults)
def test_faults_survive_being_stored(faults: Faults) -> None:
    assert from_json(json.loads(json.dumps(to_json(faults)))) == faults


def test_only_what_is_not_as_usual_is_stored() -> None:
    assert to_json(NO_FAULTS) is None
    assert to_json(Faults(stale=(PERIOD,), timer=Timer(opens=time(23)), undoes_after=MINUTE)) == {
        "stale": [{"start": "2026-03-01T18:00:00+00:00", "end": "2026-03-01T19:00:00+00:00"}],
        "timer": {"opens": "23:00:00", "closes": None},
        "undoes_after": 60.0,
    }


def test_what_nobody_knows_any_more_is_dropped() -> None:
    assert from_json({"power_factor": 0.7, "gremlins": 3}) == Faults(power_factor=0.7)
    assert from_json({}) is from_json(None) is NO_FAULTS


@pytest.mark.parametrize(
    "faults",
    [
        Faults(power_cuts=(PERIOD,)),
        Faults(conflicts=(PERIOD,)),
        Faults(silent=(PERIOD,)),
        Faults(stale=(PERIOD,)),
        Faults(flapping=Flapping(PERIOD, MINUTE)),
        Faults(once=(Act(Deed.UNPLUG, PERIOD.end),)),
    ],
    ids=["power cut", "conflict", "silence", "old news", "flapping", "an act"],
)
def test_what_has_an_end_is_over_from_then_on(faults: Faults) -> None:
    assert not is_over(faults, PERIOD.end - MINUTE)
    assert is_over(faults, PERIOD.end)


@pytest.mark.parametrize(
    ("faults", "over"),
    [
        pytest.param(Faults(name="nothing", timezone_name="Europe/Oslo"), True, id="nothing but a name"),
        pytest.param(Faults(starts_to_ignore=1), False, id="a start still to be ignored"),
        pytest.param(Faults(starts_to_ignore=0), True, id="no start left to be ignored"),
        pytest.param(Faults(timer=Timer(opens=time(23))), False, id="every day"),
        pytest.param(Faults(usual_limit_percent=80.0), False, id="a limit to be given back"),
    ],
)
def test_what_has_no_end_lasts(faults: Faults, over: bool) -> None:
    assert is_over(faults, NOW) is over


def test_a_limit_that_faults_changed_comes_back_with_their_end() -> None:
    falls = Faults(once=(Act(Deed.SET_LIMIT, NOW + HOUR, 50.0),), usual_limit_percent=80.0)
    car = driver.inject(make_car(), NOW, faults=falls)

    later = driver.recover(car, NOW + 2 * HOUR)

    assert (later.faults, later.charge_limit_percent) == (NO_FAULTS, 80.0)


def test_new_faults_begin_where_the_old_ones_end() -> None:
    first = driver.inject(make_car(), NOW, faults=Faults(once=(Act(Deed.UNPLUG, NOW + 2 * HOUR),)))

    second = driver.inject(first, NOW + HOUR, faults=Faults(power_factor=0.7))

    assert second.faults == Faults(power_factor=0.7)
    assert second.energy_kwh == pytest.approx(10.0)
