"""F9, F10 and F16: one controller told from another, as soon as its rule allows; and the near miss that is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from charging.core.causes import Cause, Status
from charging.core.facts import PowerDelivery
from charging.core.interference import Finding, judge
from charging.core.nights import Night
from charging.core.standing import is_gone
from tests.core.controller_stories import corrected, optimised, paused, priced
from tests.core.interference_stories import CLEAN, HELD, IDLE, UNPLUGGED
from tests.core.night_stories import MONDAY, tell

DAY = timedelta(days=1)


def found(*nights: Night) -> list[Finding]:
    return list(judge(nights, now=nights[-1].seen_until))


def causes(*nights: Night) -> list[tuple[Cause, Status]]:
    return [(finding.cause, finding.status) for finding in found(*nights)]


def gone(finding: Finding, *nights: Night) -> bool:
    """Whether the finding is gone after these nights."""
    return is_gone(finding.cause, nights, since=finding.last_seen_at, clock_time=None, percent=None)


def ended_at(night: Night, level: float | None, limit: float | None = None) -> Night:
    """The night of a car that tells this limit, always at this level, or at those it had."""
    readings = (
        replace(each, charge_limit_percent=limit, soc_percent=each.soc_percent if level is None else level)
        for each in night.readings
    )
    return replace(night, readings=tuple(readings))


class TestF16:
    def test_it_is_suspected_after_one_night_and_sure_after_two(self) -> None:
        first, second = paused(MONDAY, 30, 42, 12), paused(MONDAY + DAY, 15, 50)

        assert causes(first) == [(Cause.CHARGER_PAUSES, Status.SUSPECTED)]
        (finding,) = found(first, second)
        assert (finding.cause, finding.codes, finding.status) == (Cause.CHARGER_PAUSES, ("F16",), Status.CONFIRMED)
        assert finding.nights == 2
        assert len(finding.evidence) == 10

    @pytest.mark.parametrize(
        "night",
        [
            pytest.param(lambda day: paused(day, 30), id="once"),
            pytest.param(lambda day: paused(day, 30, 70), id="one went on for longer than a minute"),
            pytest.param(lambda day: paused(day, 30, 20, delivery=PowerDelivery.FAULT), id="a fault of the cable"),
            pytest.param(lambda day: replace(paused(day, 30, 20), is_claimed=True), id="the driver did it"),
            pytest.param(lambda day: ended_at(paused(day, 30, 20), 62.0), id="a limit that the car does not tell"),
        ],
    )
    def test_the_near_miss_is_none(self, night: Callable[[date], Night]) -> None:
        nights = [night(MONDAY + number * DAY) for number in range(3)]

        assert Cause.CHARGER_PAUSES not in {finding.cause for finding in found(*nights)}

    @pytest.mark.parametrize(("level", "limit"), [(None, None), (62.0, 80.0)], ids=["levels differ", "limit is known"])
    def test_tries_that_no_unknown_limit_ends_count(self, level: float | None, limit: float | None) -> None:
        nights = [ended_at(paused(MONDAY + n * DAY, 30, 20), level, limit) for n in range(2)]

        assert Cause.CHARGER_PAUSES in {finding.cause for finding in found(*nights)}

    def test_readings_that_are_minutes_apart_cannot_show_it(self) -> None:
        lines = ("02:00 we start", "02:01 charges", "02:06 stops", "02:20 we start", "02:21 charges", "02:26 stops")
        nights = [tell(*HELD, *lines, UNPLUGGED, day=MONDAY + number * DAY) for number in range(2)]

        assert Cause.CHARGER_PAUSES not in {finding.cause for finding in found(*nights)}

    def test_two_nights_in_which_it_charges_on_end_it(self) -> None:
        shown = [paused(MONDAY, 30, 42), paused(MONDAY + DAY, 15, 50)]
        (finding,) = found(*shown)
        later = [tell(*CLEAN, day=MONDAY + number * DAY) for number in (2, 3)]
        idle = [tell(*IDLE, day=MONDAY + number * DAY) for number in (2, 3)]

        assert gone(finding, *shown, *later)
        assert not gone(finding, *shown, *later[:1])
        assert not gone(finding, *shown, *idle)


class TestF9:
    @pytest.mark.parametrize("beat", [5, 15, 30])
    def test_whole_beats_after_our_commands_are_another_service(self, beat: int) -> None:
        (finding,) = found(corrected(MONDAY, beat, beat), corrected(MONDAY + DAY, beat, beat))

        assert finding.cause is Cause.TUG_OF_WAR
        assert "F9" in finding.codes
        assert finding.status is Status.CONFIRMED
        assert finding.nights == 2

    def test_it_is_not_sure_on_one_night(self) -> None:
        assert Status.CONFIRMED not in {finding.status for finding in found(corrected(MONDAY, 15, 15, 30))}

    @pytest.mark.parametrize(
        "minutes",
        [
            pytest.param(((15, 30), (15, 22)), id="one that is off the beat"),
            pytest.param(((15,), (30,)), id="too few"),
            pytest.param(((75, 75), (75, 75)), id="too long after"),
        ],
    )
    def test_the_near_miss_is_none(self, minutes: tuple[tuple[float, ...], ...]) -> None:
        nights = [corrected(MONDAY + number * DAY, *each) for number, each in enumerate(minutes)]

        assert not any("F9" in finding.codes for finding in found(*nights))

    def test_what_we_asked_in_vain_says_nothing(self) -> None:
        nights = []
        for number in range(3):
            night = corrected(MONDAY + number * DAY, 15, 15)
            nights.append(replace(night, commands=tuple(replace(c, confirmed_at=None) for c in night.commands)))

        assert not any("F9" in finding.codes for finding in found(*nights))

    def test_our_own_asking_every_five_minutes_is_no_beat(self) -> None:
        """The readings come five minutes apart, so that they show what happened at whole beats whatever it was."""
        lines = ("02:02 we start", "02:03 charges", "02:13 stops", "02:22 we start", "02:23 charges", "02:33 stops")
        nights = [tell(*HELD, *lines, UNPLUGGED, day=MONDAY + number * DAY) for number in range(3)]

        assert not any("F9" in finding.codes for finding in found(*nights))


class TestF10:
    def test_the_cheapest_hours_before_another_deadline_on_three_nights_are_another_optimiser(self) -> None:
        nights = [optimised(MONDAY + number * DAY, start) for number, start in enumerate((3, 7, 5))]

        (finding,) = found(*nights)

        assert (finding.cause, finding.codes, finding.status) == (Cause.OTHER_OPTIMISER, ("F10",), Status.CONFIRMED)
        assert finding.nights == 3
        assert Cause.OTHER_OPTIMISER not in {each.cause for each in found(*nights[:2])}

    @pytest.mark.parametrize(
        "hours",
        [
            pytest.param(((3, 9), (7, 3), (5, 0)), id="dear hours"),
            pytest.param(((5, 5), (5, 5), (5, 5)), id="always at the same time: a timer"),
            pytest.param(((5, 5), (3, 3), (5, 5), (5, 5)), id="a timer with one odd night"),
            pytest.param(((3, 3), (7, 7), (5, 9)), id="two nights of three"),
        ],
    )
    def test_the_near_miss_is_none(self, hours: tuple[tuple[int, int], ...]) -> None:
        nights = [optimised(MONDAY + number * DAY, *each) for number, each in enumerate(hours)]

        assert Cause.OTHER_OPTIMISER not in {finding.cause for finding in found(*nights)}

    def test_without_prices_nobody_can_tell(self) -> None:
        nights = [replace(optimised(MONDAY + n * DAY, start), prices=()) for n, start in enumerate((3, 7, 5))]

        assert Cause.OTHER_OPTIMISER not in {finding.cause for finding in found(*nights)}

    def test_where_most_hours_are_as_cheap_it_says_nothing(self) -> None:
        nights = []
        for number, start in enumerate((3, 7, 5)):
            night = optimised(MONDAY + number * DAY, start)
            flat = tuple(replace(price, price_per_kwh=night.prices[0].price_per_kwh) for price in night.prices)
            nights.append(replace(night, prices=flat))

        assert Cause.OTHER_OPTIMISER not in {finding.cause for finding in found(*nights)}

    def test_less_than_an_hour_says_nothing(self) -> None:
        nights = [
            priced(tell(*HELD, f"{hour}:05 charges", f"{hour}:40 stops", UNPLUGGED, day=MONDAY + n * DAY), hour - 18, 1)
            for n, hour in enumerate((21, 23, 22))
        ]

        assert Cause.OTHER_OPTIMISER not in {finding.cause for finding in found(*nights)}

    def test_two_nights_in_which_it_was_held_end_it(self) -> None:
        shown = [optimised(MONDAY + number * DAY, start) for number, start in enumerate((3, 7, 5))]
        (finding,) = found(*shown)
        later = [tell(*CLEAN, day=MONDAY + number * DAY) for number in (3, 4)]

        assert gone(finding, *shown, *later)
        assert not gone(finding, *shown, *later[:1])
