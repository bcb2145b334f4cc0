"""Which promise of a gateway each fault breaks, and which faults break none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta

import pytest

from charging.adapters.vehicles.fault_parts import Act, DailyAct, Deed, Flapping, LoadBalancing, Period, Timer
from charging.adapters.vehicles.faults import Faults
from charging.adapters.vehicles.gateway import Gateway, GatewayError
from tests.adapters import gateway_contract as contract
from tests.adapters.gateway_contract import KEYED_PROMISES, MINUTE, NOW, PROMISES, GatewayFactory, promise_id
from tests.adapters.simulated_cars import make_car, make_faulty

Promise = Callable[[GatewayFactory], None]

HOUR = timedelta(hours=1)
TONIGHT = Period(NOW, NOW + 12 * HOUR)
SOON = NOW + 3 * MINUTE

BROKEN: dict[str, tuple[Faults, Promise]] = {
    "no power": (Faults(power_cuts=(TONIGHT,)), contract.a_charging_car_reads_as_charging),
    "flapping": (
        Faults(flapping=Flapping(Period(NOW - MINUTE, NOW + HOUR), MINUTE)),
        contract.a_charging_car_reads_as_charging,
    ),
    "a timer": (Faults(timer=Timer(opens=time(23))), contract.a_charging_car_reads_as_charging),
    "a start ignored": (Faults(starts_to_ignore=1), contract.a_start_ends_the_wait),
    "the end of a hold ignored": (Faults(starts_to_ignore=1), contract.a_hold_that_nobody_renews_ends_by_itself),
    "a stop ignored": (Faults(stops_to_ignore=1), contract.a_stop_makes_the_car_wait_plugged_in),
    "a conflict": (Faults(conflicts=(TONIGHT,)), contract.a_start_of_a_charging_car_changes_nothing),
    "the end of a hold in conflict": (Faults(conflicts=(TONIGHT,)), contract.a_hold_that_nobody_renews_ends_by_itself),
    "no answer": (Faults(silent=(TONIGHT,)), contract.a_charging_car_reads_as_charging),
    "old news": (Faults(stale=(TONIGHT,)), contract.observations_of_different_instants_have_different_event_ids),
    "the same again": (Faults(duplicate_share=1.0), contract.a_stop_makes_the_car_wait_plugged_in),
    "late news": (Faults(late_share=1.0), contract.a_hold_that_nobody_renews_ends_by_itself),
    "undone": (Faults(undoes_after=MINUTE), contract.a_stop_makes_the_car_wait_plugged_in),
    "started by another app": (
        Faults(daily=(DailyAct(Deed.START, time(18, 3)),)),
        contract.a_stop_makes_the_car_wait_plugged_in,
    ),
    "stopped by somebody": (Faults(once=(Act(Deed.STOP, SOON),)), contract.a_start_of_a_charging_car_changes_nothing),
    "unplugged by somebody": (Faults(once=(Act(Deed.UNPLUG, SOON),)), contract.a_stop_makes_the_car_wait_plugged_in),
    "started at odd times": (
        Faults(irregular_starts_per_day=200),
        contract.a_hold_that_nobody_renews_ends_by_itself,
    ),
}

HARMLESS = {
    "slow": Faults(power_factor=0.85),
    "load balancing": Faults(load_balancing=LoadBalancing(10 * MINUTE)),
    "a ceiling": Faults(ceiling_percent=90.0),
    "a schedule beside the reading": Faults(reported_schedule="Departure 07:00"),
    "another limit": Faults(once=(Act(Deed.SET_LIMIT, SOON, percent=95.0),)),
    "hard to wake": Faults(extra_wake_up=4 * MINUTE, lost_after_sleep_share=1.0),
}
"""Nothing that a promise speaks of; no promise waits for a car to fall asleep."""


def make_factory(faults: Faults) -> GatewayFactory:
    def make_gateway() -> Gateway:
        return make_faulty(faults, make_car(latitude=59.91, longitude=10.75))[0]

    return make_gateway


@pytest.mark.parametrize(("faults", "promise"), BROKEN.values(), ids=BROKEN)
def test_a_fault_breaks_its_promise(faults: Faults, promise: Promise) -> None:
    with pytest.raises(AssertionError):
        promise(make_factory(faults))


@pytest.mark.parametrize("faults", HARMLESS.values(), ids=HARMLESS)
@pytest.mark.parametrize("promise", PROMISES + KEYED_PROMISES, ids=promise_id)
def test_a_fault_of_habits_breaks_no_promise(faults: Faults, promise: Promise) -> None:
    promise(make_factory(faults))


def test_a_lost_reply_is_the_failure_that_the_promises_speak_of() -> None:
    with pytest.raises(GatewayError):
        contract.a_start_ends_the_wait(make_factory(Faults(lost_reply_share=1.0)))
