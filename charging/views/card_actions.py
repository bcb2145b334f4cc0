"""The buttons of the status card: the likeliest first, then what else can be done now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charging.core.causes import Cause
from charging.core.states import State
from charging.models import Location, Vehicle
from charging.views.answers import set_up_url
from charging.views.situation import Situation
from charging.views.words import Words


@dataclass(frozen=True, slots=True)
class Action:
    """A button that posts, or with `is_link` a link. `why_not` says why it cannot be used now."""

    label: str | Promise
    url: str
    is_link: bool = False
    is_primary: bool = False
    fields: dict[str, str] = field(default_factory=dict)
    why_not: str | Promise = ""


def _page(label: Promise, name: str) -> Callable[[Situation], Action]:
    return lambda situation: Action(label, reverse(name, args=[situation.vehicle.public_id]), is_link=True)


def _post(label: Promise, name: str) -> Callable[[Situation], Action]:
    return lambda situation: Action(label, reverse(name, args=[situation.vehicle.public_id]))


def _link(label: Promise, url: str) -> Callable[[Situation], Action]:
    return lambda situation: Action(label, url, is_link=True)


def _charge_now(situation: Situation) -> Action:
    url = reverse("car_charge_now", args=[situation.vehicle.public_id])
    return Action(_("Charge now"), url, fields={"until": "full"}, why_not=why_not_now(situation))


def why_not_now(situation: Situation) -> str | Promise:
    """Why charging cannot be started now; empty where it can."""
    if not situation.is_plugged_in:
        return _("Plug in first, then you can press Charge now.")
    view = situation.view
    is_at_limit = view is not None and view.soc_percent is not None and view.soc_percent >= situation.limit_percent
    if view is not None and (view.is_fully_charged or is_at_limit):
        return _("The battery is at the limit set in your car.")
    return ""


def charges_without_a_break(situation: Situation) -> bool:
    """Whether the car charges already and nothing is planned that would stop it: Charge now would change nothing."""
    if situation.view is None or not situation.view.is_charging:
        return False
    return not situation.is_executing or (situation.state == State.STARTED and situation.next_window is None)


def _add_place(situation: Situation) -> Action:
    label = _("Add this place") if situation.home is not None else _("Add a place")
    return Action(label, ADD_PLACE_URL, is_link=True)


def here_buttons(vehicle: Vehicle) -> tuple[Action, ...]:
    """A button for each place where the car may be; where they are many, a link to the page with all of them."""
    places = list(Location.objects.of_driver(vehicle.driver).order_by("created_at", "pk")[: FEW_PLACES + 1])
    if len(places) > FEW_PLACES:
        return (Action(_("Say where it is"), reverse("car_place", args=[vehicle.public_id]), is_link=True),)
    return place_buttons(vehicle, places)


def place_buttons(vehicle: Vehicle, places: Iterable[Location]) -> tuple[Action, ...]:
    """Buttons that say that the car is at one of these places."""
    url, label = reverse("car_place", args=[vehicle.public_id]), gettext("It is at %(place)s (this session)")
    return tuple(Action(label % {"place": place.name}, url, fields={"place": str(place.public_id)}) for place in places)


def _see_night(situation: Situation) -> Action:
    """The page of what was charged and what it cost; what happened, where nothing is stored of it yet."""
    session, url = situation.night, "#happened"
    if session is not None:
        url = f"{reverse('car_savings', args=[situation.vehicle.public_id])}?session={session.public_id}"
    return Action(_("See the night"), url, is_link=True)


def _what_else(situation: Situation) -> Action:
    """To what we have found of somebody else's starts, or to what it might be where nothing is found yet."""
    found = next((finding for finding in situation.findings if finding.cause in STARTED_BY_OTHERS), None)
    url = reverse("help") + "#interference"
    if found is not None:
        url = reverse("car_finding", args=[situation.vehicle.public_id, found.pk])
    return Action(_("What else could it be?"), url, is_link=True)


