"""Each signature on the night that its rule allows, with the right cause; and the near miss that is none."""

from __future__ import annotations

from datetime import time

import pytest

from charging.core.causes import Cause, Status
from charging.core.interference import Finding, judge
from charging.core.nights import Night
from tests.core.interference_stories import (
    CEILING,
    CONFLICT,
    DAY,
    FIGHT,
    HELD,
    LIMIT,
    REPORTED,
    STARTED,
    TIMER,
    TOGGLED,
    UNDONE,
    UNPLUGGED,
    WINDOW,
    random_starts,
)
from tests.core.night_stories import MONDAY, next_days, tell


def found(*nights: Night, has_second_account: bool = False) -> tuple[Finding, ...]:
    return judge(nights, now=nights[-1].seen_until, has_second_account=has_second_account)


def causes(*nights: Night) -> list[Cause]:
    return [finding.cause for finding in found(*nights) if finding.status is Status.CONFIRMED]


STORIES = [
    pytest.param(next_days(2, *UNDONE), Cause.UNDONE, "F1", None, None, id="F1 on two nights"),
    pytest.param(next_days(2, *STARTED), Cause.FOREIGN_START, "F2", time(20, 30), None, id="F2 on two nights"),
    pytest.param(next_days(2, *TIMER), Cause.TIMER, "F3", time(23, 0), None, id="F3 on two nights"),
    pytest.param(next_days(2, *WINDOW, soc=30.0), Cause.WINDOW_END, "F4", time(6, 0), None, id="F4 on two nights"),
    pytest.param(next_days(3, *CEILING), Cause.CEILING, "F5", None, 60, id="F5 on three nights"),
    pytest.param(next_days(2, *LIMIT), Cause.LIMIT_AUTOMATION, "F6", time(22, 0), 50, id="F6 every day at ten"),
    pytest.param(
        next_days(2, *LIMIT[:-1], "07:00 the limit is 80", UNPLUGGED),
        *(Cause.LIMIT_AUTOMATION, "F6", time(22, 0), 50),
        id="F6 every day at ten, and back",
    ),
    pytest.param(
        next_days(2, *HELD, "22:00 the limit is 90", UNPLUGGED, soc=20.0),
        *(Cause.LIMIT_AUTOMATION, "F6", time(22, 0), 90),
        id="F6 raised every day",
    ),
    pytest.param(next_days(2, *FIGHT), Cause.TUG_OF_WAR, "F8", None, None, id="F8 on two nights"),
    pytest.param(next_days(1, *CONFLICT), Cause.CHARGER_REFUSES, "F11", None, None, id="F11 at once"),
    pytest.param(next_days(1, *REPORTED), Cause.REPORTED_SCHEDULE, "F12", time(23, 0), None, id="F12 at once"),
    pytest.param(
        random_starts("19:20", "23:05", "21:40"), Cause.RANDOM_STARTS, "F17", None, None, id="F17 on three nights"
    ),
]


@pytest.mark.parametrize(("nights", "cause", "code", "clock_time", "percent"), STORIES)
def test_a_signature_is_found_with_its_cause_and_nothing_else_is(
    nights: tuple[Night, ...], cause: Cause, code: str, clock_time: time | None, percent: float | None
) -> None:
    (finding,) = found(*nights)

    assert (finding.cause, finding.codes, finding.status) == (cause, (code,), Status.CONFIRMED)
    assert (finding.clock_time, finding.percent) == (clock_time, percent)
    assert finding.nights == len(nights)
    assert nights[0].plugged_in_at < finding.first_seen_at <= finding.last_seen_at <= nights[-1].seen_until
    assert {row.at.date() for row in finding.evidence} & {finding.last_seen_at.date()}


@pytest.mark.parametrize(("nights", "cause", "code", "clock_time", "percent"), STORIES)
def test_a_night_less_confirms_nothing(
    nights: tuple[Night, ...], cause: Cause, code: str, clock_time: time | None, percent: float | None
) -> None:
    fewer = nights[:-1]

    findings = found(*fewer) if fewer else ()

    assert [f.status for f in findings if f.cause is cause and f.status is Status.CONFIRMED] == []


def test_the_same_car_in_another_account_is_told_at_once_even_before_the_first_night() -> None:
    night = tell(*HELD, UNPLUGGED)

    (finding,) = found(night, has_second_account=True)
    (alone,) = judge((), now=night.plugged_in_at, has_second_account=True)

    assert (finding.cause, finding.codes, finding.status) == (Cause.SECOND_ACCOUNT, ("F15",), Status.CONFIRMED)
    assert finding.first_seen_at == finding.last_seen_at == night.seen_until
    assert alone.cause is Cause.SECOND_ACCOUNT


def with_limit_below_the_minimum() -> tuple[Night, ...]:
    return next_days(2, *LIMIT, minimum_percent=60.0)


