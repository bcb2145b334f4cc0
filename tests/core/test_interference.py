"""How sightings become findings: scores, recent nights, and what goes before what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from charging.core.causes import Cause, Seen, Status
from charging.core.interference import MOST_EVIDENCE, judge
from charging.core.nights import Night
from tests.core.interference_stories import (
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
    random_starts,
)
from tests.core.night_stories import MONDAY, tell

TWICE = (*UNDONE[:-1], "02:40 we start", "02:41 charges", "02:52 stops", UNPLUGGED)
STARTED_TWICE = (*STARTED[:-1], "23:30 charges", "23:59 stops", UNPLUGGED)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param(nights(TWICE), [(Cause.UNDONE, Status.SUSPECTED, 2)], id="undone twice in a night"),
        pytest.param(nights(UNDONE, UNDONE), [(Cause.UNDONE, Status.CONFIRMED, 4)], id="undone on two nights"),
        pytest.param(nights(STARTED_TWICE), [(Cause.FOREIGN_START, Status.SUSPECTED, 2)], id="started twice"),
        pytest.param(nights(FIGHT), [(Cause.TUG_OF_WAR, Status.SUSPECTED, 2)], id="one fight"),
        pytest.param(nights(CONFLICT), [(Cause.CHARGER_REFUSES, Status.CONFIRMED, 3)], id="direct"),
        pytest.param(nights(CONFLICT, CONFLICT), [(Cause.CHARGER_REFUSES, Status.CONFIRMED, 6)], id="direct twice"),
        pytest.param(
            nights(UNDONE, IDLE, IDLE, IDLE, UNDONE), [(Cause.UNDONE, Status.CONFIRMED, 4)], id="two of the last five"
        ),
        pytest.param(
            nights(UNDONE, UNDONE, IDLE, IDLE, IDLE, IDLE), [(Cause.UNDONE, Status.SUSPECTED, 4)], id="one of them"
        ),
    ],
)
def test_the_score_decides_how_sure_we_are(told: tuple[Night, ...], expected: list[tuple[Cause, Status, int]]) -> None:
    assert found(told) == expected


def test_nights_away_from_a_place_neither_count_nor_separate() -> None:
    away = [replace(night, is_at_place=False) for night in nights(UNDONE, UNDONE, UNDONE)]
    told = (*nights(UNDONE), *away, *nights(UNDONE, first=MONDAY + 9 * DAY))

    assert judge(tuple(away), now=away[-1].seen_until) == ()
    assert only(told).nights == 2


def test_a_fight_is_told_once_and_not_as_what_it_is_made_of() -> None:
    told = nights(FIGHT, FIGHT)

    finding = only(told)

    assert finding.codes == ("F8",)
    assert {row.seen for row in finding.evidence} == {Seen.CHARGING_ENDED}


def test_three_changes_within_an_hour_are_a_fight_whoever_began_it() -> None:
    changes = ("20:00 charges", "20:20 stops", "20:40 charges", "21:30 stops")

    assert found(nights((*HELD, *changes, UNPLUGGED))) == [(Cause.TUG_OF_WAR, Status.SUSPECTED, 2)]


def test_a_night_that_the_driver_has_taken_over_shows_no_fight() -> None:
    told = tuple(replace(night, is_claimed=True) for night in nights(FIGHT, FIGHT))

    assert found(told) == []


def test_starts_at_irregular_times_are_one_cause_and_at_the_same_time_another() -> None:
    irregular, regular = random_starts("19:20", "23:05", "21:40"), random_starts("19:20", "19:21", "19:18")
    with_a_gap = (
        *irregular[:2],
        *nights(CLEAN, first=MONDAY + 2 * DAY),
        *random_starts("20:30", first=MONDAY + 3 * DAY),
    )

    assert only(irregular).cause is Cause.RANDOM_STARTS
    assert (only(regular).cause, only(regular).clock_time) == (Cause.FOREIGN_START, time(19, 20))
    assert only(with_a_gap).cause is Cause.FOREIGN_START


def test_once_right_after_arrival_is_the_owner_and_twice_is_not() -> None:
    arrival = (*HELD, "19:30 charges", "19:58 stops", UNPLUGGED)

    assert found(nights((*arrival[:-1], "20:00 we stop", "20:30 charges", "20:50 stops", UNPLUGGED))) == []
    assert only(nights(arrival, arrival)).cause is Cause.FOREIGN_START


@pytest.mark.parametrize(
    "saturday", [date(2026, 3, 28), date(2026, 10, 24)], ids=["into summer time", "out of summer time"]
)
def test_a_timer_is_found_across_a_change_of_clocks(saturday: date) -> None:
    finding = only(nights(TIMER, TIMER, first=saturday - DAY))

    assert (finding.cause, finding.clock_time) == (Cause.TIMER, time(23, 0))


@pytest.mark.parametrize("clock", ["00:00", "23:58", "00:20"])
def test_a_timer_may_be_set_to_midnight(clock: str) -> None:
    story = (*TIMER[:3], f"{clock} charges", UNPLUGGED)

    assert only(nights(story, story)).clock_time == time.fromisoformat(clock if clock != "23:58" else "00:00")


def test_ends_at_the_same_level_and_time_are_the_clocks_at_a_half_hour_and_the_batterys_otherwise() -> None:
    by_the_clock = nights(WINDOW, WINDOW, WINDOW, soc=30.0)
    by_the_level = nights(CEILING, CEILING, CEILING)
    stopped = (*HELD, "02:00 we start", "02:01 charges", "03:40 stops", UNPLUGGED)

    assert only(by_the_clock).cause is Cause.WINDOW_END
    assert only(by_the_level).cause is Cause.CEILING
    assert only(nights(stopped, stopped, stopped)).cause is Cause.CEILING


def test_ends_at_the_same_time_and_other_levels_are_the_clocks_at_any_minute() -> None:
    stopped = (*HELD, "02:00 we start", "02:01 charges", "03:40 stops", UNPLUGGED)

    told = (tell(*stopped, soc=30.0), tell(*stopped, soc=40.0, day=MONDAY + DAY))

    assert (only(told).cause, only(told).clock_time) == (Cause.WINDOW_END, time(3, 40))


@pytest.mark.parametrize(
    ("schedule", "opens_at"),
    [
        ("preferred times 23:00-06:00", time(23, 0)),
        ("22.30 to 24.00", time(22, 30)),
        ("24:00 – 6:00", time(0, 0)),
        ("departure 07:30", None),
        ("25:00-26:00", None),
        ("off-peak", None),
    ],
)
def test_a_reported_schedule_has_a_time_where_it_names_hours(schedule: str, opens_at: time | None) -> None:
    (night,) = nights((*HELD, f"18:30 the car says {schedule}", UNPLUGGED))

    assert only((night,)).clock_time == opens_at


@pytest.mark.parametrize(
    ("lines", "opens_at"),
    [
        pytest.param(("20:00 we start", "20:01 charges"), None, id="it follows us before the hours"),
        pytest.param(("22:54 we start", "22:55 charges"), time(23, 0), id="just before them"),
        pytest.param(("02:00 we start", "02:01 charges"), time(23, 0), id="within them"),
        pytest.param(("06:20 we start", "06:21 charges"), None, id="it follows us after them"),
        pytest.param(("20:00 charges",), time(23, 0), id="it was started by somebody else"),
        pytest.param(("20:00 we start", "20:01 charges", "20:05 stops"), time(23, 0), id="for one reading"),
    ],
)
def test_reported_hours_that_do_not_hold_the_car_back_are_no_window(
    lines: tuple[str, ...], opens_at: time | None
) -> None:
    (night,) = nights((*REPORTED[:-1], *lines, UNPLUGGED))

    finding = next(f for f in judge((night,), now=night.seen_until) if f.cause is Cause.REPORTED_SCHEDULE)

    assert finding.clock_time == opens_at


def test_only_the_newest_rows_of_evidence_are_kept() -> None:
    fights = tuple(
        line
        for hour in range(20, 23)
        for line in (f"{hour}:10 charges", f"{hour}:21 stops", f"{hour}:32 charges", f"{hour}:43 stops")
    )

    finding = only(nights(*[(*HELD, *fights, UNPLUGGED)] * 4))

    assert len(finding.evidence) == MOST_EVIDENCE
    assert finding.evidence[-1].at == finding.last_seen_at
    assert list(finding.evidence) == sorted(finding.evidence, key=lambda row: row.at)


def test_what_is_found_does_not_depend_on_the_order_of_anything_but_the_nights() -> None:
    told = nights(TIMER, UNDONE, TIMER, STARTED, UNDONE, LIMIT, LIMIT)

    assert judge(told, now=told[-1].seen_until) == judge(list(told), now=told[-1].seen_until)
