"""What a car says: every reading once, then the view of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from charging.adapters.vehicles.gateway import GatewayError
from charging.core import car_view, geo
from charging.core.facts import Car
from charging.core.facts import Reading as ReadingFacts
from charging.core.states import EXECUTING
from charging.models import Activity, Due, Location, Reading, Vehicle, VehicleView
from charging.models.activities import Actor
from charging.operations.batches import delete_by_vehicle
from charging.operations.car_control import look_if_due
from charging.operations.due import POLL_UNPLUGGED
from charging.operations.facts import place_of_this_plug_in
from charging.operations.failpoints import reach
from charging.operations.findings import look_for_interference
from charging.operations.gateways import gateway_of
from charging.operations.learning import learn_from_reading
from charging.operations.one_off_deadline import forget_one_off_deadline
from charging.operations.outbox import seen_of, tell_update
from charging.operations.sessions import keep_sessions

FOLDED = (
    "observed_at",
    "soc_percent",
    "charge_limit_percent",
    "is_plugged_in",
    "is_charging",
    "is_fully_charged",
    "power_delivery",
    "plugged_in_at",
    "observed_power_kw",
    "charging_readings_in_a_row",
    "soc_observed_at",
    "charging_observed_at",
)

CARRIED = (
    *("soc_percent", "soc_observed_at", "is_plugged_in", "is_charging", "charging_observed_at", "is_fully_charged"),
)
CLOCKS_DIFFER_BY = timedelta(minutes=5)
LATE_READINGS_COUNT_FOR = timedelta(days=3)
"""How long before this plug-in, or before the newest reading, a late one still changes the view."""


def poll(*, vehicle: Vehicle, now: datetime) -> bool:
    """Reads the car through its gateway. Returns whether there was an answer; none is never "not plugged in"."""
    # The evaluation that follows brings the next reading nearer.
    Due.objects.filter(vehicle=vehicle).update(next_poll_at=now + POLL_UNPLUGGED)
    try:
        reading = gateway_of(vehicle).read(now=now)
    except GatewayError:
        return False
    if reading is not None:
        reach("telemetry:read")
        record_reading(vehicle=vehicle, reading=reading, now=now)
    look_if_due(vehicle=vehicle, now=now)
    return reading is not None


@transaction.atomic
def record_reading(*, vehicle: Vehicle, reading: ReadingFacts, now: datetime) -> VehicleView:
    """Stores a reading, once however often it comes, and returns the view after it.

    The view is the same in whatever order readings arrive: a late one is put in its place. One that claims to be of
    the future is set aside.
    """
    view = locked_view(vehicle=vehicle)
    seen = seen_of(view)
    is_set_aside = reading.observed_at > now + CLOCKS_DIFFER_BY
    is_new = _store(vehicle, reading, now, is_set_aside)
    if not is_new or is_set_aside:
        return view
    before, place_id_before = view.as_car(vehicle), view.place_id_of_this_plug_in
    is_late = before.observed_at is not None and reading.observed_at <= before.observed_at
    after = _folded_anew(vehicle, before) if is_late else car_view.fold(before, reading)
    tells_of_plug_ins = is_late or bool(before.is_plugged_in) != bool(after.is_plugged_in)
    stood_at = place_of_this_plug_in(view) if tells_of_plug_ins else None
    set_view(view, after, None if is_late else reading)
    take_place(view, [reading], list(Location.objects.filter(driver_id=vehicle.driver_id)))
    view.save()
    tell_update(vehicle=vehicle, before=seen, view=view, now=now)
    _note_plug(vehicle, before, after, view, reading.observed_at)
    learn_from_reading(vehicle=vehicle, before=before, view=view, place_id_before=place_id_before)
    if before.is_plugged_in and not after.is_plugged_in:
        look_for_interference(vehicle=vehicle, now=now)
    if tells_of_plug_ins:
        keep_sessions(vehicle=vehicle, at=reading.observed_at, now=now, place=stood_at)
    # A running plan ends first, by the deadline that it was made for.
    if before.is_plugged_in and not after.is_plugged_in and vehicle.state not in EXECUTING:
        forget_one_off_deadline(vehicle=vehicle)
    return view


def locked_view(*, vehicle: Vehicle) -> VehicleView:
    """Returns what is known of the car, kept from others until the end of the transaction.

    The car is kept first, as by whatever else changes one: nobody waits in a circle.
    """
    Vehicle.objects.select_for_update().values_list("pk", flat=True).get(pk=vehicle.pk)
    view, _ = VehicleView.objects.select_for_update().get_or_create(vehicle=vehicle)
    return view


def set_view(view: VehicleView, car: Car, newest: ReadingFacts | None) -> None:
    """Sets on `view` what the car is known to be; of the newest reading, if there is one, what only it can tell."""
    for name in FOLDED:
        setattr(view, name, getattr(car, name))
    if newest is not None:
        view.charging_power_kw = newest.charging_power_kw
        view.odometer_km = newest.odometer_km if newest.odometer_km is not None else view.odometer_km


def take_place(view: VehicleView, readings: Sequence[ReadingFacts], locations: list[Location]) -> None:
    """Sets on `view` where the readings, in the order of their instants, saw the car, and at which place that is."""
    for reading in readings:
        _take_position(view, reading)
    _locate(view, locations)


def _store(vehicle: Vehicle, reading: ReadingFacts, now: datetime, is_set_aside: bool) -> bool:
    """Stores the reading. Returns whether it is new."""
    _, is_new = Reading.objects.get_or_create(
        vehicle=vehicle,
        event_id=reading.event_id,
        defaults={**_columns(reading, now), "is_set_aside": is_set_aside},
    )
    return is_new


def reading_row(vehicle: Vehicle, reading: ReadingFacts, now: datetime) -> Reading:
    """Returns the reading as a row that is not stored yet."""
    return Reading(vehicle=vehicle, event_id=reading.event_id, **_columns(reading, now))


def _columns(reading: ReadingFacts, now: datetime) -> dict[str, Any]:
    return {
        "observed_at": reading.observed_at,
        "received_at": now,
        "power_delivery": reading.power_delivery.value,
        "soc_percent": reading.soc_percent,
        "soc_observed_at": reading.observed_each.get("soc_percent"),
        "charging_observed_at": _if_older(car_view.charging_observed_at(reading), reading),
        "is_plugged_in": reading.is_plugged_in,
        "is_charging": reading.is_charging,
        "is_fully_charged": reading.is_fully_charged,
        "charging_power_kw": reading.charging_power_kw,
        "charge_limit_percent": reading.charge_limit_percent,
        "battery_capacity_kwh": reading.battery_capacity_kwh,
        "reported_schedule": reading.reported_schedule[:200],
    }


def _if_older(at: datetime | None, reading: ReadingFacts) -> datetime | None:
    return None if at == reading.observed_at else at


def forget_old_readings(*, at_wall: datetime) -> int:
    """Deletes readings older than the setting; what they told of the car stays in its view. Returns how many went."""
    oldest = at_wall - timedelta(days=settings.READYBY_KEEP_READINGS_DAYS)
    return delete_by_vehicle(Reading.objects.filter(observed_at__lt=oldest))


def _folded_anew(vehicle: Vehicle, known: Car) -> Car:
    """The view from all readings of the last days in their order; what they do not tell stays as it was known."""
    assert known.observed_at is not None, "a late reading is later than none"
    since = min(known.observed_at, known.plugged_in_at or known.observed_at) - LATE_READINGS_COUNT_FOR
    rows = Reading.objects.filter(vehicle=vehicle, is_set_aside=False, observed_at__gte=since)
    readings = [row.as_facts() for row in rows]
    car = car_view.fold_all(VehicleView().as_car(vehicle), readings)
    if all(reading.charge_limit_percent is None for reading in readings):
        car = replace(car, charge_limit_percent=known.charge_limit_percent)
    return replace(car, **{name: getattr(known, name) for name in CARRIED if getattr(car, name) is None})


def _take_position(view: VehicleView, reading: ReadingFacts) -> None:
    if reading.latitude is None or reading.longitude is None:
        return
    seen_at = reading.observed_each.get("latitude", reading.observed_at)
    if view.position_observed_at is None or view.position_observed_at <= seen_at:
        view.latitude, view.longitude = reading.latitude, reading.longitude
        view.position_observed_at = seen_at


@transaction.atomic
def locate(*, vehicle: Vehicle) -> None:
    """Finds anew at which of its driver's places the car stands, after a place was made, changed or removed."""
    view = VehicleView.objects.select_for_update().get(vehicle=vehicle)
    _locate(view, list(Location.objects.filter(driver_id=vehicle.driver_id)))
    view.save(update_fields=["location", "distance_m", "place_told_at"])


