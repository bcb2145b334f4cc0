"""What faults make of the current, seen through the gateway."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from charging.adapters.vehicles import driver_actions as driver
from charging.adapters.vehicles.fault_conditions import is_kept_waiting, next_change_at, offered_kw
from charging.adapters.vehicles.fault_parts import Flapping, LoadBalancing, Period, Timer
from charging.adapters.vehicles.faults import NO_FAULTS, Faults
from charging.adapters.vehicles.simulated_car import advance
from charging.core.facts import PowerDelivery
from tests.adapters.gateway_contract import FIRST, MINUTE, NOW, read
from tests.adapters.simulated_cars import make_car, make_faulty

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
CUT = Period(NOW + HOUR, NOW + 2 * HOUR)


def local(day: str, clock: str, offset_hours: int) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}+{offset_hours:02d}:00").astimezone(UTC)


@pytest.mark.parametrize("share", [0.85, 0.7])
def test_a_slow_car_draws_its_share(share: float) -> None:
    gateway, store = make_faulty(Faults(power_factor=share))

    assert read(gateway, NOW + HOUR).charging_power_kw == pytest.approx(10 * share)
    assert advance(store.load(), NOW + HOUR).energy_kwh == pytest.approx(10 * share)


@pytest.mark.parametrize(
    ("after", "delivery"),
    [
        pytest.param(HOUR - SECOND, PowerDelivery.CHARGING, id="before"),
        pytest.param(HOUR, PowerDelivery.NO_POWER, id="from its first instant"),
        pytest.param(2 * HOUR - SECOND, PowerDelivery.NO_POWER, id="to the last"),
        pytest.param(2 * HOUR, PowerDelivery.CHARGING, id="its end is after it"),
    ],
)
def test_a_power_cut_is_a_plug_without_power(after: timedelta, delivery: PowerDelivery) -> None:
    gateway, _ = make_faulty(Faults(power_cuts=(CUT,)))

    reading = read(gateway, NOW + after)

    assert reading.power_delivery is delivery
    assert reading.is_plugged_in
    assert (reading.charging_power_kw == 0) == (delivery is PowerDelivery.NO_POWER)


def test_nothing_flows_in_a_power_cut_and_charging_goes_on_after_it() -> None:
    _, store = make_faulty(Faults(power_cuts=(CUT,)))

    assert advance(store.load(), NOW + 2 * HOUR).energy_kwh == pytest.approx(10.0)
    assert advance(store.load(), NOW + 3 * HOUR).energy_kwh == pytest.approx(20.0)


def test_a_power_cut_is_nothing_to_an_unplugged_or_a_full_car() -> None:
    faults = Faults(power_cuts=(Period(NOW, CUT.end),))
    full = driver.set_charge_limit(make_car(50), NOW, charge_limit_percent=50)

    assert read(make_faulty(faults, full)[0], NOW).power_delivery is PowerDelivery.COMPLETE
    unplugged = make_faulty(faults, make_car(is_plugged_in=False))[0]
    assert read(unplugged, NOW).power_delivery is PowerDelivery.UNPLUGGED


def test_charging_comes_and_goes_while_it_flaps() -> None:
    flapping = Flapping(Period(NOW + 10 * MINUTE, NOW + 25 * MINUTE), every=3 * MINUTE)
    gateway, _ = make_faulty(Faults(flapping=flapping))

    seen = [read(gateway, NOW + minute * MINUTE).is_charging for minute in range(30)]

    assert [minute for minute, is_charging in enumerate(seen) if not is_charging] == [13, 14, 15, 19, 20, 21]


def test_load_balancing_steps_between_its_bounds_and_never_to_nothing() -> None:
    gateway, store = make_faulty(Faults(load_balancing=LoadBalancing(10 * MINUTE, 1.4, 11.0)), make_car(0.0))

    seen = [read(gateway, NOW + minute * MINUTE).charging_power_kw or 0.0 for minute in range(300)]

    steps = [seen[start : start + 10] for start in range(0, 300, 10)]
    assert all(len(set(step)) == 1 for step in steps)
    assert len({step[0] for step in steps}) > 15
    assert 1.4 <= min(seen) < 3
    assert max(seen) == 10.0
    assert advance(store.load(), NOW + 5 * HOUR).energy_kwh == pytest.approx(sum(seen) / 60, abs=0.1)


def test_another_seed_is_offered_other_powers() -> None:
    faults = Faults(load_balancing=LoadBalancing(10 * MINUTE))

    assert offered_kw(faults, 1, NOW) != offered_kw(faults, 2, NOW)
    assert offered_kw(NO_FAULTS, 1, NOW) is None


def test_a_ceiling_ends_charging_below_the_limit_and_the_car_is_not_full() -> None:
    gateway, _ = make_faulty(Faults(ceiling_percent=60.0))

    reading = read(gateway, NOW + 8 * HOUR)

    assert (reading.soc_percent, reading.charge_limit_percent) == (60.0, 100.0)
    assert (reading.is_charging, reading.is_fully_charged) == (False, False)
    assert reading.power_delivery is PowerDelivery.STOPPED


def test_a_ceiling_above_the_limit_is_none() -> None:
    car = driver.set_charge_limit(make_car(), NOW, charge_limit_percent=50)
    gateway, _ = make_faulty(Faults(ceiling_percent=60.0), car)

    assert read(gateway, NOW + 8 * HOUR).power_delivery is PowerDelivery.COMPLETE


OSLO = "Europe/Oslo"
NIGHTS = Timer(opens=time(23), closes=time(6))
TIMERS = {
    "waits in the evening": (NIGHTS, local("2026-03-01", "22:59", 1), False),
    "open at its first instant": (NIGHTS, local("2026-03-01", "23:00", 1), True),
    "open after midnight": (NIGHTS, local("2026-03-02", "00:30", 1), True),
    "open to the last minute": (NIGHTS, local("2026-03-02", "05:59", 1), True),
    "closed at its end": (NIGHTS, local("2026-03-02", "06:00", 1), False),
    "only a start, before it": (Timer(opens=time(23)), local("2026-03-01", "12:00", 1), False),
    "only a start, long after it": (Timer(opens=time(23)), local("2026-03-02", "11:59", 1), True),
    "only an end, before it": (Timer(closes=time(6)), local("2026-03-01", "12:00", 1), True),
    "only an end, after it": (Timer(closes=time(6)), local("2026-03-02", "06:00", 1), False),
    "within a day": (Timer(time(9), time(15)), local("2026-03-01", "09:00", 1), True),
    "after the clocks went forward": (NIGHTS, local("2026-03-29", "05:59", 2), True),
    "closed by the new time": (NIGHTS, local("2026-03-29", "06:00", 2), False),
    "a start in the missing hour, before it": (Timer(opens=time(2, 30)), local("2026-03-29", "01:59", 1), False),
    "a start in the missing hour comes right after it": (
        Timer(opens=time(2, 30)),
        local("2026-03-29", "03:00", 2),
        True,
    ),
    "an hour that is missing altogether": (
        Timer(time(2, 10), time(2, 50)),
        local("2026-03-29", "03:00", 2),
        False,
    ),
    "the first of two times opens": (Timer(opens=time(2, 30)), local("2026-10-25", "02:30", 2), True),
    "and it stays open at the second": (Timer(opens=time(2, 30)), local("2026-10-25", "02:15", 1), True),
    "the first of two times closes": (Timer(closes=time(2, 30)), local("2026-10-25", "02:15", 1), False),
}


@pytest.mark.parametrize(("timer", "at", "is_open"), TIMERS.values(), ids=TIMERS)
def test_a_timer_goes_by_the_local_clock(timer: Timer, at: datetime, is_open: bool) -> None:
    assert is_kept_waiting(Faults(timer=timer, timezone_name=OSLO), at) is not is_open


def test_a_start_before_the_timer_is_taken_and_waits_for_it() -> None:
    gateway, store = make_faulty(Faults(timer=Timer(opens=time(20)), timezone_name=OSLO))

    assert gateway.start(command_id=FIRST, now=NOW).accepted

    # 20:00 in Oslo is an hour from now.
    assert read(gateway, NOW + HOUR - SECOND).power_delivery is PowerDelivery.STOPPED
    assert read(gateway, NOW + HOUR).is_charging
    assert advance(store.load(), NOW + 2 * HOUR).energy_kwh == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("faults", "after", "change_at"),
    [
        pytest.param(NO_FAULTS, NOW, None, id="nothing changes"),
        pytest.param(Faults(power_cuts=(CUT,)), CUT.start, CUT.end, id="strictly after"),
        pytest.param(Faults(power_cuts=(CUT,)), CUT.end, None, id="all over"),
        pytest.param(Faults(flapping=Flapping(CUT, MINUTE)), CUT.start, CUT.start + MINUTE, id="the next flap"),
        pytest.param(Faults(flapping=Flapping(CUT, 7 * MINUTE)), CUT.end - MINUTE, CUT.end, id="no flap after the end"),
        pytest.param(
            Faults(timer=Timer(opens=time(23))), NOW, NOW.replace(hour=23), id="the timer's next edge, 23:00 UTC"
        ),
        pytest.param(
            Faults(load_balancing=LoadBalancing(10 * MINUTE)), NOW + MINUTE, NOW + 10 * MINUTE, id="the next step"
        ),
    ],
)
def test_the_next_change_is_known(faults: Faults, after: datetime, change_at: datetime | None) -> None:
    assert next_change_at(faults, after) == change_at
