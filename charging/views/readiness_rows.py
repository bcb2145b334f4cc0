"""The readiness checks in words: a name, a sentence, and at most one action each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charging.core.obstacle import Obstacle
from charging.models import Vehicle
from charging.operations.readiness_check import Check, Status
from charging.views import formatting
from charging.views.finding_cards import finding_url
from charging.views.finding_values import title_of

NAMES: dict[str, Promise] = {
    "settings": _("Settings are complete"),
    "place": _("Place set"),
    "answers": _("Car answers"),
    "control": _("Start and stop allowed"),
    "plugged_in": _("Plugged in"),
    "at_place": _("At your place"),
    "prices": _("Prices available"),
    "benefit": _("Time and benefit"),
    "nothing_else": _("Nothing else controls charging"),
    "test": _("Test charge"),
}

SENTENCES: dict[tuple[str, str], Promise] = {
    ("settings", ""): _("Ready by %(deadline)s, minimum %(minimum)s"),
    ("settings", "off"): _("Smart charging is off"),
    ("settings", "minimum_above_limit"): _("Minimum charge is above the limit in your car"),
    ("settings", "minimum_below_floor"): _("Minimum charge must be %(floor)s or more for this car"),
    ("place", ""): _("%(name)s, price area %(area)s"),
    ("place", "example"): _("%(name)s, with example prices of %(area)s"),
    ("place", "own_prices"): _("%(name)s"),
    ("place", "none"): _("Tell us where you charge"),
    ("answers", ""): _("Last heard %(ago)s ago"),
    ("answers", "never"): _("Your car has not answered yet"),
    ("answers", "silent"): _(
        "Last heard from your car %(ago)s ago. It may be asleep or without mobile coverage. Open its app or unlock it"
    ),
    ("answers", "sign_in_needed"): _("Home Assistant does not let us in any more. Sign in again"),
    ("answers", "disconnected"): _("Your car is not connected"),
    ("answers", "unreachable"): _("Home Assistant or your car cannot be reached. We keep trying"),
    ("control", ""): _("Your car can be started and stopped from here"),
    ("answers", "reading_gone"): _("Home Assistant does not tell us about your car any more"),
    ("control", "control_gone"): _("What starts and stops your car in Home Assistant is gone"),
    ("control", "scope_withdrawn"): _("The permission to start and stop your car was taken back"),
    ("control", "blocked"): _("There is one thing to switch on in your car"),
    ("control", "not_possible"): _("The maker of your car does not let anybody start and stop it any more"),
    ("control", "not_capable"): _("Switch on remote charging in the %(brand)s app"),
    ("plugged_in", ""): _("Your car is plugged in"),
    ("at_place", ""): _("Your car is at %(name)s"),
    ("at_place", "no_place"): _("We can tell when there is a place"),
    ("at_place", "unknown"): _("We cannot see where the car is"),
    ("at_place", "away"): _("Your car is about %(distance)s from %(name)s"),
    ("prices", ""): _("Known until %(until)s"),
    ("prices", "no_place"): _("We can tell when there is a place"),
    ("prices", "none"): _("There are no prices for your place yet"),
    ("prices", "partly"): _("Prices for tomorrow usually arrive in the early afternoon. Until then we use a forecast"),
    ("benefit", "plan"): _("Waiting for cheap hours saves %(saving)s"),
    ("benefit", "nothing_to_save"): _("Nothing to save tonight, we will charge normally"),
    ("benefit", "too_little_time"): _("All the time is needed, so we charge right away"),
    ("benefit", "below_minimum"): _("Your car charges to its minimum first"),
    ("benefit", "charge_now"): _("Charging now, as you asked"),
    ("benefit", "full"): _("Your car is full"),
    ("benefit", "making_plan"): _("We are making a plan"),
    ("benefit", "not_here"): _("We can tell when your car is plugged in at your place"),
    ("nothing_else", ""): _("Three nights without surprises. Nothing else seems to control charging"),
    ("nothing_else", "found"): _("%(title)s"),
    ("nothing_else", "suspected"): _("%(title)s. We are not sure yet and watch whether it happens again"),
    ("nothing_else", "switched_off"): _("Watching: we will tell you after the next two nights"),
    ("nothing_else", "quiet"): _("It has not come back. We watch until three nights have passed without it"),
    ("nothing_else", "on_purpose"): _("%(title)s. You said that this is on purpose"),
    ("nothing_else", "watching"): _("Watching the first three nights"),
    ("nothing_else", "started_elsewhere"): _(
        "Something else started your car. We watch until three nights have passed without that"
    ),
    ("nothing_else", "safety_net"): _("You keep a schedule in the car from %(time)s"),
    ("nothing_else", "another_service"): _("Another service controls your charging"),
    ("test", "never"): _("Let us try: start for 2 minutes, then stop"),
    ("test", "starting"): _("Testing: we are starting your car"),
    ("test", "running"): _("Testing: your car charges for 2 minutes"),
    ("test", "stopping"): _("Testing: we are stopping your car"),
    ("test", "passed"): _("Your car started and stopped when we asked, %(ago)s ago"),
    ("test", "started_only"): _(
        "Your car started when we asked, %(ago)s ago. It charges in one of its hours now, so we did not try to stop it"
    ),
    ("test", "broken_off"): _("The last test was broken off. Let us try again: start for 2 minutes, then stop"),
    ("test", "not_started"): _("Your car did not start when we asked, %(ago)s ago"),
    ("test", "not_stopped"): _("Your car started when we asked, %(ago)s ago, but did not stop"),
}

HEADLINES: dict[str, Promise] = {
    "settings": _("Almost ready: complete the settings"),
    "place": _("Almost ready: tell us where you charge"),
    "answers": _("Almost ready: waiting for your car"),
    "control": _("Almost ready: allow start and stop"),
    "plugged_in": _("Almost ready: plug in your car"),
    "at_place": _("Almost ready: park at your place"),
    "prices": _("Almost ready: waiting for prices"),
    "benefit": _("Almost ready: making a plan"),
    "nothing_else": _("Almost ready: switch off what else controls your car"),
    "test": _("Almost ready: your car did not do what we asked"),
}

SPOKEN_STATUSES: dict[Status, Promise] = {
    Status.READY: _("ready"),
    Status.WAITING: _("waiting"),
    Status.NEEDS_YOU: _("needs you"),
    Status.PROBLEM: _("there is a problem"),
    Status.OPTIONAL: _("optional"),
}
"""A status as the end of a sentence, read out when a row changes."""

LINKS: dict[tuple[str, str], tuple[Promise, str]] = {
    ("settings", "off"): (_("Check and turn on"), "setup_check"),
    ("settings", "minimum_above_limit"): (_("Change minimum"), "setup_minimum"),
    ("settings", "minimum_below_floor"): (_("Change minimum"), "setup_minimum"),
    ("place", "none"): (_("Add place"), "setup_places"),
    ("at_place", "away"): (_("Add this place"), "setup_place_add"),
    ("prices", "none"): (_("Change place"), "setup_places"),
    ("nothing_else", "another_service"): (_("See what to switch off"), "setup_other_control"),
}

HELP: dict[tuple[str, str], str] = {
    ("control", "not_capable"): "remote",
    ("at_place", "unknown"): "position",
}
"""Where the steps stand on the help page."""

SENTENCES_THROUGH = {
    "mqtt": {
        ("answers", "sign_in_needed"): _("Your MQTT broker does not let us in any more. Sign in again"),
        ("answers", "unreachable"): _(
            "Your MQTT broker, or what publishes your car, cannot be reached. We keep trying"
        ),
        ("answers", "reading_gone"): _("Nothing is published about your car any more"),
        ("control", "scope_withdrawn"): _("Your MQTT broker does not let us read your car any more"),
    },
    "enode": {
        ("answers", "sign_in_needed"): _("Your car’s account does not let us in any more. Connect with Enode again"),
        ("answers", "unreachable"): _("Enode or your car cannot be reached. We keep trying"),
        ("answers", "reading_gone"): _("Your car does not tell its battery level any more"),
    },
}
"""What is said otherwise, by the gateway of the car."""

CAR_LINKS: dict[tuple[str, str], tuple[Promise, str]] = {
    ("answers", "sign_in_needed"): (_("Sign in again"), "car_connection"),
    ("answers", "disconnected"): (_("Connect again"), "car_connection"),
    ("answers", "unreachable"): (_("Look at the connection"), "car_connection"),
    **dict.fromkeys(
        (("answers", "reading_gone"), *(("control", each.value.lower()) for each in Obstacle)),
        (_("See what to do"), "car_control"),
    ),
}
"""Actions on the pages of the car itself."""

WATCHED = frozenset({"watching", "suspected", "switched_off", "quiet"})
TESTING = frozenset({"starting", "running", "stopping"})
"""Reasons to wait that nobody can do anything about but wait."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of components/checks.html; `announcement` is read out when it changes while the page is open."""

    name: str
    status: str
    sentence: str
    action_label: str = ""
    action_url: str = ""
    announcement: str = ""
    action_is_post: bool = False


