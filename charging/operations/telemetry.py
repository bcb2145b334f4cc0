"""What a car says: every reading once, then the view of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from charging.adapters.vehicles.gateway import GatewayError
from charging.core import car_view, geo
from charging.core.facts import Car
from charging.core.facts import Reading as ReadingFacts
from charging.models import Activity, Due, Location, Reading, Vehicle, VehicleView
from charging.models.activities import Actor
from charging.operations.due import POLL_UNPLUGGED
from charging.operations.gateways import gateway_of

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
)


def poll(*, vehicle: Vehicle, now: datetime) -> bool:
    """Reads the car through its gateway. Returns whether there was an answer; none is never "not plugged in"."""
    # The evaluation that follows brings the next reading nearer.
    Due.objects.filter(vehicle=vehicle).update(next_poll_at=now + POLL_UNPLUGGED)
    try:
        reading = gateway_of(vehicle).read(now=now)
    except GatewayError:
        return False
    if reading is None:
        return False
    record_reading(vehicle=vehicle, reading=reading, now=now)
    return True


@transaction.atomic
def record_reading(*, vehicle: Vehicle, reading: ReadingFacts, now: datetime) -> VehicleView:
    """Stores a reading, once however often it comes, and returns the view after it. A late one changes no view."""
    view, _ = VehicleView.objects.select_for_update().get_or_create(vehicle=vehicle)
    _, is_new = Reading.objects.get_or_create(
        vehicle=vehicle,
        event_id=reading.event_id,
        defaults={
            "observed_at": reading.observed_at,
            "received_at": now,
            "power_delivery": reading.power_delivery.value,
            "soc_percent": reading.soc_percent,
            "is_plugged_in": reading.is_plugged_in,
            "is_charging": reading.is_charging,
            "charging_power_kw": reading.charging_power_kw,
            "charge_limit_percent": reading.charge_limit_percent,
        },
    )
    before = view.as_car(vehicle)
    after = car_view.fold(before, reading)
    if not is_new or after is before:
        return view
    for name in FOLDED:
        setattr(view, name, getattr(after, name))
    view.charging_power_kw = reading.charging_power_kw
    view.odometer_km = reading.odometer_km if reading.odometer_km is not None else view.odometer_km
    if reading.latitude is not None and reading.longitude is not None:
        view.latitude, view.longitude = reading.latitude, reading.longitude
        view.position_observed_at = reading.observed_at
    _locate(view, list(Location.objects.filter(driver_id=vehicle.driver_id)))
    view.save()
    _note_plug(vehicle, before, after, view, reading.observed_at)
    return view


@transaction.atomic
def locate(*, vehicle: Vehicle) -> None:
    """Finds anew at which of its driver's places the car stands, after a place was made, changed or removed."""
    view = VehicleView.objects.select_for_update().filter(vehicle=vehicle).first()
    if view is not None:
        _locate(view, list(Location.objects.filter(driver_id=vehicle.driver_id)))
        view.save(update_fields=["location", "distance_m"])


def _locate(view: VehicleView, locations: list[Location]) -> None:
    """The nearest place whose circle the car is in; beyond all circles none, with the distance to the nearest."""
    if view.latitude is None or view.longitude is None:
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
