"""The facts of a car: place, deadline, prices and limits as `decide` is given them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import override_settings

from charging.models import Location, Policy, Vehicle, VehicleView
from charging.operations import (
    clients,
    drivers,
    facts,
    locations,
    policies,
    simulation,
    vehicles,
)
from charging.operations.facts import load_facts, place_of_this_plug_in, policy_at, timezone_name_of
from charging.operations.place_prices import known_and_estimated, prices_for
from tests.operations.night import FAMILY_CAR, KRISTIANSAND, Night, make_night

pytestmark = pytest.mark.django_db

SEVEN_IN_OSLO = datetime(2026, 1, 14, 6, 0, tzinfo=UTC)


@pytest.fixture
def night() -> Night:
    return make_night()


@pytest.fixture
def planned() -> Night:
    night = make_night()
    night.add_place()
    night.turn_on()
    night.let_pass(timedelta(minutes=10))
    return night


def test_a_car_without_policy_and_place_needs_no_prices_and_can_do_without_them(night: Night) -> None:
    loaded, period = load_facts(vehicle=night.vehicle, now=night.now)

    assert period is None
    assert loaded.prices == ()
    assert loaded.has_prices
    assert not loaded.has_locations
    assert not loaded.policy.is_enabled
    assert loaded.policy.deadline_at is None


def test_a_car_that_waits_is_loaded_whole(planned: Night) -> None:
    loaded, period = load_facts(vehicle=planned.vehicle, now=planned.now)

    assert period is not None
    assert period.area_code == "NO2"
    assert loaded.plan is not None
    assert loaded.command is not None
    assert loaded.hold is not None
    assert (loaded.hold.until, loaded.hold.renew_by) == (planned.vehicle.hold_until, planned.vehicle.hold_renew_by)
    assert loaded.policy.deadline_at == SEVEN_IN_OSLO
    assert loaded.location_id == Location.objects.get().pk


def test_prices_reach_without_a_gap_from_the_making_of_the_plan_to_beyond_the_deadline(planned: Night) -> None:
    loaded, _ = load_facts(vehicle=planned.vehicle, now=planned.now + timedelta(hours=3))

    assert loaded.plan is not None
    assert loaded.prices[0].start <= loaded.plan.created_at < loaded.prices[0].end
    assert loaded.prices[-1].end >= SEVEN_IN_OSLO
    assert all(a.end == b.start for a, b in zip(loaded.prices, loaded.prices[1:], strict=False))


def test_the_deadline_of_a_running_plan_stays_its_own_after_it_has_passed(planned: Night) -> None:
    loaded, _ = load_facts(vehicle=planned.vehicle, now=SEVEN_IN_OSLO + timedelta(minutes=30))

    assert loaded.policy.deadline_at == SEVEN_IN_OSLO


def test_without_a_plan_the_deadline_is_the_next_one(night: Night) -> None:
    night.add_place()
    night.turn_on()

    loaded, _ = load_facts(vehicle=night.vehicle, now=SEVEN_IN_OSLO)

    assert loaded.policy.deadline_at == SEVEN_IN_OSLO + timedelta(days=1)


def test_a_place_without_a_price_area_has_prices_neither_now_nor_later(night: Night) -> None:
    place = night.add_place(latitude=0.0, longitude=0.0)

    assert prices_for(location=place, driver=night.driver, start=night.now, end=night.now, now=night.now) is None


def test_an_area_of_which_nothing_is_known_has_no_prices(night: Night) -> None:
    night.turn_on()
    night.add_place(price_area_code="EE")

    loaded, _ = load_facts(vehicle=night.vehicle, now=night.now)

    assert loaded.prices == ()
    assert not loaded.has_prices


@pytest.mark.parametrize(
    ("minutes_before", "counts"), [(0, True), (30, True), (31, False)], ids=["at plug-in", "30 min", "31 min"]
)
def test_a_position_from_half_an_hour_before_plugging_in_counts(
    night: Night, minutes_before: int, counts: bool
) -> None:
    place = night.add_place()
    plugged_in_at = night.now + timedelta(hours=1)
    VehicleView.objects.update(
        plugged_in_at=plugged_in_at, position_observed_at=plugged_in_at - timedelta(minutes=minutes_before)
    )

    assert place_of_this_plug_in(VehicleView.objects.get()) == (place if counts else None)


def test_an_unplugged_car_is_at_no_place(night: Night) -> None:
    night.add_place()
    simulation.unplug(vehicle=night.vehicle, now=night.now)

    assert place_of_this_plug_in(VehicleView.objects.get()) is None


def test_deadlines_are_read_where_the_car_charges_else_at_the_first_place_else_in_utc(night: Night) -> None:
    home = night.add_place()
    away = night.add_place(name="Away", timezone_name="Asia/Tokyo")

    assert timezone_name_of(away, [home]) == "Asia/Tokyo"
    assert timezone_name_of(None, [home]) == "Europe/Oslo"
    assert timezone_name_of(None, []) == "UTC"


def make_policy(night: Night, **values: object) -> Policy:
    return Policy(vehicle=night.vehicle, is_enabled=True, **({"deadline": time(7, 0)} | values))


def test_a_deadline_for_tonight_comes_first_and_counts_once(night: Night) -> None:
    policy = make_policy(night, one_off_deadline_at=night.now + timedelta(hours=5))

    tonight = policy_at(policy=policy, timezone_name="Europe/Oslo", after=night.now)
    later = policy_at(policy=policy, timezone_name="Europe/Oslo", after=night.now + timedelta(hours=5))

    assert tonight.deadline_at == night.now + timedelta(hours=5)
    assert later.deadline_at == SEVEN_IN_OSLO


def test_a_policy_without_a_deadline_has_none(night: Night) -> None:
    assert policy_at(policy=make_policy(night, deadline=None), timezone_name="UTC", after=night.now).deadline_at is None


DST = {
    "clocks go forward": (datetime(2026, 3, 28, 18, tzinfo=UTC), time(7, 0), datetime(2026, 3, 29, 5, tzinfo=UTC)),
    "in the gap": (datetime(2026, 3, 28, 18, tzinfo=UTC), time(2, 30), datetime(2026, 3, 29, 1, tzinfo=UTC)),
    "clocks go back": (datetime(2026, 10, 24, 18, tzinfo=UTC), time(7, 0), datetime(2026, 10, 25, 6, tzinfo=UTC)),
    "twice": (datetime(2026, 10, 24, 18, tzinfo=UTC), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
}


@pytest.mark.parametrize(("now", "deadline", "expected"), DST.values(), ids=DST)
def test_deadlines_on_the_days_when_clocks_change(
    night: Night, now: datetime, deadline: time, expected: datetime
) -> None:
    policy = make_policy(night, deadline=deadline)

    assert policy_at(policy=policy, timezone_name="Europe/Oslo", after=now).deadline_at == expected


def test_what_is_not_published_yet_is_estimated_up_to_the_deadline(night: Night) -> None:
    place = night.add_place()
    end = night.now + timedelta(hours=2)
    period = prices_for(location=place, driver=night.driver, start=night.now, end=end, now=night.now)
    assert period is not None

    intervals = known_and_estimated(period, night.now, SEVEN_IN_OSLO, place)

    assert intervals[-1].end >= SEVEN_IN_OSLO
    assert not intervals[0].is_estimate
    assert intervals[-1].is_estimate


@pytest.mark.parametrize("is_placed", [True, False], ids=["no deadline", "no place"])
def test_without_deadline_or_place_only_known_prices_count(night: Night, is_placed: bool) -> None:
    place = night.add_place()
    period = prices_for(location=place, driver=night.driver, start=night.now, end=night.now, now=night.now)
    assert period is not None

    intervals = known_and_estimated(
        period, night.now, None if is_placed else SEVEN_IN_OSLO, place if is_placed else None
    )

    assert intervals == tuple(interval for interval in period.intervals if interval.end > night.now)


def test_thresholds_come_from_the_settings_and_the_vendor(night: Night) -> None:
    with override_settings(READYBY_START_COST=0.25, READYBY_PLAN_UNIT_MINUTES=15, READYBY_MAX_STARTS=5):
        ours = facts.thresholds_of(night.vehicle)
    rare = facts.thresholds_of(Vehicle(vendor="KIA"))

    assert (str(ours.start_cost), ours.unit, ours.max_sendings, ours.max_starts) == (
        "0.25",
        timedelta(minutes=15),
        3,
        5,
    )
    assert rare.max_sendings == 1


@pytest.mark.parametrize(
    ("mine", "theirs", "is_same"),
    [
        ({"vin": "WVWZZZE1ZMP000001"}, {"vin": "WVWZZZE1ZMP000001"}, True),
        ({"vin": "WVWZZZE1ZMP000001"}, {"vin": "WVWZZZE1ZMP000002"}, False),
        ({"vendor_asset_id": "7"}, {"vendor_asset_id": "7"}, True),
        ({"vendor_asset_id": "7"}, {"vendor_asset_id": "7", "vendor": "BMW"}, False),
        ({}, {}, False),
    ],
    ids=["same VIN", "other VIN", "same asset of one vendor", "same asset id of two vendors", "nothing known"],
)
def test_the_same_car_is_found_across_accounts(
    night: Night, mine: dict[str, str], theirs: dict[str, str], is_same: bool
) -> None:
    bob = drivers.create_driver(client=clients.ensure_built_in_client(now=night.now), external_id="bob", now=night.now)
    other = vehicles.add_simulated_car(driver=bob, details=FAMILY_CAR, now=night.now)
    policies.set_policy(vehicle=other, is_enabled=True, deadline=time(7, 0), now=night.now)
    Vehicle.objects.filter(pk=other.pk).update(**theirs)
    Vehicle.objects.filter(pk=night.vehicle.pk).update(**mine)
    night.vehicle.refresh_from_db()

    assert facts.is_enabled_elsewhere(night.vehicle) is is_same


def test_the_same_car_with_smart_charging_off_elsewhere_is_no_hindrance(night: Night) -> None:
    bob = drivers.create_driver(client=clients.ensure_built_in_client(now=night.now), external_id="bob", now=night.now)
    vehicles.add_simulated_car(driver=bob, details=FAMILY_CAR, now=night.now)
    Vehicle.objects.update(vin="WVWZZZE1ZMP000001")
    night.vehicle.refresh_from_db()

    assert not facts.is_enabled_elsewhere(night.vehicle)


def test_a_place_of_another_driver_is_no_place_of_mine(night: Night) -> None:
    bob = drivers.create_driver(client=clients.ensure_built_in_client(now=night.now), external_id="bob", now=night.now)
    locations.create_location(driver=bob, name="Home", now=night.now, **KRISTIANSAND)

    assert not load_facts(vehicle=night.vehicle, now=night.now)[0].has_locations


@pytest.mark.parametrize(
    ("plugged_in_at", "is_old"),
    [
        pytest.param(datetime(2026, 3, 28, 5, 30, tzinfo=UTC), True, id="spring, half an hour before the deadline"),
        pytest.param(datetime(2026, 10, 24, 5, 30, tzinfo=UTC), False, id="autumn, half an hour after the deadline"),
    ],
)
def test_what_began_before_the_last_deadline_is_known_on_the_day_before_clocks_change(
    plugged_in_at: datetime, is_old: bool
) -> None:
    night = make_night(now=plugged_in_at)
    night.turn_on()
    night.add_place()

    night.let_pass(timedelta(minutes=90), step=timedelta(minutes=5))

    assert (night.vehicle.rule == "old_session") is is_old


def test_with_a_deadline_for_tonight_only_no_charge_is_old(night: Night) -> None:
    policy = make_policy(night, deadline=time(7, 0), one_off_deadline_at=night.now + timedelta(hours=9))

    tonight = policy_at(policy=policy, timezone_name="Europe/Oslo", after=night.now)
    later = policy_at(policy=policy, timezone_name="Europe/Oslo", after=night.now + timedelta(hours=10))

    assert tonight.previous_deadline_at is None
    assert later.previous_deadline_at == SEVEN_IN_OSLO - timedelta(days=1)