def make_rows(checks: Sequence[Check], vehicle: Vehicle) -> tuple[Row, ...]:
    """Returns the checks of a car in words, in their order."""
    return tuple(_row(check, vehicle) for check in checks)


def headline(checks: Sequence[Check], *, is_past_first_night: bool) -> str:
    """Returns the title of the page: the first thing that is still missing, or that everything is ready."""
    for statuses in ({Status.NEEDS_YOU, Status.PROBLEM}, {Status.WAITING}):
        for check in checks:
            if check.status in statuses and check.reason not in WATCHED | TESTING:
                return str(HEADLINES[check.code])
    reasons = {check.reason for check in checks}
    if "watching" in reasons and not is_past_first_night:
        return gettext("Ready for the first night")
    return gettext("Ready, and still watching") if reasons & WATCHED else gettext("Everything is ready")


def tally(checks: Sequence[Check]) -> str:
    """Returns how many checks are ready."""
    ready = sum(check.status == Status.READY for check in checks)
    count = sum(check.status != Status.OPTIONAL for check in checks)
    return gettext("%(ready)d of %(count)d are ready.") % {"ready": ready, "count": count}


def _row(check: Check, vehicle: Vehicle) -> Row:
    if "finding" in check.params:
        return _row_of_finding(check)
    if check.code == "test":
        return _row_of_test(check, vehicle)
    name_words = str(NAMES[check.code])
    said = gettext("%(name)s: %(status)s.") % {"name": name_words, "status": SPOKEN_STATUSES[check.status]}
    label, url, is_post = _action(check, vehicle)
    return Row(name_words, check.status.value, _sentence(check), label, url, said, action_is_post=is_post)


