"""The minimum and the two limits that it stands between: the car's own above, the vendor's floor below."""

from __future__ import annotations

import math

from django.urls import reverse
from django.utils.translation import gettext as _

from charging.core.vendors import MINIMUM_FLOOR_PERCENT
from charging.models import Policy, Vehicle
from charging.views import formatting
from charging.views.card_actions import Action
from charging.views.repair import Repair
from charging.views.situation import Situation


def minimum_above_limit(situation: Situation) -> Repair | None:
    """The card while the minimum is above the level at which the car itself stops; None otherwise."""
    policy = situation.policy
    if policy is None or not policy.is_enabled or policy.minimum_charge_limit <= situation.limit_percent:
        return None
    values = {
        "minimum": formatting.percent(policy.minimum_charge_limit),
        "effective": formatting.percent(situation.minimum_percent),
    }
    return Repair(
        id="minimum",
        title=_("Your minimum is above the limit in your car"),
        sentence=_(
            "Your minimum is %(minimum)s, but your car itself stops at %(effective)s. So your minimum is now "
            "%(effective)s: your car is charged there at once and never waits for cheap hours."
        )
        % values,
        also=tuple(
            filter(None, (floor_words(situation.vehicle, situation.limit_percent), _way_out(situation) % values))
        ),
        actions=_actions(situation, policy.version),
        occasion=_occasion(situation, policy),
    )


def _occasion(situation: Situation, policy: Policy) -> str:
    """Another limit, another minimum or another plug-in is another occasion."""
    since = situation.view.plugged_in_at if situation.view is not None else None
    return f"{situation.limit_percent:g} {policy.version} {since.isoformat() if since is not None else ''}".rstrip()


def floor_words(vehicle: Vehicle, limit_percent: float | None) -> str:
    """Returns why a vendor's cars need a minimum, and what to do where the car stops below it; empty for the others."""
    floor = MINIMUM_FLOOR_PERCENT.get(vehicle.vendor)
    if floor is None:
        return ""
    values = {"brand": vehicle.brand_name, "floor": formatting.percent(floor)}
    words = _("%(brand)s cars cannot be held below %(floor)s, so the minimum must be %(floor)s or more.") % values
    if limit_percent is None or limit_percent >= floor:
        return words
    first = _("Raise the charge limit in your car to at least %(floor)s first.") % values
    return f"{words} {first}"


def _way_out(situation: Situation) -> str:
    """How the car comes to wait again; empty where the vendor's floor has said it already."""
    if situation.limit_percent <= MINIMUM_FLOOR_PERCENT.get(situation.vehicle.vendor, 0):
        return ""
    return _("With a minimum below %(effective)s, or a higher limit in the car, it waits for cheap hours again.")


def _actions(situation: Situation, version: int) -> tuple[Action, ...]:
    """To lower the minimum to the car's limit, and to choose another; neither where the vendor's floor is above it."""
    lowest = math.floor(situation.limit_percent)
    if lowest < MINIMUM_FLOOR_PERCENT.get(situation.vehicle.vendor, 0):
        return ()
    url = reverse("car_minimum", args=[situation.vehicle.public_id])
    label = _("Lower the minimum to %(limit)s") % {"limit": formatting.percent(lowest)}
    lower = Action(label, url, fields={"minimum": str(lowest), "version": str(version)})
    return lower, Action(_("Choose another minimum"), url, is_link=True)
