"""The steps for the brands of one car and its charger, as cards show them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charging.models import Vehicle
from charging.operations import guides
from charging.operations.guides import Guide
from charging.views.card_actions import Action

CHECK_SCHEDULES: tuple[str | Promise, ...] = (
    gettext_lazy("Open the app of your car and find the charging schedule."),
    gettext_lazy("Switch the schedule off. Leave the charge limit as it is."),
)
CHECK_CHARGER: str | Promise = gettext_lazy("Do the same in the app of your charger, if it has one.")


def car_steps(vehicle: Vehicle) -> tuple[tuple[str | Promise, ...], Action | None]:
    """Returns the steps in the car and where they come from; those of its brand only where a source confirms them."""
    found = guides.car_guides(vehicle.vendor, vehicle.model)
    if len(found) != 1 or not found[0].is_confirmed:
        return CHECK_SCHEDULES, None
    label = _("Where these steps come from, for %(brand)s") % {"brand": found[0].brand}
    return tuple(_(step) for step in found[0].steps), Action(label, guide_url(found[0]), is_link=True)


def other_guides(vehicle: Vehicle) -> tuple[Action, ...]:
    """Returns links to the guides that `car_steps` does not tell: the charger's, and a car's that is not certain."""
    cars = guides.car_guides(vehicle.vendor, vehicle.model)
    shown_as_links = () if len(cars) == 1 and cars[0].is_confirmed else cars
    charger = guides.charger_guide(vehicle.charger_brand)
    return tuple(show_steps(guide) for guide in (*shown_as_links, charger) if guide is not None)


def show_steps(guide: Guide, url: str = "") -> Action:
    """Returns the link to a guide's page, or to where else its steps stand."""
    return Action(_("Show steps for %(brand)s") % {"brand": guide.brand}, url or guide_url(guide), is_link=True)


def guide_url(guide: Guide) -> str:
    return reverse("guide", args=[guide.kind, guide.slug])