def _action(check: Check, vehicle: Vehicle) -> tuple[str, str, bool]:
    """Label and address of what helps, and whether it is posted; empty where only waiting helps."""
    key = check.code, check.reason
    if key in CAR_LINKS:
        words, page = CAR_LINKS[key]
        return str(words), reverse(page, args=[vehicle.public_id]), False
    if check.code == "answers" and check.status != Status.READY:
        return gettext("Ask the car now"), reverse("car_check_now", args=[vehicle.public_id]), True
    if key in HELP:
        return gettext("Show the steps"), f"{reverse('help')}#{HELP[key]}", False
    label, name = LINKS.get(key, ("", ""))
    return str(label), f"{reverse(name)}?return=check&car={vehicle.public_id}" if name else "", False


def _row_of_finding(check: Check) -> Row:
    """The row that leads to the finding's own page."""
    finding = check.params["finding"]
    sentence = str(SENTENCES.get((check.code, check.reason), "%(title)s")) % {"title": title_of(finding)}
    label = gettext("See what to switch off") if check.reason == "found" else gettext("See what we saw")
    return Row(str(NAMES[check.code]), check.status.value, sentence, label, finding_url(finding, finding.vehicle))


def _row_of_test(check: Check, vehicle: Vehicle) -> Row:
    """The row that runs the test, or says why it cannot be run now."""
    name, sentence, why_not = str(NAMES[check.code]), _sentence(check), check.params["why_not"]
    spoken = "" if check.status == Status.OPTIONAL else f"{name}: {sentence}."
    if check.reason in TESTING:
        return Row(name, check.status.value, sentence, announcement=spoken)
    if why_not:
        sentence = gettext("%(sentence)s. Not now: %(why_not)s") % {"sentence": sentence, "why_not": why_not}
        return Row(name, check.status.value, sentence, announcement=spoken)
    label = gettext("Run test") if check.reason == "never" else gettext("Run again")
    url = reverse("car_test_charge", args=[vehicle.public_id])
    return Row(name, check.status.value, sentence, label, url, spoken, action_is_post=True)


def _sentence(check: Check) -> str:
    if check.code == "plugged_in" and check.status != Status.READY:
        return gettext("Plug in your car")
    params, words = check.params, {}
    for name, value in params.items():
        if name.endswith("_percent") and value is not None:
            words[name.removesuffix("_percent")] = formatting.percent(value)
    if "deadline" in params:
        words["deadline"] = f"{params['deadline']:%H:%M}"
    if "time" in params:
        words["time"] = f"{params['time']:%H:%M}"
    if "ago" in params:
        words["ago"] = formatting.duration(params["ago"])
    if "distance_m" in params:
        words["distance"] = _distance(params["distance_m"])
    if "until" in params:
        words["until"] = formatting.day_clock(params["until"], params["now"], ZoneInfo(params["zone"]))
    if params.get("saving") is not None:
        words["saving"] = formatting.about_money(params["saving"], params["currency"])
    elif check.reason == "plan":
        return gettext("There is a plan")
    sentences = SENTENCES | SENTENCES_THROUGH.get(str(params.get("through", "")), {})
    return str(sentences[(check.code, check.reason)]) % ({"name": "", "area": "", **params} | words)


def _distance(meters: float) -> str:
    if meters < 950:
        return f"{round(meters, -1):.0f}{formatting.NO_BREAK}m"
    return f"{formatting.number(meters / 1000, 0)}{formatting.NO_BREAK}km"
