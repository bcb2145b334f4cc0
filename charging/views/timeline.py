"""What happened: the stored activities as lines of the time rail, worded in one table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from charging.core.causes import Cause
from charging.models import Activity
from charging.models.activities import Actor
from charging.views import formatting
from charging.views.finding_values import title_of_params
from charging.views.fullest import fullest
from charging.views.situation import Situation

LINES_SHOWN = 12
LINES_OF_A_PLUG_IN = 40
"""A night is told from its beginning, unless something in it was at it all the time."""

ACTORS: dict[str, Promise | str] = {
    Actor.DRIVER: _("You"),
    Actor.DRIVER_HERE: _("You, here"),
    Actor.SUPPORT: _("Support"),
    Actor.READYBY: "Readyby",
    Actor.ELSEWHERE: _("Your car or another app"),
    Actor.UNKNOWN: _("Unknown"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """Wordings of one code from the fullest to the barest: the first whose values are all known is used."""

    wordings: tuple[Promise, ...]
    tone: str = ""


def _line(*wordings: Promise, tone: str = "") -> Line:
    return Line(wordings, tone)


LINES: dict[str, Line] = {
    "plugged_in": _line(
        _("Plugged in at %(place)s, %(level)s"),
        _("Plugged in at %(place)s"),
        _("Plugged in, %(level)s"),
        _("Plugged in"),
    ),
    "place_told": _line(_("You said: it is at %(place)s"), _("You said where the car is")),
    "unplugged": _line(_("Unplugged, %(level)s"), _("Unplugged")),
    "plan_made": _line(_("Made a plan to be ready by %(deadline)s"), _("Made a plan")),
    "paused": _line(_("Waits until %(start)s"), _("Waits for cheaper hours")),
    "started": _line(_("Charging until %(until)s"), _("Charging"), tone="hit"),
    "net_started": _line(_("Your safety net started the car; we ask it to wait for the plan")),
    "lease_lost": _line(_("The pause was not renewed in time, so the car charges"), tone="warn"),
    "released": _line(_("Lost sight of the car and let it charge"), tone="warn"),
    "did_not_stop": _line(_("Asked to wait, without effect"), tone="warn"),
    "did_not_start": _line(_("Asked to charge, without effect"), tone="warn"),
    "interrupted": _line(_("Charging stopped, not by us"), tone="warn"),
    "taken_over": _line(_("Charging started, not by us")),
    "finished": _line(_("Finished"), tone="hit"),
    "full": _line(_("Charged to the limit set in the car")),
    "failed": _line(_("The plan could not be carried out"), tone="warn"),
    "charge_now": _line(_("Charge now"), tone="hit"),
    "test_charge": _line(_("Test: start for two minutes, then stop"), tone="hit"),
    "finding": _line(_("%(finding)s"), _("Something else seems to control charging"), tone="warn"),
    "finding_gone": _line(
        _("Two nights without it, so it is over: “%(finding)s”"), _("Nothing else seems to control charging any more")
    ),
    "finding_false": _line(
        _("This was a false alarm: “%(finding)s”"), _("It was a false alarm that something else controls charging")
    ),
    "that_was_me": _line(_("You said: that was me")),
    "back_to_smart": _line(_("Back to smart charging")),
    "turned_on": _line(_("Smart charging turned on")),
    "turned_off": _line(_("Smart charging turned off")),
    "paused_by_driver": _line(_("Smart charging paused")),
    "pause_over": _line(_("Smart charging is back after the pause")),
    "deadline_changed": _line(_("Ready by changed to %(time)s"), _("Ready by changed")),
    "deadline_tonight": _line(_("Ready by %(time)s, only this time"), _("Ready by as on other days again")),
    "days_changed": _line(_("Ready by changed for some days")),
    "minimum_changed": _line(_("Minimum changed to %(minimum)s"), _("Minimum changed")),
}


@dataclass(frozen=True, slots=True)
class RailEvent:
    """One line as components/rail.html shows it."""

    clock: str
    at: str
    text: str
    actor: str
    tone: str


def timeline(situation: Situation) -> tuple[RailEvent, ...]:
    """The newest lines, in time order: all since the car was plugged in, and a few of before where that is short."""
    newest = list(situation.vehicle.activities.order_by("-at", "-pk")[:LINES_OF_A_PLUG_IN])
    session = situation.newest_session
    since = session.plugged_in_at if session is not None else situation.now
    shown = [line for place, line in enumerate(newest) if place < LINES_SHOWN or line.at >= since]
    return tuple(rail_events(reversed(shown), situation.now, situation.timezone))


def rail_events(activities: Iterable[Activity], now: datetime, timezone: tzinfo) -> list[RailEvent]:
    return [
        RailEvent(
            clock=formatting.clock(activity.at, timezone),
            at=activity.at.isoformat(),
            text=_worded(activity, now, timezone),
            actor=_actor_and_day(activity, now, timezone),
            tone=LINES[activity.code].tone,
        )
        for activity in activities
        if activity.code in LINES
    ]


def _actor_and_day(activity: Activity, now: datetime, timezone: tzinfo) -> str:
    day = formatting.day_word(activity.at, now, timezone)
    return f"{ACTORS[activity.actor]}, {day}" if day else str(ACTORS[activity.actor])


def _worded(activity: Activity, now: datetime, timezone: tzinfo) -> str:
    return fullest(LINES[activity.code].wordings, _values(activity.params, now, timezone))


def _values(params: dict[str, Any], now: datetime, timezone: tzinfo) -> dict[str, str]:
    """The known parameters as text; instants with the day's name when it is not today."""
    values = {}
    for name, param in (("start", "start_at"), ("until", "until"), ("deadline", "deadline_at")):
        at = parse_datetime(str(params.get(param) or ""))
        if at is not None:
            values[name] = formatting.clock(at, timezone)
    for name, param in (("level", "soc_percent"), ("minimum", "minimum_percent")):
        if isinstance(params.get(param), int | float):
            values[name] = formatting.percent(params[param])
    if params.get("cause") in set(Cause):
        values["finding"] = title_of_params(params)
    for name, param in (("place", "place"), ("time", "deadline")):
        if params.get(param):
            values[name] = str(params[param])
    return values
