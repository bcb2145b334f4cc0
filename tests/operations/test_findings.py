"""Findings in the database: opened, brought up to date, told, gone and back."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from charging.core.causes import Cause
from charging.models import Activity, Finding, Vehicle
from charging.operations.findings import answer_finding, judge_interference
from charging.operations.nights import MOST_PLUG_INS
from tests import factories
from tests.core.interference_stories import (
    CEILING,
    CLEAN,
    DAY,
    FIGHT,
    HELD,
    IDLE,
    LIMIT,
    STARTED,
    TIMER,
    UNDONE,
    UNPLUGGED,
    nights,
)
from tests.core.night_stories import MONDAY, tell
from tests.operations.stored_nights import make_car, store

pytestmark = pytest.mark.django_db

AT_TEN = (*TIMER[:3], "22:00 charges", UNPLUGGED)


class Story:
    """A car that is judged after each of its nights."""

    def __init__(self, **values: Any) -> None:
        self.car = make_car(**values)
        self.day = MONDAY
        self.now = tell(*IDLE).plugged_in_at

    def live(self, *stories: tuple[str, ...]) -> list[Finding]:
        """Stores and judges one night after the other. Returns what is open then."""
        for lines in stories:
            self.now = store(self.car, tell(*lines, day=self.day))
            self.day += DAY
            judge_interference(vehicle=self.car, now=self.now)
        return list(Finding.objects.open().order_by("pk"))

    def judge(self) -> list[Finding]:
        return judge_interference(vehicle=self.car, now=self.now)

    def only(self) -> Finding:
        return Finding.objects.get()

    def answer(self, answer: str) -> None:
        answer_finding(finding=self.only(), answer=answer, now=self.now + timedelta(hours=1))

    def told(self) -> list[str]:
        codes = Activity.objects.filter(code__startswith="finding").order_by("at", "pk")
        return list(codes.values_list("code", flat=True))


@pytest.fixture
def story() -> Story:
    return Story()


def test_a_timer_is_stored_after_its_second_night_with_everything_that_is_known_of_it(story: Story) -> None:
    assert story.live(TIMER) == []

    (row,) = story.live(TIMER)

    assert (row.cause, row.codes, row.score, row.status, row.nights) == ("timer", ["F3"], 4, "confirmed", 2)
    assert (row.clock_time, row.percent, row.answer, row.gone_at) == (time(23, 0), None, "", None)
    assert row.first_seen_at == datetime.fromisoformat("2026-01-12T22:02:00+00:00")
    assert row.last_seen_at == row.first_seen_at + DAY
    assert [list(item.values()) for item in row.evidence[:2]] == [
        ["2026-01-12T17:02:00+00:00", "start_sent", ""],
        ["2026-01-12T22:02:00+00:00", "charging_began", "7.2"],
    ]
    activity = Activity.objects.get(code="finding")
    assert (activity.actor, activity.at) == ("readyby", story.now)
    assert activity.params == {"cause": "timer", "codes": ["F3"], "clock_time": "23:00", "percent": None}


def test_it_stays_one_row_that_is_told_once_however_often_it_is_seen(story: Story) -> None:
    (before,) = story.live(TIMER, TIMER)

    (row,) = story.live(TIMER)

    assert row.pk == before.pk
    assert (row.nights, row.score, len(row.evidence)) == (3, 6, 6)
    assert row.first_seen_at == before.first_seen_at < before.last_seen_at < row.last_seen_at
    assert story.told() == ["finding"]


def test_judging_again_writes_nothing_and_gives_what_is_open(story: Story, django_assert_num_queries: Any) -> None:
    (row,) = story.live(TIMER, TIMER)

    with django_assert_num_queries(11):
        again = story.judge()

    assert again == [row]


def test_it_takes_as_many_queries_for_many_nights_as_for_one(story: Story, django_assert_num_queries: Any) -> None:
    story.live(*[CLEAN] * 5)

    with django_assert_num_queries(11):
        story.judge()


def test_what_is_suspected_is_stored_and_not_told_until_it_is_sure(story: Story) -> None:
    (suspected,) = story.live(FIGHT)
    told_before = story.told()

    (row,) = story.live(FIGHT)

    assert (suspected.status, row.status, row.pk) == ("suspected", "confirmed", suspected.pk)
    assert (told_before, story.told()) == ([], ["finding"])


def test_what_was_only_suspected_goes_without_a_word(story: Story) -> None:
    story.live(FIGHT)

    assert story.live(CLEAN, CLEAN) == []

    assert story.only().gone_at == story.now
    assert story.told() == []


def test_once_it_is_sure_it_stays_so_while_nothing_speaks_against_it(story: Story) -> None:
    story.live(UNDONE, UNDONE)

    (row,) = story.live(IDLE, IDLE, IDLE, IDLE)

    assert (row.status, row.score) == ("confirmed", 4)


def test_two_clean_nights_end_it_and_nights_that_say_nothing_do_not(story: Story) -> None:
    story.live(TIMER, TIMER)

    after_one, after_nothing = story.live(CLEAN), story.live(IDLE, IDLE)
    after_two = story.live(CLEAN)

    assert len(after_one) == len(after_nothing) == 1
    assert after_two == []
    assert story.only().gone_at == story.now
    assert story.told() == ["finding", "finding_gone"]
    assert Activity.objects.get(code="finding_gone").params["clock_time"] == "23:00"


def test_a_cause_that_comes_back_is_a_finding_of_its_own(story: Story) -> None:
    story.live(TIMER, TIMER, CLEAN, CLEAN)

    assert story.live(TIMER) == []
    (row,) = story.live(TIMER)

    assert row.pk != Finding.objects.get(gone_at__isnull=False).pk
    assert row.nights == 2


def test_one_more_sign_keeps_an_old_finding_alive(story: Story) -> None:
    story.live(UNDONE, UNDONE, IDLE, IDLE, IDLE, IDLE, IDLE)
    Finding.objects.update(last_seen_at=story.now - 9 * DAY, first_seen_at=story.now - 9 * DAY)

    (row,) = story.live(UNDONE)

    assert row.last_seen_at > story.now - DAY


def test_random_starts_take_the_place_of_what_they_looked_like_at_first(story: Story) -> None:
    (first,) = story.live(*[_lines(clock) for clock in ("20:20", "23:05")])

    (row,) = story.live(_lines("21:40"))

    assert (first.cause, row.cause) == ("foreign_start", "random_starts")
    assert story.told() == ["finding", "finding_gone", "finding"]


def _lines(clock: str) -> tuple[str, ...]:
    return (*HELD, f"{clock} charges", f"{clock[:2]}:58 stops", UNPLUGGED)


def test_several_causes_stand_beside_each_other(story: Story) -> None:
    rows = story.live(*[(*CEILING[:4], "22:00 the limit is 70", *CEILING[4:])] * 3)

    assert {row.cause for row in rows} == {"ceiling", "limit_automation"}
    assert {row.percent for row in rows} == {60, 70}


def test_a_second_account_is_told_at_once_and_gone_as_soon_as_it_is() -> None:
    story = Story(vin="WVWZZZE1ZMP001234")
    other = factories.make_vehicle(driver=factories.make_driver(), vin="WVWZZZE1ZMP001234")
    policy = factories.make_policy(vehicle=other)

    (row,) = story.judge()
    story.now += timedelta(hours=1)
    (again,) = story.judge()
    policy.is_enabled = False
    policy.save()

    assert (row.cause, row.codes, row.status) == ("second_account", ["F15"], "confirmed")
    assert again.first_seen_at == row.first_seen_at < again.last_seen_at
    assert again.evidence == row.evidence
    assert story.judge() == []


def test_who_does_not_use_smart_charging_shares_the_car_with_nobody() -> None:
    story = Story(vin="WVWZZZE1ZMP001234")
    factories.make_policy(vehicle=factories.make_vehicle(driver=factories.make_driver(), vin="WVWZZZE1ZMP001234"))
    Vehicle.objects.filter(pk=story.car.pk).update(state="DISABLED")

    assert story.judge() == []


def test_what_nothing_in_the_last_fourteen_plug_ins_speaks_for_is_gone(story: Story) -> None:
    story.live(TIMER, TIMER)

    assert story.live(*[IDLE] * MOST_PLUG_INS) == []

    assert story.told() == ["finding", "finding_gone"]


def test_cars_are_judged_by_their_own_nights(story: Story) -> None:
    other = make_car()
    store(other, *nights(TIMER, TIMER))

    story.live(CLEAN, CLEAN)

    assert Finding.objects.count() == 0


ANOTHER_KIND = [
    pytest.param((TIMER, TIMER), (AT_TEN, AT_TEN, AT_TEN), id="another time"),
    pytest.param((CEILING,) * 3, ((*CEILING[:6], "04:40 the level is 70", "04:40 says it is full", UNPLUGGED),) * 3,
                 id="another level"),
    pytest.param((LIMIT, LIMIT), ((*LIMIT[:4], "21:00 the limit is 30", UNPLUGGED),) * 3, id="another time and limit"),
]  # fmt: skip


class TestOnPurpose:
    def test_it_is_silent_as_long_as_it_is_the_same(self, story: Story) -> None:
        story.live(TIMER, TIMER)
        story.answer("on_purpose")

        (row,) = story.live(TIMER, TIMER)

        assert (row.answer, row.nights) == ("on_purpose", 4)
        assert row.answered_at is not None
        assert story.told() == ["finding"]

    @pytest.mark.parametrize(("first", "then"), ANOTHER_KIND)
    def test_another_kind_is_told_anew(
        self, story: Story, first: tuple[tuple[str, ...], ...], then: tuple[tuple[str, ...], ...]
    ) -> None:
        (row,) = story.live(*first)
        story.answer("on_purpose")

        rows = story.live(*then)

        again = next(item for item in rows if item.pk == row.pk)
        assert (again.answer, again.answered_at) == ("", None)
        assert (again.clock_time, again.percent) != (row.clock_time, row.percent)

    def test_a_signature_more_is_another_kind(self, story: Story) -> None:
        story.live(LIMIT, LIMIT)
        story.answer("on_purpose")
        for number in range(2):
            night = tell(*LIMIT, day=story.day + number * DAY, minimum_percent=60.0)
            story.now = store(story.car, night)
        story.judge()

        assert (story.only().codes, story.only().answer) == (["F6", "F7"], "")

    def test_a_time_where_there_was_none_is_another_kind(self, story: Story) -> None:
        story.live(STARTED, _lines("23:05"))
        story.answer("on_purpose")

        (row,) = story.live(STARTED)

        assert (row.clock_time, row.answer) == (time(20, 30), "")

    def test_it_stays_without_a_sign_of_it(self, story: Story) -> None:
        story.live(TIMER, TIMER)
        story.answer("on_purpose")

        (row,) = story.live(*[IDLE] * MOST_PLUG_INS)

        assert row.answer == "on_purpose"

    def test_two_clean_nights_end_it_all_the_same(self, story: Story) -> None:
        story.live(TIMER, TIMER)
        story.answer("on_purpose")

        assert story.live(CLEAN, CLEAN) == []


class TestSwitchedOff:
    def test_it_is_watched_and_closed_after_two_clean_nights(self, story: Story) -> None:
        story.live(TIMER, TIMER)
        story.answer("switched_off")

        (watched,) = story.live(CLEAN)
        closed = story.live(CLEAN)

        assert (watched.answer, watched.status) == ("switched_off", "confirmed")
        assert closed == []
        assert story.told() == ["finding", "finding_gone"]

    def test_what_was_seen_before_does_not_contradict_it(self, story: Story) -> None:
        story.live(TIMER, TIMER)
        story.answer("switched_off")

        (row,) = story.judge()

        assert row.answer == "switched_off"

    def test_seen_again_while_it_is_watched_it_is_told_again(self, story: Story) -> None:
        story.live(TIMER, TIMER)
        story.answer("switched_off")

        (row,) = story.live(CLEAN, TIMER)

        assert (row.answer, row.answered_at, row.nights) == ("", None, 3)
        assert story.told() == ["finding", "finding"]

    def test_one_night_is_enough_to_bring_back_what_had_gone(self, story: Story) -> None:
        story.live(TIMER, TIMER)
        story.answer("switched_off")
        story.live(CLEAN, CLEAN)

        (row,) = story.live(TIMER)

        assert row.pk == story.only().pk
        assert (row.gone_at, row.answer, row.nights) == (None, "", 3)
        assert row.last_seen_at > story.now - DAY
        assert story.told() == ["finding", "finding_gone", "finding"]

    def test_another_timer_does_not_bring_it_back(self, story: Story) -> None:
        story.live(TIMER, TIMER)
        story.answer("switched_off")
        story.live(CLEAN, CLEAN)

        assert story.live(AT_TEN) == []

    def test_one_that_has_gone_stays_gone_while_another_of_its_cause_is_open(self, story: Story) -> None:
        story.live(TIMER, TIMER)
        story.answer("switched_off")
        story.live(CLEAN, CLEAN, AT_TEN, AT_TEN)

        (row,) = story.live(TIMER)

        assert row.clock_time == time(22, 0)
        assert Finding.objects.filter(gone_at__isnull=False).count() == 1


def test_a_sign_of_a_watched_one_that_is_too_weak_to_be_judged_is_told(story: Story) -> None:
    story.live(UNDONE, UNDONE)
    story.answer("switched_off")

    (row,) = story.live(IDLE, IDLE, IDLE, IDLE, CLEAN, UNDONE)

    assert row.answer == ""
    assert story.told() == ["finding", "finding"]


def test_an_answer_can_be_taken_back(story: Story) -> None:
    story.live(TIMER, TIMER)
    story.answer("on_purpose")

    story.answer("")

    assert (story.only().answer, story.only().answered_at) == ("", None)


def test_one_that_has_gone_is_not_answered(story: Story) -> None:
    story.live(TIMER, TIMER, CLEAN, CLEAN)

    story.answer("on_purpose")

    assert story.only().answer == ""


def test_any_other_answer_is_refused(story: Story) -> None:
    story.live(TIMER, TIMER)

    with pytest.raises(ValueError, match="perhaps"):
        story.answer("perhaps")


def test_every_cause_fits_its_column() -> None:
    assert max(len(cause.value) for cause in Cause) <= (Finding._meta.get_field("cause").max_length or 0)