def lose_sight(*, location: Location) -> None:
    """Says of the cars at a place whose circle was changed, and whose positions are forgotten, that nobody knows."""
    at_it = VehicleView.objects.filter(location=location, latitude__isnull=True)
    at_it.update(location=None, distance_m=None)


def _locate(view: VehicleView, locations: list[Location]) -> None:
    """The nearest place whose circle the car is in; beyond all circles none, with the distance to the nearest.

    While the car does not say where it is plugged in, the driver's word stands; it is forgotten with the plug-in. A
    position that was forgotten after a day has said at which place the car is until a newer one says otherwise.
    """
    if view.is_place_told and view.location_id is not None:
        return
    view.place_told_at = None
    if view.latitude is None or view.longitude is None:
        if view.position_observed_at is None:
            view.location, view.distance_m = None, None
        return
    was_at = view.location_id
    measured = sorted(
        (
            (geo.distance_m(view.latitude, view.longitude, place.latitude, place.longitude), place)
            for place in locations
        ),
        key=lambda pair: (pair[0], pair[1].pk),
    )
    view.distance_m = measured[0][0] if measured else None
    view.location = next(
        (place for far, place in measured if car_view.is_at_place(far, place.radius_meters, place.pk == was_at)), None
    )


def _note_plug(vehicle: Vehicle, before: Car, after: Car, view: VehicleView, at: datetime) -> None:
    if bool(before.is_plugged_in) == bool(after.is_plugged_in):
        return
    Activity.objects.create(
        vehicle=vehicle,
        at=at,
        code="plugged_in" if after.is_plugged_in else "unplugged",
        actor=Actor.DRIVER,
        params={
            "soc_percent": after.soc_percent,
            "place": view.location.name if view.location is not None else "",
        },
    )
