"""Findings of every cause, for tests of what is said of them."""

from __future__ import annotations

from datetime import time
from html import unescape
from typing import Any

from django.test import Client as Browser
from django.urls import reverse

from charging.core.causes import Cause, Seen
from charging.models import Finding, Vehicle
from tests import factories
from tests.views.cars import text_of

NIGHTS = (8, 9)
"""Two nights of December 2025, the second of them tonight's evening."""


TITLES = {
    Cause.TIMER: "Your car seems to wait for a timer at 21:00",
    Cause.CEILING: "Something stops charging at 60 %",
    Cause.TUG_OF_WAR: "Something else starts and stops your car too",
    Cause.FOREIGN_START: "Something starts your car while it should wait",
}


def row(seen: Seen, value: str = "", *, hours: int = 20, minutes: int = 0, day: int = 8) -> dict[str, str]:
    """One row of evidence at a time on Oslo's clock."""
    return {"at": factories.at(hours, minutes, day=day).isoformat(), "seen": seen.value, "value": value}


def rows(seen: Seen, value: str = "", **at: int) -> list[dict[str, str]]:
    """The same on both nights."""
    return [row(seen, value, day=day, **at) for day in NIGHTS]


ASKED_AND_BEGAN = [*rows(Seen.START_SENT, hours=20, minutes=15), *rows(Seen.CHARGING_BEGAN, "11", hours=21)]

OF_CAUSE: dict[Cause, dict[str, Any]] = {
    Cause.TIMER: {"clock_time": time(21, 0), "evidence": ASKED_AND_BEGAN},
    Cause.WINDOW_END: {"clock_time": time(6, 0), "evidence": rows(Seen.CHARGING_ENDED, "71", hours=6)},
    Cause.CEILING: {"percent": 60.0, "evidence": rows(Seen.CEILING_REACHED, "60", hours=3)},
    Cause.LIMIT_AUTOMATION: {
        "clock_time": time(19, 0),
        "percent": 50.0,
        "evidence": rows(Seen.LIMIT_CHANGED, "80 > 50", hours=19),
    },
    Cause.UNDONE: {"evidence": [*rows(Seen.START_CONFIRMED), *rows(Seen.CHARGING_ENDED, "41", minutes=9)]},
    Cause.FOREIGN_START: {
        "clock_time": time(19, 40),
        "evidence": [*rows(Seen.STOP_CONFIRMED, hours=18), *rows(Seen.CHARGING_BEGAN, "7.4", hours=19, minutes=40)],
    },
    Cause.TUG_OF_WAR: {"evidence": [*rows(Seen.CHARGING_BEGAN, "11"), *rows(Seen.CHARGING_ENDED, "40", minutes=5)]},
    Cause.CHARGER_REFUSES: {"nights": 1, "evidence": [row(Seen.CONFLICT_ANSWERED, "START")]},
    Cause.REPORTED_SCHEDULE: {"nights": 1, "evidence": [row(Seen.SCHEDULE_REPORTED, "PREFERRED_TIMES")]},
    Cause.SECOND_ACCOUNT: {"nights": 1, "evidence": [row(Seen.SECOND_ACCOUNT)]},
    Cause.CHARGER_PAUSES: {"evidence": [*rows(Seen.CHARGING_BEGAN, "7"), *rows(Seen.CHARGING_ENDED, "40", minutes=1)]},
    Cause.OTHER_OPTIMISER: {"nights": 3, "evidence": rows(Seen.CHARGING_BEGAN, "11", hours=1, minutes=15)},
    Cause.RANDOM_STARTS: {"nights": 3, "evidence": rows(Seen.CHARGING_BEGAN, "11", hours=2, minutes=37)},
}
"""What makes a finding of each cause what it is."""


def make_finding(vehicle: Vehicle, cause: Cause = Cause.TIMER, **values: Any) -> Finding:
    """A confirmed finding with the evidence of its cause, as of the evening of the story."""
    seen = {"first_seen_at": factories.at(21, day=8), "last_seen_at": factories.at(21, day=9)}
    defaults = {"cause": cause.value, "clock_time": None, **seen, **OF_CAUSE[cause]}
    return factories.make_finding(vehicle=vehicle, **defaults | values)


def address_of(finding: Finding) -> str:
    return reverse("car_finding", args=[finding.vehicle.public_id, finding.pk])


def shown(browser: Browser, address: str) -> str:
    return unescape(text_of(browser.get(address))).replace("\N{NO-BREAK SPACE}", " ")
