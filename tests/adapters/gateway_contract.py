"""The promises of charging/adapters/vehicles/gateway.py as tests that every gateway has to pass.

A gateway's test module parametrises one test with PROMISES and calls each of them with a factory of its own, which
gives a gateway to a car that at NOW is plugged in, charging, and more than two hours away from its limit. A vendor that
knows commands by their ids keeps KEYED_PROMISES too. Promises about leases say what a gateway without them does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from charging.adapters.vehicles.gateway import Gateway
from charging.core.facts import Hold, PowerDelivery, Reading
from charging.core.obstacle import WELL

NOW = datetime(2026, 3, 1, 18, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
# After this long a command that a car follows at all has had its effect; then it is sent again (API_CONTRACT 6.3).
REACTION = 5 * MINUTE
LEASE = 30 * MINUTE
FIRST, SECOND, THIRD = UUID(int=1), UUID(int=2), UUID(int=3)

# What is not a value of the car.
ABOUT_THE_READING = {"observed_at", "event_id", "power_delivery", "reported_schedule", "observed_each"}

GatewayFactory = Callable[[], Gateway]


def make_hold(now: datetime, until: timedelta = timedelta(hours=12), renew_by: timedelta = LEASE) -> Hold:
    return Hold(until=now + until, renew_by=now + renew_by)


def read(gateway: Gateway, now: datetime) -> Reading:
    """The reading of a car that answers."""
    reading = gateway.read(now=now)
    assert reading is not None
    return reading


def what_it_says(reading: Reading) -> Reading:
    """The reading without what tells two cars, or two ways to the same values, apart."""
    return replace(reading, event_id="", observed_each={})


def make_held(gateway: Gateway, hold: Hold) -> datetime:
    """Hold the car; gives the instant at which it is seen waiting."""
    assert gateway.stop(command_id=FIRST, hold=hold, now=NOW).accepted
    assert read(gateway, NOW + REACTION).is_charging is False
    return NOW + REACTION


def a_charging_car_reads_as_charging(make_gateway: GatewayFactory) -> None:
    reading = read(make_gateway(), NOW)

    assert reading.is_plugged_in is True
    assert reading.is_charging is True
    assert reading.power_delivery is PowerDelivery.CHARGING
    assert reading.is_fully_charged is not True


def a_reading_is_of_an_aware_instant_that_is_not_ahead(make_gateway: GatewayFactory) -> None:
    reading = read(make_gateway(), NOW)

    assert reading.observed_at.utcoffset() == timedelta(0)
    assert reading.observed_at <= NOW


def a_reading_holds_what_the_gateway_is_capable_of_and_nothing_else(make_gateway: GatewayFactory) -> None:
    gateway = make_gateway()
    reading = read(gateway, NOW)

    told = {each.name for each in fields(Reading) if getattr(reading, each.name) is not None} - ABOUT_THE_READING
    assert told == gateway.capabilities.readings
    assert gateway.capabilities.is_controllable


def every_value_has_an_age(make_gateway: GatewayFactory) -> None:
    gateway = make_gateway()
    reading = read(gateway, NOW)

    assert set(reading.observed_each) <= gateway.capabilities.readings
    assert all(at.utcoffset() == timedelta(0) for at in reading.observed_each.values())
    assert all(at <= reading.observed_at for at in reading.observed_each.values())


def the_same_observation_has_the_same_event_id(make_gateway: GatewayFactory) -> None:
    gateway = make_gateway()

    assert read(gateway, NOW) == read(gateway, NOW)


def observations_of_different_instants_have_different_event_ids(make_gateway: GatewayFactory) -> None:
    gateway = make_gateway()
    first, second = read(gateway, NOW), read(gateway, NOW + 10 * MINUTE)

    assert first.observed_at < second.observed_at
    assert first.event_id != second.event_id


def reading_does_not_change_the_car(make_gateway: GatewayFactory) -> None:
    often, seldom = make_gateway(), make_gateway()
    for minute in range(10):
        read(often, NOW + minute * MINUTE)

    assert what_it_says(read(often, NOW + 10 * MINUTE)) == what_it_says(read(seldom, NOW + 10 * MINUTE))


def nothing_is_in_the_way_of_a_car_that_was_connected_well(make_gateway: GatewayFactory) -> None:
    gateway = make_gateway()
    before = read(gateway, NOW)

    assert gateway.control(now=NOW) == WELL
    assert read(gateway, NOW) == before


def a_stop_makes_the_car_wait_plugged_in(make_gateway: GatewayFactory) -> None:
    gateway = make_gateway()
    now = make_held(gateway, make_hold(NOW))

    assert read(gateway, now).is_plugged_in is True
    assert read(gateway, now).power_delivery is PowerDelivery.STOPPED


def a_start_ends_the_wait(make_gateway: GatewayFactory) -> None:
    gateway = make_gateway()
    now = make_held(gateway, make_hold(NOW))

    assert gateway.start(command_id=SECOND, now=now).accepted

    assert read(gateway, now + REACTION).is_charging is True


def a_start_of_a_charging_car_changes_nothing(make_gateway: GatewayFactory) -> None:
    gateway = make_gateway()

    assert gateway.start(command_id=FIRST, now=NOW).accepted

    assert read(gateway, NOW + REACTION).is_charging is True


def a_stop_that_was_carried_out_is_not_carried_out_again(make_gateway: GatewayFactory) -> None:
    gateway = make_gateway()
    hold = make_hold(NOW)
    now = make_held(gateway, hold)
    gateway.start(command_id=SECOND, now=now)

    gateway.stop(command_id=FIRST, hold=hold, now=now + REACTION)

    assert read(gateway, now + 2 * REACTION).is_charging is True


def a_start_that_was_carried_out_is_not_carried_out_again(make_gateway: GatewayFactory) -> None:
    gateway = make_gateway()
    gateway.start(command_id=SECOND, now=NOW)
    gateway.stop(command_id=THIRD, hold=make_hold(NOW), now=NOW + REACTION)

    gateway.start(command_id=SECOND, now=NOW + 2 * REACTION)

    assert read(gateway, NOW + 3 * REACTION).is_charging is False


def the_newest_of_two_wishes_wins(make_gateway: GatewayFactory) -> None:
    gateway = make_gateway()
    gateway.stop(command_id=FIRST, hold=make_hold(NOW), now=NOW)

    gateway.start(command_id=SECOND, now=NOW)

    assert read(gateway, NOW + REACTION).is_charging is True


def a_stop_without_a_hold_lasts(make_gateway: GatewayFactory) -> None:
    gateway = make_gateway()
    gateway.stop(command_id=FIRST, hold=None, now=NOW)

    assert read(gateway, NOW + timedelta(hours=20)).is_charging is False


def a_hold_that_nobody_renews_ends_by_itself(make_gateway: GatewayFactory) -> None:
    gateway = make_gateway()
    hold = make_hold(NOW)
    make_held(gateway, hold)

    assert read(gateway, hold.renew_by - MINUTE).is_charging is False
    assert read(gateway, hold.renew_by + REACTION).is_charging is gateway.has_lease


def a_renewed_hold_lasts_longer(make_gateway: GatewayFactory) -> None:
    gateway = make_gateway()
    hold = make_hold(NOW)
    now = make_held(gateway, hold)

    assert gateway.renew(hold=make_hold(now), now=now).accepted is gateway.has_lease

    assert read(gateway, hold.renew_by + MINUTE).is_charging is False
    assert read(gateway, now + LEASE + REACTION).is_charging is gateway.has_lease


def a_hold_ends_at_its_end_however_it_is_renewed(make_gateway: GatewayFactory) -> None:
    gateway = make_gateway()
    hold = make_hold(NOW, until=timedelta(hours=1), renew_by=timedelta(hours=6))
    make_held(gateway, hold)

    assert read(gateway, hold.until - MINUTE).is_charging is False
    assert read(gateway, hold.until + REACTION).is_charging is gateway.has_lease


def a_stop_whose_hold_is_over_does_not_stop_the_car(make_gateway: GatewayFactory) -> None:
    gateway = make_gateway()
    if gateway.has_lease:
        gateway.stop(command_id=FIRST, hold=make_hold(NOW, until=-MINUTE), now=NOW)

    assert read(gateway, NOW + REACTION).is_charging is True


def renewing_never_stops_a_car(make_gateway: GatewayFactory) -> None:
    gateway = make_gateway()

    assert gateway.renew(hold=make_hold(NOW), now=NOW).accepted is False

    assert read(gateway, NOW + REACTION).is_charging is True


def renewing_a_hold_that_has_ended_is_refused(make_gateway: GatewayFactory) -> None:
    gateway = make_gateway()
    hold = make_hold(NOW)
    make_held(gateway, hold)
    late = hold.renew_by + REACTION

    assert gateway.renew(hold=make_hold(late), now=late).accepted is False

    assert read(gateway, late + REACTION).is_charging is gateway.has_lease


def renewing_while_a_start_is_on_its_way_does_not_hold_the_car(make_gateway: GatewayFactory) -> None:
    gateway = make_gateway()
    now = make_held(gateway, make_hold(NOW))
    gateway.start(command_id=SECOND, now=now)

    gateway.renew(hold=make_hold(now), now=now)

    assert read(gateway, now + REACTION).is_charging is True


PROMISES: tuple[Callable[[GatewayFactory], None], ...] = (
    a_charging_car_reads_as_charging,
    a_reading_is_of_an_aware_instant_that_is_not_ahead,
    a_reading_holds_what_the_gateway_is_capable_of_and_nothing_else,
    every_value_has_an_age,
    the_same_observation_has_the_same_event_id,
    observations_of_different_instants_have_different_event_ids,
    reading_does_not_change_the_car,
    nothing_is_in_the_way_of_a_car_that_was_connected_well,
    a_stop_makes_the_car_wait_plugged_in,
    a_start_ends_the_wait,
    a_start_of_a_charging_car_changes_nothing,
    the_newest_of_two_wishes_wins,
    a_stop_without_a_hold_lasts,
    a_hold_that_nobody_renews_ends_by_itself,
    a_renewed_hold_lasts_longer,
    a_hold_ends_at_its_end_however_it_is_renewed,
    a_stop_whose_hold_is_over_does_not_stop_the_car,
    renewing_never_stops_a_car,
    renewing_a_hold_that_has_ended_is_refused,
    renewing_while_a_start_is_on_its_way_does_not_hold_the_car,
)

KEYED_PROMISES: tuple[Callable[[GatewayFactory], None], ...] = (
    a_stop_that_was_carried_out_is_not_carried_out_again,
    a_start_that_was_carried_out_is_not_carried_out_again,
)


def promise_id(promise: Callable[..., None]) -> str:
    """The promise as a sentence, for the names of tests."""
    return promise.__name__.replace("_", " ")
