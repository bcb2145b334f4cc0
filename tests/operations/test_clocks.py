"""The wall's time, and the drivers' own clocks: forward only, fast for simulated cars alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from pytest_django import Settings

from charging.core.clock import SPEEDS
from charging.models import Driver, Due, Vehicle
from charging.operations import clocks
from charging.operations.clocks import FAST_FOR, own_now, set_speed, wall_now
from tests import factories
from tests.factories import NOW

HOUR = timedelta(hours=1)


def make_simulated_driver(**values: object) -> Driver:
    driver = factories.make_driver(**values)
    factories.make_due(vehicle=factories.make_vehicle(driver=driver), own_at=NOW + 10 * HOUR, due_at=NOW + 10 * HOUR)
    return driver


def test_the_wall_shows_the_real_time_in_utc() -> None:
    before = datetime.now(UTC)

    now = wall_now()

    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC


def test_a_fixed_start_is_shown_in_utc_and_time_runs_on_from_there(settings: Settings) -> None:
    settings.READYBY_NOW = datetime(2025, 12, 9, 22, 4, tzinfo=timezone(HOUR))

    first, second = wall_now(), wall_now()

    assert NOW <= first <= second < NOW + 2 * HOUR
    assert first.tzinfo is UTC


def test_the_fixed_start_counts_from_the_start_of_the_process(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.READYBY_NOW = NOW
    monkeypatch.setattr(clocks, "_started", clocks._started - 3600)

    assert NOW + HOUR <= wall_now() < NOW + 3 * HOUR


def test_processes_that_start_one_after_the_other_can_share_a_clock(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.READYBY_NOW, settings.READYBY_NOW_SINCE = NOW, datetime.now(UTC) - HOUR
    monkeypatch.setattr(clocks, "_started", clocks._started - 10 * 3600)

    assert NOW + HOUR <= wall_now() < NOW + 2 * HOUR


@pytest.mark.django_db
@pytest.mark.parametrize("speed", SPEEDS)
def test_a_driver_lives_at_the_pace_of_their_clock(speed: int) -> None:
    driver = set_speed(driver=make_simulated_driver(), speed=speed, at_wall=NOW)

    assert own_now(driver=driver, at_wall=NOW + timedelta(seconds=6)) == NOW + timedelta(seconds=6 * speed)


@pytest.mark.django_db
def test_without_an_instant_the_present_counts(settings: Settings) -> None:
    settings.READYBY_NOW = NOW + timedelta(days=30)

    assert own_now(driver=factories.make_driver()) >= NOW + timedelta(days=30)


@pytest.mark.django_db
@pytest.mark.parametrize(("speed", "wait"), [(1, 10 * HOUR), (60, timedelta(minutes=10)), (600, timedelta(minutes=1))])
def test_a_change_of_speed_rewrites_when_cars_are_due(speed: int, wait: timedelta) -> None:
    driver = make_simulated_driver()

    set_speed(driver=driver, speed=speed, at_wall=NOW)

    due = Due.objects.get()
    assert due.due_at == NOW + wait
    assert due.own_at == NOW + 10 * HOUR


@pytest.mark.django_db
def test_the_cars_of_others_stay_due_when_they_were() -> None:
    driver, other = make_simulated_driver(), make_simulated_driver()

    set_speed(driver=driver, speed=600, at_wall=NOW)

    assert Due.objects.get(vehicle__driver=other).due_at == NOW + 10 * HOUR


@pytest.mark.django_db
def test_a_clock_does_not_jump_when_its_speed_changes() -> None:
    driver = set_speed(driver=make_simulated_driver(), speed=600, at_wall=NOW)
    later = NOW + timedelta(seconds=30)

    slow = set_speed(driver=driver, speed=1, at_wall=later)

    assert own_now(driver=slow, at_wall=later) == NOW + 5 * HOUR
    assert own_now(driver=slow, at_wall=later + HOUR) == NOW + 6 * HOUR
    assert Due.objects.get().due_at == later + 5 * HOUR


@pytest.mark.django_db
def test_a_clock_only_goes_forward_when_the_wall_was_set_back() -> None:
    driver = set_speed(driver=make_simulated_driver(), speed=60, at_wall=NOW + HOUR)

    again = set_speed(driver=driver, speed=1, at_wall=NOW)

    assert again.clock_wall_anchor == NOW + HOUR
    assert again.clock_own_anchor == NOW + HOUR


@pytest.mark.django_db
def test_a_fast_clock_has_an_end_and_a_slow_one_none() -> None:
    fast = set_speed(driver=make_simulated_driver(), speed=60, at_wall=NOW)
    assert fast.fast_until == NOW + FAST_FOR

    slow = set_speed(driver=fast, speed=1, at_wall=NOW)

    assert slow.fast_until is None


@pytest.mark.django_db
def test_where_nobody_slows_a_fast_clock_down_it_is_not_centuries_ahead_a_month_later() -> None:
    fast = set_speed(driver=make_simulated_driver(), speed=600, at_wall=NOW)

    a_month_later = own_now(driver=fast, at_wall=NOW + timedelta(days=30))

    assert a_month_later == NOW + FAST_FOR + timedelta(days=30) - FAST_FOR / 600


@pytest.mark.django_db
@pytest.mark.parametrize("speed", [0, 2, -1, 6000])
def test_an_unknown_speed_is_refused_and_nothing_changes(speed: int) -> None:
    driver = make_simulated_driver()

    with pytest.raises(ValueError, match="A clock runs at"):
        set_speed(driver=driver, speed=speed, at_wall=NOW)

    assert Driver.objects.get().clock_speed == 1
    assert Due.objects.get().due_at == NOW + 10 * HOUR


@pytest.mark.django_db
def test_a_driver_with_a_real_car_cannot_live_fast_but_can_always_slow_down() -> None:
    driver = set_speed(driver=make_simulated_driver(), speed=60, at_wall=NOW)
    Vehicle.objects.update(gateway="a real one")

    with pytest.raises(ValueError, match="real car"):
        set_speed(driver=driver, speed=600, at_wall=NOW)
    assert Driver.objects.get().clock_speed == 60
    set_speed(driver=driver, speed=1, at_wall=NOW)

    assert Driver.objects.get().clock_speed == 1