def test_a_limit_that_is_lowered_below_the_minimum_is_told_with_the_automation() -> None:
    (finding,) = found(*with_limit_below_the_minimum())

    assert (finding.cause, finding.codes) == (Cause.LIMIT_AUTOMATION, ("F6", "F7"))
    assert (finding.percent, finding.score) == (50, 6)


def test_a_limit_that_goes_to_and_fro_on_two_nights_is_changed_by_something() -> None:
    nights = (
        tell(*TOGGLED),
        tell(*HELD, "19:30 the limit is 50", "23:20 the limit is 80", UNPLUGGED, day=MONDAY + DAY),
    )

    (finding,) = found(*nights)

    assert (finding.cause, finding.clock_time, finding.percent) == (Cause.LIMIT_AUTOMATION, None, 80)


TWO_NIGHTS_APART = (tell(*TIMER), tell(*TIMER[:-2], "23:20 charges", UNPLUGGED, day=MONDAY + DAY))
NEAR_MISSES = [
    pytest.param(next_days(1, *UNDONE), id="F1: once"),
    pytest.param(
        next_days(2, *UNDONE[:6], "02:20 stops", UNPLUGGED, soc=50.0)[:1]
        + next_days(1, *HELD, "03:00 we start", "03:01 charges", "03:35 stops", UNPLUGGED, first=MONDAY + DAY),
        id="F1: it charges on for longer than a quarter of an hour",
    ),
    pytest.param(next_days(2, *UNDONE[:6], "02:08 we stop", *UNDONE[6:]), id="F1: we stopped it"),
    pytest.param(next_days(2, *UNDONE[:6], "02:09 no power", UNPLUGGED), id="F1: the charger lost power"),
    pytest.param(next_days(2, *UNDONE[:6], "02:09 unplugged"), id="F1: it was unplugged"),
    pytest.param(
        next_days(1, *HELD[:2], "18:40 we stop", "18:41 stops", "18:50 charges", "20:30 stops", UNPLUGGED),
        id="F1: our STOP was undone",
    ),
    pytest.param(next_days(1, *STARTED), id="F2: once"),
    pytest.param(
        next_days(1, *HELD, "19:30 charges", "20:00 stops", UNPLUGGED)
        + next_days(1, *HELD, "23:30 charges", "23:59 stops", UNPLUGGED, first=MONDAY + DAY),
        id="F2: once, and once right after arrival",
    ),
    pytest.param(next_days(2, *HELD, "20:30 charges", "20:36 stops", UNPLUGGED), id="F2: for one reading only"),
    pytest.param(
        next_days(2, *STARTED[:4], "18:20 charges", "18:45 stops", UNPLUGGED),
        id="F2: for a while in the first half hour",
    ),
    pytest.param(next_days(2, *STARTED, is_claimed=True), id="F2: the driver said that was me"),
    pytest.param(next_days(2, *STARTED, safety_net=time(20, 30)), id="F2: the declared safety net"),
    pytest.param(next_days(1, *TIMER), id="F3: once"),
    pytest.param(TWO_NIGHTS_APART, id="F3: at different times"),
    pytest.param(next_days(2, *TIMER[:2], "18:20 charges", UNPLUGGED), id="F3: a slow start"),
    pytest.param(next_days(2, *TIMER, safety_net=time(23, 0)), id="F3: the declared safety net"),
    pytest.param(
        next_days(2, *TIMER[:2], "19:00 it falls silent", "22:50 charges", "23:00 it is heard again", UNPLUGGED),
        id="F3: asleep until then",
    ),
    pytest.param(next_days(1, *WINDOW, soc=30.0), id="F4: once"),
    pytest.param(
        (tell(*WINDOW, soc=30.0), tell(*WINDOW[:6], "05:10 stops", UNPLUGGED, day=MONDAY + DAY)),
        id="F4: at different times",
    ),
    pytest.param(
        next_days(2, *WINDOW[:6], "06:00 we stop", "06:01 stops", "07:45 unplugged", soc=30.0), id="F4: we stopped it"
    ),
    pytest.param(
        next_days(2, *HELD, "02:00 we start", "02:01 charges", "06:00 stops", "06:06 unplugged", soc=30.0),
        id="F4: departure",
    ),
    pytest.param(next_days(2, *CEILING), id="F5: on two nights only"),
    pytest.param(next_days(3, *CEILING, limit=61.5), id="F5: near its limit"),
    pytest.param(next_days(3, *CEILING[:8], "03:55 charges", UNPLUGGED), id="F5: it charges on above that"),
    pytest.param(next_days(3, *CEILING[:8], "04:05 unplugged"), id="F5: unplugged before it is sure"),
    pytest.param(next_days(1, *LIMIT), id="F6: a single change"),
    pytest.param(next_days(1, *TOGGLED), id="F6: for a trip, there and back"),
    pytest.param(next_days(1, *LIMIT, minimum_percent=60.0), id="F7: a single change below the minimum"),
]


@pytest.mark.parametrize("nights", NEAR_MISSES)
def test_a_near_miss_is_no_finding(nights: tuple[Night, ...]) -> None:
    assert found(*nights) == ()
