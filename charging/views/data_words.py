"""What is stored of a driver, in plain words: one row for each heading of charging/data/privacy.toml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from charging.operations.privacy import kept_for

Words = str | Promise

WORDS: dict[str, tuple[Words, Words, Words]] = {
    "account": (
        gettext_lazy("Your account"),
        gettext_lazy("Your email address, your password as a checksum, your language"),
        gettext_lazy("To sign you in and to write to you"),
    ),
    "signing_in": (
        gettext_lazy("Signing in and setting up"),
        gettext_lazy("Where you are signed in, attempts that failed, and how the setup went, question by question"),
        gettext_lazy("To keep others out of your account, and to find out which questions are hard"),
    ),
    "cars": (
        gettext_lazy("Your cars"),
        gettext_lazy("Make, model, battery, your settings and your answers in the setup"),
        gettext_lazy("To charge each car as you asked"),
    ),
    "places": (
        gettext_lazy("Your places"),
        gettext_lazy("Name, point on the map, and what power costs there"),
        gettext_lazy("To see whether a car is at one of them, and when power is cheap"),
    ),
    "position": (
        gettext_lazy("Where a car is"),
        gettext_lazy("Its newest position only, never where it was before"),
        gettext_lazy("To see at which place it is plugged in"),
    ),
    "readings": (
        gettext_lazy("What your cars report"),
        gettext_lazy("Battery level, plugged in or not, charging or not, power"),
        gettext_lazy("To plan, and to see that your car really charges"),
    ),
    "decisions": (
        gettext_lazy("Decisions"),
        gettext_lazy("What was decided for your car, and from what"),
        gettext_lazy("To explain to you what happened"),
    ),
    "charging": (
        gettext_lazy("Charging"),
        gettext_lazy("Plans, charging sessions, costs, savings, and what happened"),
        gettext_lazy("To show you your history"),
    ),
    "commands": (
        gettext_lazy("Starts and stops"),
        gettext_lazy("What was sent to your car, who signed in, and what support changed"),
        gettext_lazy("To find out what went wrong"),
    ),
    "messages": (
        gettext_lazy("Messages to your app"),
        gettext_lazy("What an app that you use Readyby through is told"),
        gettext_lazy("To tell it again when it did not answer"),
    ),
}
"""By heading: what it is called, what is in it, and what for."""


@dataclass(frozen=True, slots=True)
class DataRow:
    """One row of the page; `kept` says for how long."""

    name: Words
    what: Words
    why: Words
    kept: str


def data_rows() -> list[DataRow]:
    """Returns the rows in their order."""
    return [DataRow(name, what, why, _kept(kept_for(heading))) for heading, (name, what, why) in WORDS.items()]


def _kept(time: timedelta | None) -> str:
    if time is None:
        return _("until you delete it")
    hours = int(time.total_seconds() // 3600)
    if (hours <= 48 and hours % 24 != 0) or hours == 24:
        return ngettext("%(hours)d hour", "%(hours)d hours", hours) % {"hours": hours}
    return ngettext("%(days)d day", "%(days)d days", time.days) % {"days": time.days}
