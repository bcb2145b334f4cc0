"""Learning from plug-ins: written when one shows its power and when it ends, read wherever a plan is made."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from charging.core.facts import Car
from charging.core.learned import Learned
from charging.core.learning import observe, remember
from charging.models import LearnedPower, Location, Reading, Vehicle, VehicleView


@transaction.atomic
def learn_from_plug_in(
    *, vehicle: Vehicle, location_id: int, plugged_in_at: datetime, until: datetime
) -> LearnedPower | None:
    """Takes what the stored readings of one plug-in tell into what is known of the car at the place.

    May be called again while the plug-in lasts, and with readings that came late: it counts once. Returns the row, None
    where the readings tell nothing.
    """
    rows = Reading.objects.filter(
        vehicle=vehicle, is_set_aside=False, observed_at__gte=plugged_in_at, observed_at__lte=until
    )
    told = observe([row.as_facts() for row in rows], plugged_in_at)
    if told is None:
        return None
    known = LearnedPower.objects.select_for_update().filter(vehicle=vehicle, location_id=location_id).first()
    plug_ins = remember(known.as_plug_ins() if known is not None else (), told)
    row, _ = LearnedPower.objects.update_or_create(
        vehicle=vehicle,
        location_id=location_id,
        defaults={**LearnedPower.values_of(plug_ins), "updated_at": until},
    )
    return row


@transaction.atomic
def learn_from_reading(*, vehicle: Vehicle, before: Car, view: VehicleView, place_id_before: int | None) -> None:
    """Learns when a reading has ended a plug-in, or was the first to tell its power.

    `before` and `place_id_before` are the car and the place of its plug-in before the reading, `view` what is known
    after it.
    """
    assert view.observed_at is not None, "a reading was taken in"
    is_over = before.is_plugged_in is True and not view.is_plugged_in
    is_told = before.observed_power_kw is None and view.observed_power_kw is not None
    place_id = place_id_before if is_over else view.place_id_of_this_plug_in
    plugged_in_at = before.plugged_in_at if is_over else view.plugged_in_at
    if place_id is not None and plugged_in_at is not None and (is_over or is_told):
        learn_from_plug_in(vehicle=vehicle, location_id=place_id, plugged_in_at=plugged_in_at, until=view.observed_at)


def learned_at(*, vehicle: Vehicle, location: Location | None, plugged_in_at: datetime | None = None) -> Learned | None:
    """What is known of the car at the place from before it was plugged in; None where it was never seen charging there.

    The plug-in that goes on is left out: it is judged by what others have taught.
    """
    row = _row(vehicle, location)
    return row.as_learned(before=plugged_in_at) if row is not None else None


def _row(vehicle: Vehicle, location: Location | None) -> LearnedPower | None:
    return None if location is None else LearnedPower.objects.filter(vehicle=vehicle, location=location).first()


def known_car(*, vehicle: Vehicle, view: VehicleView, location: Location | None) -> Car:
    """The car as the rules see it: its view, and what its plug-ins at the place have taught."""
    return car_taught_by(_row(vehicle, location), vehicle=vehicle, view=view)


def car_taught_by(row: LearnedPower | None, *, vehicle: Vehicle, view: VehicleView) -> Car:
    """The same with the row of the place at hand."""
    learned = row.as_learned(before=view.plugged_in_at) if row is not None else None
    return replace(view.as_car(vehicle), learned=learned)
