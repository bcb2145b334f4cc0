"""Months in which nobody else controls the car, made from a seed: every look-alike, again and again, at any time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from random import Random

from charging.core.nights import Night
from tests.core.night_stories import MONDAY, tell

NET = time(1, 30)
LAST_LINE = "07:10 stops"
SURPRISES_APART = 15
"""One surprise is the owner's wish: more than the nights that are judged together lie between two of a kind."""


def clock(minutes: float) -> str:
    """The time so many minutes after six in the evening."""
    hour, minute = divmod(18 * 60 + round(minutes), 60)
    return f"{hour % 24:02}:{minute:02}"


def after(start: float, *steps: tuple[float, str]) -> tuple[str, ...]:
    """Lines at so many minutes after `start`."""
    return tuple(f"{clock(start + minutes)} {words}" for minutes, words in steps)


def held(rng: Random) -> tuple[str, ...]:
    """Plugged in at six, charging until its power is known, then held."""
    stop = rng.uniform(5, 14)
    return ("18:00 plugged in", "18:00 charges", *after(stop, (0, "we stop"), (rng.uniform(1, 12), "stops")))


def window(rng: Random, start: float) -> tuple[str, ...]:
    """One window of the plan, ended by us."""
    length = rng.uniform(40, 150)
    slow = rng.uniform(1, 12)
    return after(start, (0, "we start"), (slow, "charges"), (length, "we stop"), (length + rng.uniform(1, 12), "stops"))


def plain(rng: Random) -> tuple[str, ...]:
    return (*held(rng), *window(rng, rng.uniform(120, 400)))


def tries_the_charger(rng: Random) -> tuple[str, ...]:
    blip = rng.uniform(5, 26)
    tried = ("18:00 plugged in", "18:00 charges", *after(blip, (0, "stops"), (2, "we stop")))
    return (*tried, *window(rng, rng.uniform(120, 400)))


def sleeps(rng: Random) -> tuple[str, ...]:
    """The START is taken, the car hibernates, and wakes when it likes."""
    start, wakes = rng.uniform(120, 200), rng.uniform(60, 300)
    asleep = ((0, "it falls silent"), (1, "we start"), (wakes, "charges"), (wakes + 7, "it is heard again"))
    return (*held(rng), *after(start, *asleep, (wakes + 60, "we stop"), (wakes + 62, "stops")))


def loses_contact(rng: Random) -> tuple[str, ...]:
    start = rng.uniform(120, 200)
    lost = ((30, "it falls silent"), (rng.uniform(40, 60), "stops"), (rng.uniform(65, 200), "it is heard again"))
    return (*held(rng), *after(start, (0, "we start"), (2, "charges"), *lost))


def reaches_its_limit(rng: Random) -> tuple[str, ...]:
    start = rng.uniform(200, 300)
    return (*held(rng), *after(start, (0, "we start"), (2, "charges"), (60, "the level is 79.4"), (70, "stops")))


def is_balanced(rng: Random) -> tuple[str, ...]:
    """The power steps up and down, and is taken away for a while."""
    start = rng.uniform(200, 300)
    steps = [(10.0 * n, f"charges at {rng.choice((1.4, 3.6, 7.2, 11))}") for n in range(1, 9)]
    away = ((100, "charges at 11"), (110, "charges at 1.4"), (120, "stops"), (rng.uniform(130, 150), "charges at 3.6"))
    return (*held(rng), *after(start, (0, "we start"), *steps, *away))


def loses_power(rng: Random) -> tuple[str, ...]:
    start = rng.uniform(200, 300)
    off = ((rng.uniform(20, 60), "no power"), (rng.uniform(65, 90), "charges"))
    return (*held(rng), *after(start, (0, "we start"), (2, "charges"), *off))


def is_protected(rng: Random) -> tuple[str, ...]:
    fell = rng.uniform(100, 200)
    drawn = ((0, "we protect"), (2, "charges"), (50, "it is protected"), (51, "we stop"), (52, "stops"))
    return (*held(rng), *after(fell, *drawn))


