"""What drivers answer to a finding, and what becomes of it then."""

from __future__ import annotations

from datetime import time

import pytest

from charging.models import Finding
from charging.operations.nights import MOST_PLUG_INS
from tests.core.interference_stories import (
    CEILING,
    CLEAN,
    DAY,
    IDLE,
    LIMIT,
    STARTED,
    TIMER,
    UNDONE,
    UNPLUGGED,
)
from tests.core.night_stories import tell
from tests.operations.finding_stories import Story, started_at
from tests.operations.stored_nights import store

pytestmark = pytest.mark.django_db

AT_TEN = (*TIMER[:3], "22:00 charges", UNPLUGGED)


ANOTHER_KIND = [
    pytest.param((TIMER, TIMER), (AT_TEN, AT_TEN, AT_TEN), id="another time"),
    pytest.param((CEILING,) * 3, ((*CEILING[:6], "04:40 the level is 70", "04:40 says it is full", UNPLUGGED),) * 3,
                 id="another level"),
    pytest.param((LIMIT, LIMIT), ((*LIMIT[:4], "21:00 the limit is 30", UNPLUGGED),) * 3, id="another time and limit"),
]  # fmt: skip


@pytest.fixture
def story() -> Story:
    return Story()


class TestOnPurpose:
    def test_it_is_silent_as_long_as_it_is_the_same(self, story: Story) -> None:
        story.live(TIMER, TIMER)
        story.answer("on_purpose")

        (row,) = story.live(TIMER, TIMER)

        assert (row.answer, row.nights) == ("on_purpose", 4)
        assert row.answered_at is not None
        assert story.told() == ["finding"]

    def test_it_stays_so_when_the_cause_is_known_better(self, story: Story) -> None:
        story.live(*[started_at(clock) for clock in ("20:20", "23:05")])
        story.answer("on_purpose")
        Finding.objects.update(acknowledged_at=story.now)
        said = story.only()

        (row,) = story.live(started_at("21:40"))

        assert (said.cause, row.cause, row.answer) == ("foreign_start", "random_starts", "on_purpose")
        assert (row.answered_at, row.acknowledged_at) == (said.answered_at, said.acknowledged_at)
        assert Finding.objects.get(pk=said.pk).gone_at == story.now
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
        story.live(STARTED, started_at("23:05"))
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
