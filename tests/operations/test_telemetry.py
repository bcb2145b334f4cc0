"""Readings: stored once, folded in order, and the place they tell of."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from charging.adapters.vehicles.gateway import Acknowledgement, GatewayError
from charging.core.facts import Hold, PowerDelivery
from charging.core.facts import Reading as ReadingFacts
from charging.models import Activity, Reading, VehicleView
from charging.operations import locations, telemetry
from tests.operations.night import KRISTIANSAND, Night, make_night

pytestmark = pytest.mark.django_db


@pytest.fixture
def night() -> Night:
    return make_night()


def make_reading(night: Night, *, minutes: float, **values: object) -> ReadingFacts:
    observed_at = night.now + timedelta(minutes=minutes)
    reading = ReadingFacts(
        observed_at=observed_at,
        event_id=f"test:{minutes}",
        power_delivery=PowerDelivery.CHARGING,
        soc_percent=40.0,
        is_plugged_in=True,
        is_charging=True,
        **KRISTIANSAND,
    )
    return replace(reading, **values)  # type: ignore[arg-type]


class MuteGateway:
    """A gateway behind which nobody answers."""

    poll_interval = timedelta(minutes=5)
    has_lease = True

    def __init__(self, *, fails: bool) -> None:
        self.fails = fails

    def read(self, *, now: datetime) -> None:
        if self.fails:
            raise GatewayError

    def start(self, *, command_id: UUID, now: datetime) -> Acknowledgement:
        raise GatewayError

    def stop(self, *, command_id: UUID, hold: Hold | None, now: datetime) -> Acknowledgement:
        raise GatewayError

    def renew(self, *, hold: Hold, now: datetime) -> Acknowledgement:
        raise GatewayError


def test_the_same_reading_twice_is_stored_once(night: Night) -> None:
    reading = make_reading(night, minutes=1)

    first = telemetry.record_reading(vehicle=night.vehicle, reading=reading, now=night.now)
    again = telemetry.record_reading(vehicle=night.vehicle, reading=reading, now=night.now)

    assert Reading.objects.filter(event_id=reading.event_id).count() == 1
    assert first.observed_at == again.observed_at


def test_what_a_car_says_of_a_schedule_is_kept_as_far_as_it_fits(night: Night) -> None:
    reading = make_reading(night, minutes=1, reported_schedule="preferred times 23:00-06:00" + " " * 200)

    telemetry.record_reading(vehicle=night.vehicle, reading=reading, now=night.now)

    kept = Reading.objects.get(event_id=reading.event_id)
    assert kept.as_facts().reported_schedule.strip() == "preferred times 23:00-06:00"
    assert len(kept.reported_schedule) == 200


def test_a_late_reading_is_kept_and_moves_no_view_back(night: Night) -> None:
    now = night.now + timedelta(minutes=15)
    telemetry.record_reading(vehicle=night.vehicle, reading=make_reading(night, minutes=10), now=now)
    late = make_reading(night, minutes=5, soc_percent=12.0)

    telemetry.record_reading(vehicle=night.vehicle, reading=late, now=now)

    assert VehicleView.objects.get().soc_percent == 40.0
    assert Reading.objects.filter(event_id=late.event_id).exists()


def test_a_late_reading_tells_when_the_car_was_really_plugged_in(night: Night) -> None:
    now = night.now + timedelta(minutes=15)
    telemetry.record_reading(vehicle=night.vehicle, reading=make_reading(night, minutes=10), now=now)
    late = make_reading(night, minutes=5)

    telemetry.record_reading(vehicle=night.vehicle, reading=late, now=now)

    assert VehicleView.objects.get().plugged_in_at == late.observed_at


def test_what_late_readings_do_not_tell_stays_as_it_was_known(night: Night) -> None:
    Reading.objects.all().delete()
    VehicleView.objects.all().delete()
    long_ago = make_reading(night, minutes=-60 * 24 * 9, charge_limit_percent=70.0)
    unplugged = make_reading(
        night, minutes=10, power_delivery=PowerDelivery.UNPLUGGED, is_plugged_in=False, is_charging=False
    )
    now = night.now + timedelta(minutes=15)
    for reading in (long_ago, replace(unplugged, soc_percent=None)):
        telemetry.record_reading(vehicle=night.vehicle, reading=reading, now=now)

    late = make_reading(night, minutes=5, soc_percent=None)
    view = telemetry.record_reading(vehicle=night.vehicle, reading=late, now=now)

    assert (view.soc_percent, view.charge_limit_percent) == (40.0, 70.0)


@pytest.mark.parametrize(("minutes", "is_believed"), [(5, True), (6, False)])
def test_a_reading_of_the_future_is_kept_and_believed_by_nobody(night: Night, minutes: int, is_believed: bool) -> None:
    reading = make_reading(night, minutes=minutes, soc_percent=77.0)

    view = telemetry.record_reading(vehicle=night.vehicle, reading=reading, now=night.now)

    assert Reading.objects.get(event_id=reading.event_id).is_set_aside is not is_believed
    assert (view.soc_percent == 77.0) is is_believed


def test_a_late_reading_moves_no_position_back(night: Night) -> None:
    now = night.now + timedelta(minutes=15)
    telemetry.record_reading(vehicle=night.vehicle, reading=make_reading(night, minutes=10), now=now)
    late = make_reading(night, minutes=5, latitude=1.0, longitude=1.0)

    view = telemetry.record_reading(vehicle=night.vehicle, reading=late, now=now)

    assert view.latitude == KRISTIANSAND["latitude"]


def test_plugging_in_and_unplugging_stand_in_the_timeline_as_the_drivers_doing(night: Night) -> None:
    night.add_place()
    Activity.objects.all().delete()
    unplugged = {"is_plugged_in": False, "is_charging": False, "power_delivery": PowerDelivery.UNPLUGGED}

    for reading in (make_reading(night, minutes=1, **unplugged), make_reading(night, minutes=2)):
        telemetry.record_reading(vehicle=night.vehicle, reading=reading, now=night.now)

    lines = Activity.objects.order_by("at").values_list("code", "actor", "params__place")
    assert list(lines) == [("unplugged", "driver", "Home"), ("plugged_in", "driver", "Home")]


def test_the_nearest_of_two_places_counts_and_beyond_both_the_distance_is_known(night: Night) -> None:
    near = locations.create_location(driver=night.driver, name="Near", now=night.now, **KRISTIANSAND)
    locations.create_location(driver=night.driver, name="Far", now=night.now, latitude=58.1468, longitude=7.9976)

    view = telemetry.record_reading(vehicle=night.vehicle, reading=make_reading(night, minutes=1), now=night.now)
    assert view.location == near
    away = make_reading(night, minutes=2, latitude=58.1567)
    view = telemetry.record_reading(vehicle=night.vehicle, reading=away, now=night.now)

    assert view.location is None
    assert view.distance_m == pytest.approx(1107, abs=2)


def test_a_car_leaves_its_place_only_beyond_one_and_a_half_times_the_radius(night: Night) -> None:
    night.add_place()
    at_200_m = KRISTIANSAND["latitude"] + 200 / 111_195
    at_230_m = KRISTIANSAND["latitude"] + 230 / 111_195

    inside = make_reading(night, minutes=1, latitude=at_200_m)
    assert telemetry.record_reading(vehicle=night.vehicle, reading=inside, now=night.now).location is not None
    outside = make_reading(night, minutes=2, latitude=at_230_m)
    assert telemetry.record_reading(vehicle=night.vehicle, reading=outside, now=night.now).location is None
    back = make_reading(night, minutes=3, latitude=at_200_m)
    assert telemetry.record_reading(vehicle=night.vehicle, reading=back, now=night.now).location is None


def test_without_a_position_the_car_is_at_no_place(night: Night) -> None:
    view = VehicleView.objects.get()

    telemetry.locate(vehicle=night.vehicle)

    assert view.location is None
    assert view.distance_m is None


@pytest.mark.parametrize("fails", [True, False], ids=["network down", "no answer"])
def test_no_answer_is_not_a_reading(night: Night, fails: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telemetry, "gateway_of", lambda vehicle: MuteGateway(fails=fails))
    before = VehicleView.objects.values().get()

    assert not telemetry.poll(vehicle=night.vehicle, now=night.now + timedelta(minutes=5))

    assert VehicleView.objects.values().get() == before


def test_a_position_is_as_old_as_what_told_it(night: Night) -> None:
    seen_at = night.now + timedelta(minutes=1)
    reading = make_reading(night, minutes=5, observed_each={"latitude": seen_at, "longitude": seen_at})

    view = telemetry.record_reading(vehicle=night.vehicle, reading=reading, now=night.now + timedelta(minutes=5))

    assert view.position_observed_at == seen_at
    assert view.observed_at == reading.observed_at


def test_a_level_is_as_old_as_what_told_it_in_whatever_order_readings_come(night: Night) -> None:
    old = night.now - timedelta(hours=5)
    readings = [
        make_reading(night, minutes=1, observed_each={"soc_percent": old}),
        make_reading(night, minutes=2, soc_percent=None),
        make_reading(night, minutes=3, observed_each={"soc_percent": old + timedelta(hours=1)}),
    ]
    for reading in (readings[0], readings[2], readings[1]):
        view = telemetry.record_reading(vehicle=night.vehicle, reading=reading, now=night.now + timedelta(minutes=5))

    assert view.soc_observed_at == old + timedelta(hours=1)
    assert view.as_car(night.vehicle).soc_observed_at == view.soc_observed_at


def test_whether_a_car_charges_is_as_old_as_what_told_it_in_whatever_order_readings_come(night: Night) -> None:
    old = night.now - timedelta(minutes=5)
    ages = {"is_charging": old, "charging_power_kw": old}
    readings = [
        make_reading(night, minutes=1, charging_power_kw=11.0, observed_each=ages),
        make_reading(night, minutes=2, power_delivery=PowerDelivery.UNKNOWN, is_charging=None),
    ]
    for reading in (readings[1], readings[0]):
        view = telemetry.record_reading(vehicle=night.vehicle, reading=reading, now=night.now + timedelta(minutes=5))

    assert view.charging_observed_at == old
    assert view.as_car(night.vehicle).charging_observed_at == old
