"""When a cause is gone, when it is back, and which nights say something of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from charging.core.causes import Cause, Status
from charging.core.interference import judge
from charging.core.nights import Night
from charging.core.standing import is_gone, seen_again
from tests.core.interference_stories import (
    ALL_NIGHT,
    CEILING,
    CLEAN,
    CONFLICT,
    DAY,
    FIGHT,
    HELD,
    IDLE,
    LIMIT,
    REPORTED,
    STARTED,
    TIMER,
    UNDONE,
    UNPLUGGED,
    WINDOW,
    found,
    nights,
    only,
)
from tests.core.night_stories import MONDAY, tell

LOWERED = (*LIMIT[:-1], "07:00 the limit is 80", UNPLUGGED)
GONE = {
    Cause.UNDONE: (UNDONE, CLEAN, IDLE),
    Cause.FOREIGN_START: (STARTED, CLEAN, IDLE),
    Cause.TIMER: (TIMER, CLEAN, IDLE),
    Cause.WINDOW_END: (WINDOW, CLEAN, ALL_NIGHT),
    Cause.CEILING: (CEILING, CLEAN, IDLE),
    Cause.LIMIT_AUTOMATION: (LOWERED, CLEAN, ("23:00 plugged in", UNPLUGGED)),
    Cause.TUG_OF_WAR: (FIGHT, CLEAN, IDLE),
    Cause.CHARGER_REFUSES: (CONFLICT, CLEAN, IDLE),
    Cause.REPORTED_SCHEDULE: (REPORTED, CLEAN, IDLE),
}
"""By cause: the night that shows it, one that could have and did not, and one that says nothing."""


def stories(cause: Cause, *kinds: int) -> tuple[Night, ...]:
    level = 20.0 if cause is Cause.WINDOW_END else 40.0
    return nights(*(GONE[cause][kind] for kind in kinds), soc=level)


def still_found(cause: Cause, *kinds: int) -> bool:
    told = stories(cause, *kinds)
    return cause in {finding.cause for finding in judge(told, now=told[-1].seen_until)}


@pytest.mark.parametrize("cause", GONE)
def test_two_clean_nights_end_a_cause_and_nights_that_say_nothing_do_not(cause: Cause) -> None:
    assert still_found(cause, 0, 0, 0)
    assert still_found(cause, 0, 0, 0, 1)
    assert still_found(cause, 0, 0, 0, 1, 2, 2)
    assert not still_found(cause, 0, 0, 0, 1, 1)
    assert not still_found(cause, 0, 0, 0, 1, 2, 1)


@pytest.mark.parametrize("cause", GONE)
def test_a_stored_finding_is_gone_by_the_same_nights(cause: Cause) -> None:
    shown = stories(cause, 0, 0, 0)
    finding = next(f for f in judge(shown, now=shown[-1].seen_until) if f.cause is cause)
    known = {"since": finding.last_seen_at, "clock_time": finding.clock_time, "percent": finding.percent}

    def gone(*kinds: int) -> bool:
        return is_gone(cause, stories(cause, *kinds), **known)  # type: ignore[arg-type]

    assert not gone(0, 0, 0)
    assert not gone(0, 0, 0, 1, 2, 2)
    assert not gone(0, 0, 0, 1, 0)
    assert gone(0, 0, 0, 1, 1)
    assert gone(0, 0, 0, 1, 2, 1)


def test_a_cause_that_comes_back_needs_its_nights_again() -> None:
    told = nights(TIMER, TIMER, CLEAN, CLEAN, TIMER)
    again = nights(TIMER, TIMER, CLEAN, CLEAN, TIMER, TIMER)

    assert found(told) == []
    assert only(again).nights == 2
    assert only(again).first_seen_at == only(again).evidence[1].at


def test_a_night_that_goes_on_is_not_clean_yet() -> None:
    going_on = tell(*CLEAN[:-1], "06:00 goes on", day=MONDAY + 3 * DAY)

    assert found((*nights(UNDONE, UNDONE, CLEAN), going_on)) == [(Cause.UNDONE, Status.CONFIRMED, 4)]


@pytest.mark.parametrize(
    ("again", "is_alike"),
    [
        pytest.param(TIMER, True, id="the same time"),
        pytest.param((*TIMER[:3], "23:20 charges", UNPLUGGED), False, id="another time"),
        pytest.param(CLEAN, False, id="not at all"),
    ],
)
def test_a_timer_is_seen_again_at_its_time(again: tuple[str, ...], is_alike: bool) -> None:
    told = nights(TIMER, TIMER, CLEAN, again)
    since = told[2].plugged_in_at

    seen = seen_again(Cause.TIMER, told, since=since, clock_time=time(23, 0), percent=None)

    assert bool(seen) == is_alike


@pytest.mark.parametrize(("percent", "is_alike"), [(60.0, True), (61.0, True), (70.0, False), (None, True)])
def test_a_ceiling_is_seen_again_at_its_level(percent: float | None, is_alike: bool) -> None:
    told = nights(CEILING)

    seen = seen_again(Cause.CEILING, told, since=told[0].plugged_in_at, clock_time=None, percent=percent)

    assert bool(seen) == is_alike


def test_a_schedule_is_seen_again_whenever_it_is_reported() -> None:
    told = nights(REPORTED)

    assert seen_again(Cause.REPORTED_SCHEDULE, told, since=told[0].plugged_in_at, clock_time=time(23, 0), percent=None)


def test_what_was_seen_before_is_not_seen_again() -> None:
    told = nights(UNDONE)

    assert seen_again(Cause.UNDONE, told, since=told[0].seen_until, clock_time=None, percent=None) == ()


def test_a_car_that_only_tries_the_charger_has_not_lost_its_timer() -> None:
    trying = ("18:00 plugged in", "18:00 charges", "18:10 stops", "18:12 we start", *TIMER[2:])
    tries_and_is_held = (*CLEAN[:2], "18:06 we stop", "18:08 stops", *CLEAN[4:])
    tries_for_long = ("18:00 plugged in", "18:00 charges", "18:20 stops", "00:30 we start", "00:31 charges", UNPLUGGED)
    asked = ("18:00 plugged in", "18:01 we start", "18:03 charges", "18:15 stops", UNPLUGGED)

    assert Cause.TIMER in {cause for cause, *_ in found(nights(trying, trying, tries_and_is_held, tries_and_is_held))}
    assert Cause.TIMER in {cause for cause, *_ in found(nights(TIMER, TIMER, tries_for_long, tries_for_long))}
    assert Cause.TIMER not in {cause for cause, *_ in found(nights(trying, trying, asked, asked))}


LATE = ("23:30 plugged in", "23:31 charges", UNPLUGGED)
SHORT = ("18:00 plugged in", "18:01 charges", "22:00 unplugged")


@pytest.mark.parametrize("story", [LATE, SHORT], ids=["plugged in after it", "unplugged before it"])
def test_a_night_that_does_not_reach_the_timer_says_nothing_of_it(story: tuple[str, ...]) -> None:
    assert (Cause.TIMER, Status.CONFIRMED, 4) in found(nights(TIMER, TIMER, story, story))


def test_nights_at_random_times_say_nothing_of_a_timer_without_a_time() -> None:
    elsewhen = (*TIMER[:3], "21:20 charges", UNPLUGGED)

    assert not is_gone(
        Cause.TIMER, nights(TIMER, elsewhen, CLEAN, CLEAN), since=MONDAY_EVENING, clock_time=None, percent=None
    )


MONDAY_EVENING = tell(*IDLE).plugged_in_at


def test_a_start_at_a_known_time_is_clean_where_we_held_the_car_then() -> None:
    held_early = (*HELD, "19:30 we start", "19:31 charges", "19:58 we stop", "19:59 stops", "20:10 unplugged")
    told = nights(STARTED, STARTED, held_early, held_early)

    assert (Cause.FOREIGN_START, Status.CONFIRMED, 4) in found(told)


def test_a_hold_too_short_to_tell_is_not_clean() -> None:
    brief = (*HELD, "18:30 we start", "18:31 charges", UNPLUGGED)
    unheard = ("18:00 plugged in", "18:00 charges", "18:10 we stop", UNPLUGGED)
    once, elsewhen = (*STARTED[:4], "22:20 charges", "22:58 stops", UNPLUGGED), STARTED

    assert Cause.FOREIGN_START in {cause for cause, *_ in found(nights(once, elsewhen, brief, brief, unheard))}
    assert found(nights(once, elsewhen, CLEAN, CLEAN)) == []


def test_a_car_that_tells_no_limit_says_nothing_of_it() -> None:
    mute = [
        replace(night, readings=tuple(replace(r, charge_limit_percent=None) for r in night.readings))
        for night in nights(CLEAN, CLEAN, first=MONDAY + 2 * DAY)
    ]

    assert [cause for cause, *_ in found((*nights(LIMIT, LIMIT), *mute))] == [Cause.LIMIT_AUTOMATION]