def _tariff(situation: Situation) -> Action:
    """What the driver pays by a fixed price or by the hour: with it no market price is needed."""
    place = situation.place
    url = reverse("place_tariff", args=[place.public_id]) if place is not None else reverse("places")
    return Action(_("Set a tariff"), url, is_link=True)


def _remote(situation: Situation) -> Action:
    """To what is in the way of this very car, where that is known."""
    car = getattr(situation.vehicle, "connected", None)
    if car is not None and car.lasting_obstacle is not None:
        return Action(_("See what to do"), reverse("car_control", args=[situation.vehicle.public_id]), is_link=True)
    return Action(_("How to switch it on"), reverse("help") + "#remote", is_link=True)


FEW_PLACES = 3
IS_HERE = "is_here"
"""The one name that stands for several buttons."""

STARTED_BY_OTHERS = (Cause.FOREIGN_START, Cause.RANDOM_STARTS, Cause.OTHER_OPTIMISER, Cause.TUG_OF_WAR)
ADD_PLACE_URL = "/setup/places/add/?return=places"
"""A page of the wizard, which stands above this package and so is known here by its address only."""

ACTIONS: dict[str, Callable[[Situation], Action]] = {
    "add_place": _add_place,
    "back": _post(_("Back to smart charging"), "car_end_override"),
    "charge_now": _charge_now,
    "check_now": _post(_("Check now"), "car_check_now"),
    "help_account": lambda situation: Action(_("How to fix this"), reverse("help") + "#account", is_link=True),
    "help_remote": _remote,
    "minimum": _page(_("Change minimum"), "car_minimum"),
    "pause": _page(_("Pause smart charging"), "car_pause"),
    "places": lambda situation: Action(_("Choose another price area"), reverse("places"), is_link=True),
    "prices": lambda situation: Action(_("Show prices"), reverse("prices"), is_link=True),
    "ready_by": _page(_("Change ready-by"), "car_ready_by"),
    "see_night": _see_night,
    "set_up": lambda situation: Action(_("Finish setting up"), set_up_url(situation.vehicle), is_link=True),
    "tariff": _tariff,
    "take_over": _post(_("Let smart charging take over"), "car_end_override"),
    "turn_on": _post(_("Turn on"), "car_turn_on"),
    "was_me": _post(_("That was me"), "car_was_me"),
    "what_else": _what_else,
    "what_if": _link(_("Show what it would be"), "#plan"),
    "what_to_check": _link(_("What to check"), "#check"),
}


def card_actions(situation: Situation, words: Words) -> tuple[Action, ...]:
    """At most four buttons without repeats; the first one is filled, unless nothing is likeliest."""
    names = [words.primary] if words.primary else []
    names += [name for name in _usual(situation) if name not in names]
    if words.primary == "what_if" and situation.what_if is None:
        names.remove("what_if")
    here = here_buttons(situation.vehicle) if words.primary == IS_HERE else ()
    if words.primary == IS_HERE and not here:
        names.remove(IS_HERE)
    actions = [*here, *(ACTIONS[name](situation) for name in names if name != IS_HERE)][:4]
    is_likely = bool(words.primary) and names[0] == words.primary and not actions[0].why_not
    return tuple(replace(action, is_primary=is_likely and index == 0) for index, action in enumerate(actions))


def _usual(situation: Situation) -> tuple[str, ...]:
    """What can be done in this state whatever the reason for it."""
    if situation.state == State.UNKNOWN and situation.vehicle.is_capable:
        return ("places",)
    if situation.state in {State.DISABLED, State.ENDED_DISABLED} or not situation.is_on:
        return ()
    if situation.override is not None and situation.override.is_from_elsewhere:
        return ("was_me", "what_else", "ready_by")
    if situation.override is not None or situation.state == State.OVERRIDDEN:
        return ("ready_by", "pause")
    if charges_without_a_break(situation):
        return ("ready_by", "pause")
    if situation.state == State.FULLY_CHARGED and situation.night is not None:
        return ("see_night", "charge_now", "ready_by", "pause")
    return ("charge_now", "ready_by", "pause")
