"""The driver's word for where a car stands that does not say it itself."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from charging.models import Location, Vehicle, VehicleView
from charging.models.activities import Actor
from charging.operations import decisions, evaluation
from charging.operations.issues import Issue, refuse_if_any
from charging.operations.outbox import seen_of, tell_update


@transaction.atomic
def tell_place(*, vehicle: Vehicle, location: Location, now: datetime) -> VehicleView:
    """Takes it that the car is plugged in at this place of its driver, until it is unplugged or says where it is.

    Returns the view. Raises Refused where the car is not plugged in, says itself where it is, or is another driver's.
    """
    vehicle = evaluation.locked(vehicle=vehicle)
    view = VehicleView.objects.select_for_update().get(vehicle=vehicle)
    refuse_if_any(_issues(vehicle, view, location))
    assert view.plugged_in_at is not None, "a car that is plugged in was plugged in once"
    if view.is_place_told and view.location_id == location.pk:
        return view
    seen = seen_of(view)
    # The car's own clock may be ahead of ours: the word is of this plug-in all the same.
    view.place_told_at = max(now, view.plugged_in_at)
    view.location, view.distance_m = location, None
    view.save(update_fields=["place_told_at", "location", "distance_m"])
    tell_update(vehicle=vehicle, before=seen, view=view, now=now)
    decisions.note(vehicle=vehicle, code="place_told", actor=Actor.DRIVER_HERE, now=now, place=location.name)
    evaluation.evaluate(vehicle=vehicle, now=now, trigger="place told")
    return view


def _issues(vehicle: Vehicle, view: VehicleView, location: Location) -> list[Issue]:
    if location.driver_id != vehicle.driver_id:
        return [Issue("PLACE_INVALID", "place", _("Choose one of your places"))]
    if view.is_plugged_in is not True or view.plugged_in_at is None:
        return [Issue("NOT_PLUGGED_IN", "", _("Plug in first"))]
    if view.is_position_of_this_plug_in:
        return [Issue("POSITION_KNOWN", "", _("Your car says itself where it is"))]
    return []
