"""What others do to a car, seen through the gateway."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from charging.adapters.vehicles import driver_actions as driver
from charging.adapters.vehicles.fault_acts import next_acts
from charging.adapters.vehicles.fault_parts import Act, DailyAct, Deed
from charging.adapters.vehicles.faults import NO_FAULTS, Faults
from charging.adapters.vehicles.simulated_car import advance
from charging.core.facts import PowerDelivery
from tests.adapters.gateway_contract import FIRST, MINUTE, NOW, SECOND, make_hold, read
from tests.adapters.simulated_cars import make_car, make_faulty

HOUR = timedelta(hours=1)
TICK = timedelta(seconds=1)
OSLO = "Europe/Oslo"


def is_charging_around(faults: Faults, at: datetime, *, is_held: bool) -> tuple[bool | None, bool | None]:
    """Whether the car charges right before and right at the instant."""
    gateway, _ = make_faulty(faults, make_car(0.0))
    if is_held:
        gateway.stop(command_id=FIRST, hold=make_hold(NOW, 48 * HOUR, 48 * HOUR), now=NOW)
    return read(gateway, at - TICK).is_charging, read(gateway, at).is_charging


@pytest.mark.parametrize("hour", [1, 6])
def test_somebody_starts_a_held_car_at_an_instant(hour: int) -> None:
    at = NOW + hour * HOUR

    assert is_charging_around(Faults(once=(Act(Deed.START, at),)), at, is_held=True) == (False, True)


def test_somebody_stops_a_charging_car_at_an_instant() -> None:
    at = NOW + HOUR

    assert is_charging_around(Faults(once=(Act(Deed.STOP, at),)), at, is_held=False) == (True, False)


@pytest.mark.parametrize(
    ("local_time", "at"),
    [
        pytest.param(time(23), datetime(2026, 3, 1, 22, tzinfo=UTC), id="this evening"),
        pytest.param(time(1, 30), datetime(2026, 3, 2, 0, 30, tzinfo=UTC), id="after midnight"),
    ],
)
def test_an_app_starts_the_car_at_a_time_of_the_local_clock(local_time: time, at: datetime) -> None:
    faults = Faults(daily=(DailyAct(Deed.START, local_time),), timezone_name=OSLO)

    assert is_charging_around(faults, at, is_held=True) == (False, True)


@pytest.mark.parametrize(
    ("after", "at"),
    [
        pytest.param(datetime(2026, 3, 1, 12, tzinfo=UTC), datetime(2026, 3, 2, 1, 30, tzinfo=UTC), id="winter"),
        pytest.param(
            datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 1, 0, tzinfo=UTC), id="in the missing hour"
        ),
        pytest.param(
            datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC), id="the first of two"
        ),
        pytest.param(
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 26, 1, 30, tzinfo=UTC), id="not the second"
        ),
    ],
)
def test_a_daily_act_comes_once_a_day_also_when_the_clocks_change(after: datetime, at: datetime) -> None:
    faults = Faults(daily=(DailyAct(Deed.START, time(2, 30)),), timezone_name=OSLO)

    assert next_acts(faults, 7, after) == (Act(Deed.START, at),)


def test_two_acts_at_one_instant_are_done_in_their_order() -> None:
    at = NOW + HOUR
    faults = Faults(once=(Act(Deed.UNPLUG, at), Act(Deed.PLUG_IN, at)))
    gateway, _ = make_faulty(faults)
    gateway.stop(command_id=FIRST, hold=make_hold(NOW, 9 * HOUR, 9 * HOUR), now=NOW)

    assert next_acts(faults, 7, NOW) == faults.once
    assert read(gateway, at).is_charging


def test_nothing_comes_where_nobody_does_anything() -> None:
    assert next_acts(NO_FAULTS, 7, NOW) == ()
    assert next_acts(Faults(once=(Act(Deed.START, NOW),)), 7, NOW) == ()


def test_irregular_starts_come_as_often_as_said_and_never_at_the_same_times() -> None:
    faults = Faults(irregular_starts_per_day=3)
    found: list[datetime] = []
    at = datetime(2026, 3, 1, tzinfo=UTC) - TICK
    while at < datetime(2026, 3, 11, tzinfo=UTC) - TICK:
        at = next_acts(faults, 7, at)[0].at
        found += [at]

    assert len(found) in {30, 31}
    assert len({instant.time() for instant in found}) == len(found)
    assert next_acts(faults, 8, NOW) != next_acts(faults, 7, NOW)


def test_an_irregular_start_ends_a_hold() -> None:
    faults = Faults(irregular_starts_per_day=3)
    at = next_acts(faults, 7, NOW + MINUTE)[0].at

    assert is_charging_around(faults, at, is_held=True) == (False, True)


def test_an_app_undoes_a_stop_and_a_start_after_its_minutes() -> None:
    gateway, store = make_faulty(Faults(undoes_after=4 * MINUTE))
    gateway.stop(command_id=FIRST, hold=make_hold(NOW), now=NOW)
    pending = store.load().pending
    assert pending is not None
    undone_at = pending.effect_at + 4 * MINUTE

    assert not read(gateway, undone_at - TICK).is_charging
    assert read(gateway, undone_at).is_charging
    gateway.start(command_id=SECOND, now=NOW + HOUR)
    assert read(gateway, NOW + HOUR + 3 * MINUTE).is_charging
    assert read(gateway, NOW + HOUR + 5 * MINUTE).power_delivery is PowerDelivery.STOPPED
    assert not gateway.renew(hold=make_hold(NOW + HOUR), now=NOW + 2 * HOUR).accepted


def test_a_charger_pauses_after_each_start_and_leaves_a_stop_alone() -> None:
    gateway, store = make_faulty(Faults(pauses_after=MINUTE / 2))
    gateway.start(command_id=FIRST, now=NOW)
    pending = store.load().pending
    assert pending is not None

    assert read(gateway, pending.effect_at + MINUTE / 4).is_charging
    assert not read(gateway, pending.effect_at + MINUTE / 2).is_charging
    gateway.stop(command_id=SECOND, hold=None, now=NOW + HOUR)
    assert not read(gateway, NOW + 2 * HOUR).is_charging


def test_a_newer_command_is_undone_instead_of_the_older_one() -> None:
    gateway, _ = make_faulty(Faults(undoes_after=10 * MINUTE))
    gateway.stop(command_id=FIRST, hold=make_hold(NOW), now=NOW)
    gateway.start(command_id=SECOND, now=NOW + 5 * MINUTE)

    assert read(gateway, NOW + 11 * MINUTE).is_charging
    assert not read(gateway, NOW + 16 * MINUTE).is_charging


def test_unplugging_leaves_nothing_to_undo() -> None:
    gateway, store = make_faulty(Faults(undoes_after=10 * MINUTE))
    gateway.start(command_id=FIRST, now=NOW)
    store.save(driver.plug_in(driver.unplug(store.load(), NOW + 5 * MINUTE), NOW + 6 * MINUTE))

    assert read(gateway, NOW + HOUR).is_charging


@pytest.mark.parametrize("deed", [Deed.START, Deed.STOP])
def test_starting_or_stopping_an_unplugged_car_does_nothing(deed: Deed) -> None:
    _, store = make_faulty(Faults(once=(Act(deed, NOW + HOUR),)), make_car(is_plugged_in=False))

    after = advance(store.load(), NOW + 2 * HOUR)

    assert (after.wants_charge, after.event_count) == (True, store.load().event_count)


def test_the_limit_falls_and_rises_at_times_of_the_local_clock() -> None:
    falls, rises = DailyAct(Deed.SET_LIMIT, time(22), 50.0), DailyAct(Deed.SET_LIMIT, time(6), 95.0)
    gateway, _ = make_faulty(Faults(daily=(falls, rises), timezone_name=OSLO))
    falls_at, rises_at = datetime(2026, 3, 1, 21, tzinfo=UTC), datetime(2026, 3, 2, 5, tzinfo=UTC)

    instants = (falls_at - TICK, falls_at, rises_at - TICK, rises_at)
    assert [read(gateway, at).charge_limit_percent for at in instants] == [100.0, 50.0, 50.0, 95.0]
    assert read(gateway, rises_at - TICK).power_delivery is PowerDelivery.COMPLETE
    assert read(gateway, rises_at).is_charging


def test_a_limit_that_is_set_to_what_it_is_changes_nothing() -> None:
    _, store = make_faulty(Faults(once=(Act(Deed.SET_LIMIT, NOW + HOUR, 100.0),)))

    assert advance(store.load(), NOW + 2 * HOUR).event_count == store.load().event_count


def test_a_limit_below_the_battery_ends_charging_at_its_instant() -> None:
    faults = Faults(once=(Act(Deed.SET_LIMIT, NOW + HOUR, 30.0),))
    gateway, store = make_faulty(faults)

    assert read(gateway, NOW + HOUR - TICK).is_charging
    assert read(gateway, NOW + HOUR).power_delivery is PowerDelivery.COMPLETE
    assert advance(store.load(), NOW + 9 * HOUR).energy_kwh == pytest.approx(10.0)


def test_the_cable_is_pulled_and_put_back_at_given_times() -> None:
    pulled_at, back_at = NOW + HOUR, NOW + 2 * HOUR
    gateway, _ = make_faulty(Faults(once=(Act(Deed.UNPLUG, pulled_at), Act(Deed.PLUG_IN, back_at))))

    instants = (pulled_at - TICK, pulled_at, back_at - TICK, back_at)
    assert [read(gateway, at).is_plugged_in for at in instants] == [True, False, False, True]


def test_the_car_drives_away_at_a_given_time() -> None:
    car = driver.plug_in(driver.drive_to(make_car(), NOW, latitude=59.91, longitude=10.75), NOW)
    gateway, _ = make_faulty(Faults(once=(Act(Deed.DRIVE_AWAY, NOW + HOUR),)), car)

    before, after = read(gateway, NOW + HOUR - TICK), read(gateway, NOW + HOUR)

    assert (before.is_plugged_in, before.latitude) == (True, 59.91)
    assert after.is_plugged_in is False
    assert after.latitude == pytest.approx(60.01)
