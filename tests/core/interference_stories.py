"""Nights that show a signature each, and what is found in several of them."""

from __future__ import annotations

from datetime import date, timedelta

from charging.core.causes import Cause, Status
from charging.core.interference import Finding, judge
from charging.core.nights import Night
from tests.core.night_stories import MONDAY, tell

DAY = timedelta(days=1)
UNPLUGGED = "07:15 unplugged"
HELD = ("18:00 plugged in", "18:00 charges", "18:12 we stop", "18:14 stops")
"""The car charges when it is plugged in, and is held for cheaper hours."""

UNDONE = (*HELD, "02:00 we start", "02:01 charges", "02:09 stops", UNPLUGGED)
STARTED = (*HELD, "20:30 charges", "21:00 stops", UNPLUGGED)
TIMER = ("18:00 plugged in", "18:02 we start", "18:20 we start", "22:55 we start", "23:00 charges", UNPLUGGED)
WINDOW = (*HELD, "02:00 we start", "02:01 charges", "06:00 stops", "06:03 we start", "07:45 unplugged")
CEILING = (*HELD, "02:00 we start", "02:01 charges", "03:40 the level is 60", "03:40 says it is full", UNPLUGGED)
LIMIT = (*HELD, "22:00 the limit is 50", "02:00 we start", "02:01 charges", UNPLUGGED)
TOGGLED = (*HELD, "20:11 the limit is 50", "21:40 the limit is 80", UNPLUGGED)
FIGHT = (
    *(*HELD, "02:00 we start", "02:01 charges", "02:06 stops", "02:08 we start", "02:09 charges", "02:15 stops"),
    *("02:20 we stop", UNPLUGGED),
)
CONFLICT = (*HELD, "02:00 we start", "02:01 the answer names a conflict", UNPLUGGED)
REPORTED = (*HELD, "18:30 the car says preferred times 23:00-06:00", UNPLUGGED)
CLEAN = (*HELD, "02:00 we start", "02:01 charges", UNPLUGGED)
ALL_NIGHT = ("18:00 plugged in", "18:00 charges", "07:45 unplugged")
IDLE = ("18:00 plugged in", UNPLUGGED)


def random_starts(*clocks: str, first: date = MONDAY) -> tuple[Night, ...]:
    return tuple(
        tell(*HELD, f"{clock} charges", f"{clock[:2]}:58 stops", UNPLUGGED, day=first + number * DAY)
        for number, clock in enumerate(clocks)
    )


def nights(*stories: tuple[str, ...], first: date = MONDAY, soc: float = 40.0) -> tuple[Night, ...]:
    return tuple(tell(*lines, day=first + number * DAY, soc=soc) for number, lines in enumerate(stories))


def found(told: tuple[Night, ...]) -> list[tuple[Cause, Status, int]]:
    return [(f.cause, f.status, f.score) for f in judge(told, now=told[-1].seen_until)]


def only(told: tuple[Night, ...]) -> Finding:
    (finding,) = judge(told, now=told[-1].seen_until)
    return finding
