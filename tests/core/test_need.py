from dataclasses import replace
from datetime import timedelta

import pytest

from charging.core.energy import Taper
from charging.core.facts import Car, PolicyFacts
from charging.core.need import Need, need_of
from tests.core.make import HOUR, MINUTE, make_car, make_learned, make_policy


def need_for(car: Car | None = None, policy: PolicyFacts | None = None) -> Need:
    need = need_of(car or make_car(), policy or make_policy())
    assert need is not None
    return need


def test_the_need_is_energy_at_the_plug_and_the_time_it_takes() -> None:
    need = need_for()

    assert need.energy_kwh == pytest.approx(20.0)
    assert need.duration / HOUR == pytest.approx(20.0 / 7.2)
    assert need.power_kw == pytest.approx(7.2)
    assert (need.forced_energy_kwh, need.forced_duration) == (0.0, timedelta(0))
    assert need.reserve == 10 * MINUTE + 0.05 * need.duration


def test_the_power_that_was_seen_counts_but_never_more_than_the_car_can_take() -> None:
    slow, boastful = make_car(observed_power_kw=3.6), make_car(observed_power_kw=11.0)

    assert need_for(slow).duration / HOUR == pytest.approx(20.0 / 3.6)
    assert need_for(boastful).duration / HOUR == pytest.approx(20.0 / 7.2)


def test_before_the_power_was_seen_the_reserve_is_larger() -> None:
    need = need_for(make_car(observed_power_kw=None))

    assert need.reserve == need.start_reserve == 20 * MINUTE + 0.45 * need.duration


def test_a_learned_power_stands_in_until_this_plug_in_has_shown_its_own() -> None:
    unseen = make_car(observed_power_kw=None, learned=make_learned(power_kw=6.0))
    seen = make_car(observed_power_kw=7.2, learned=make_learned(power_kw=6.0))

    assert need_for(unseen).duration / HOUR == pytest.approx(20.0 / 6.0)
    assert need_for(seen).duration / HOUR == pytest.approx(20.0 / 7.2)


def test_what_was_learned_shortens_the_reserve_of_the_plan_not_what_a_late_start_must_leave() -> None:
    need = need_for(make_car(observed_power_kw=None, learned=make_learned()))

    assert need.reserve == 15 * MINUTE + 0.10 * need.duration
    assert need.start_reserve == 20 * MINUTE + need.duration


def test_a_learned_taper_makes_the_last_percents_as_long_as_they_were() -> None:
    car = make_car(soc_percent=80.0, charge_limit_percent=100.0)
    early, late = (make_learned(taper=Taper(knee, 0.35)) for knee in (82.0, 97.0))

    assumed = need_for(car).duration

    assert need_for(replace(car, learned=early)).duration > assumed
    assert need_for(replace(car, learned=late)).duration < assumed
    assert need_for(replace(car, learned=early)).power_kw < need_for(car).power_kw
    to_ninety = make_policy(minimum_percent=90.0)
    assert need_for(replace(car, learned=early), to_ninety).forced_duration > need_for(car, to_ninety).forced_duration


@pytest.mark.parametrize(
    ("policy", "forced_kwh"),
    [
        pytest.param(make_policy(minimum_percent=50.0), 0.0, id="at the minimum"),
        pytest.param(make_policy(minimum_percent=59.0), 6.0, id="below it"),
        pytest.param(make_policy(minimum_percent=100.0), 20.0, id="minimum above the car's own limit"),
    ],
)
def test_what_lies_below_the_effective_minimum_is_forced(policy: PolicyFacts, forced_kwh: float) -> None:
    assert need_for(policy=policy).forced_energy_kwh == pytest.approx(forced_kwh)


@pytest.mark.parametrize(
    "car",
    [make_car(soc_percent=None), make_car(battery_capacity_kwh=None)],
    ids=["level unknown", "capacity unknown"],
)
def test_without_level_or_capacity_the_need_is_not_known(car: Car) -> None:
    assert need_of(car, make_policy()) is None


def test_the_power_above_the_minimum_takes_as_long_as_the_tapering_battery_does() -> None:
    need = need_for(make_car(soc_percent=60.0, charge_limit_percent=100.0), make_policy(minimum_percent=80.0))

    rest = timedelta(hours=(need.energy_kwh - need.forced_energy_kwh) / need.power_kw)

    assert (need.forced_duration + rest) / HOUR == pytest.approx(need.duration / HOUR)
    assert need.power_kw < 7.2


@pytest.mark.parametrize("observed_power_kw", [None, 7.2])
def test_a_car_that_only_this_server_starts_keeps_twice_the_reserve(observed_power_kw: float | None) -> None:
    usual = need_for(make_car(observed_power_kw=observed_power_kw))

    need = need_for(make_car(observed_power_kw=observed_power_kw, has_lease=False))

    assert need.reserve == 2 * usual.reserve
    assert need.start_reserve == usual.start_reserve + usual.reserve
    assert need.duration == usual.duration