def follows_late(rng: Random) -> tuple[str, ...]:
    """Commands cross: the START of before takes effect after the STOP."""
    start = rng.uniform(120, 300)
    return (*held(rng), *after(start, (0, "we start"), (5, "we send it again"), (9, "we stop"), (12, "charges")))


def charges_to_its_own_minimum(rng: Random) -> tuple[str, ...]:
    level = rng.choice((45, 50, 55, 60))
    charged = after(rng.uniform(40, 90), (0, f"the level is {level}"), (1, "stops"), (4, "we stop"))
    return ("18:00 plugged in", "18:00 charges", *charged, *window(rng, rng.uniform(200, 400)))


def preheats(rng: Random) -> tuple[str, ...]:
    start = rng.uniform(650, 700)
    drawn = ((0, "charges at 2"), (rng.uniform(12, 25), "the level is 30"), (26, "stops"))
    return (*held(rng), *after(start, *drawn))


def is_about_to_leave(rng: Random) -> tuple[str, ...]:
    return (*held(rng), *after(rng.uniform(500, 600), (0, "we start"), (2, "charges")), LAST_LINE)


def tops_up(rng: Random) -> tuple[str, ...]:
    return (*held(rng), *after(rng.uniform(100, 300), (0, "the level is 78.5"), (6, "charges"), (30, "stops")))


def is_taken_over(rng: Random) -> tuple[str, ...]:
    """The owner starts it, perhaps twice, and says so."""
    start = rng.uniform(60, 300)
    return (
        *held(rng),
        *after(start, (0, "charges"), (30, "stops"), (40, "that was me"), (45, "charges"), (80, "stops")),
    )


def has_its_net(rng: Random) -> tuple[str, ...]:
    return (*held(rng), *after(450 + rng.uniform(0, 4), (0, "charges"), (12, "we stop"), (14, "stops")))


NIGHTS: tuple[Callable[[Random], tuple[str, ...]], ...] = (
    *(plain, tries_the_charger, sleeps, loses_contact, reaches_its_limit, is_balanced, loses_power, is_protected),
    *(follows_late, charges_to_its_own_minimum, preheats, is_about_to_leave, tops_up, is_taken_over, has_its_net),
)


def starts_after_arrival(rng: Random) -> tuple[str, ...]:
    return (*held(rng), *after(rng.uniform(35, 115), (0, "charges"), (40, "stops")))


def is_undone_once(rng: Random) -> tuple[str, ...]:
    return (*held(rng), *after(rng.uniform(200, 400), (0, "we start"), (2, "charges"), (9, "stops")))


def waits_once(rng: Random) -> tuple[str, ...]:
    return (*held(rng), *after(rng.uniform(200, 300), (0, "we start"), (45, "we start"), (50, "charges")))


def is_set_for_a_trip(rng: Random) -> tuple[str, ...]:
    return (*held(rng), *after(rng.uniform(60, 90), (0, "the limit is 90")))


def ends_early_once(rng: Random) -> tuple[str, ...]:
    return (*held(rng), *after(rng.uniform(200, 300), (0, "we start"), (2, "charges"), (90, "stops")))


SURPRISES = (starts_after_arrival, is_undone_once, waits_once, is_set_for_a_trip, ends_early_once)


def end_of(lines: tuple[str, ...], rng: Random, day: date) -> Night:
    """The night of these lines, unplugged in the morning."""
    minutes = 15 if lines[-1] == LAST_LINE else rng.randrange(20, 50)
    soc = rng.uniform(36, 44)
    return tell(*lines, f"07:{minutes} unplugged", day=day, soc=soc, safety_net=NET, minimum_percent=30.0)


def clean_month(rng: Random, *, first: date = MONDAY, count: int = 60) -> tuple[Night, ...]:
    """So many nights, every other one with a look-alike, now and then with a surprise, some of them elsewhere."""
    nights = []
    for number in range(count):
        surprise = SURPRISES[number % SURPRISES_APART] if number % SURPRISES_APART < len(SURPRISES) else None
        lines = (surprise or rng.choice(NIGHTS))(rng)
        night = end_of(lines, rng, first + timedelta(days=number))
        nights.append(replace(night, is_at_place=rng.random() > 0.1))
    return tuple(nights)
