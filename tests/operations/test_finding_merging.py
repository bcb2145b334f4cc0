"""Two findings that an operator says are one: what stays, what is told, and what speaks for it later."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from charging.models import Finding
from charging.operations.finding_merging import merge
from charging.operations.finding_verdicts import call_false_alarm
from charging.operations.findings import answer_finding
from charging.operations.issues import Refused
from charging.operations.nothing_else import recent_findings
from tests import factories
from tests.core.interference_stories import CLEAN, TIMER, UNDONE
from tests.factories import NOW
from tests.operations.finding_stories import Story, started_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    """A car with a timer, and with something that undoes what we do."""
    story = Story()
    assert [row.cause for row in story.live(UNDONE, TIMER, UNDONE, TIMER)] == ["undone", "timer"]
    return story


def find(cause: str) -> Finding:
    return Finding.objects.filter(cause=cause).latest("pk")


def make_one(story: Story) -> Finding:
    return merge(finding=find("undone"), into=find("timer"), now=story.now + timedelta(hours=1))


def test_one_stays_with_what_both_rest_on_and_nothing_is_told(story: Story) -> None:
    told, timer, undone = story.told(), find("timer"), find("undone")

    kept = make_one(story)

    gone = find("undone")
    assert (gone.merged_into, gone.gone_at) == (kept, story.now + timedelta(hours=1))
    assert kept.gone_at is None
    assert (kept.cause, kept.codes, kept.clock_time) == ("timer", timer.codes, timer.clock_time)
    assert kept.last_seen_at == max(timer.last_seen_at, undone.last_seen_at)
    assert {row["at"] for row in kept.evidence} >= {row["at"] for row in undone.evidence}
    assert story.told() == told
    assert list(recent_findings(vehicle=story.car, now=story.now)) == [kept]
    story.car.refresh_from_db()
    assert story.car.evaluated_at == story.now + timedelta(hours=1)


def test_the_same_nights_open_nothing_and_change_nothing(story: Story) -> None:
    kept = make_one(story)

    assert story.judge() == [kept]
    assert Finding.objects.get(pk=kept.pk).evidence == kept.evidence


def test_what_shows_later_speaks_for_the_one_that_stays(story: Story) -> None:
    kept = make_one(story)

    assert story.live(UNDONE, UNDONE) == [kept]

    later = find("timer")
    assert later.last_seen_at > kept.last_seen_at
    assert later.gone_at is None


def test_that_it_is_switched_off_falls_when_the_other_shows_again(story: Story) -> None:
    kept = make_one(story)
    answer_finding(finding=kept, answer="switched_off", now=story.now + timedelta(hours=2))

    story.live(UNDONE)

    assert (find("timer").answer, find("timer").answered_at) == ("", None)
    assert story.told()[-1] == "finding"


def test_what_is_there_on_purpose_stays_silent(story: Story) -> None:
    kept = make_one(story)
    answer_finding(finding=kept, answer="on_purpose", now=story.now + timedelta(hours=2))
    told = story.told()

    story.live(UNDONE)

    assert find("timer").answer == "on_purpose"
    assert story.told() == told


@pytest.mark.parametrize("end", ["over", "false alarm"])
def test_when_that_one_is_over_the_other_is_found_anew_and_from_later_nights_only(story: Story, end: str) -> None:
    kept = make_one(story)
    if end == "over":
        story.live(CLEAN, CLEAN)
    else:
        call_false_alarm(finding=kept, now=story.now + timedelta(hours=2))

    assert story.live(CLEAN) == []
    assert [row.status for row in story.live(UNDONE)] != ["confirmed"]
    (again,) = story.live(UNDONE)
    assert (again.cause, again.status, again.merged_into) == ("undone", "confirmed", None)


def test_a_sure_one_makes_the_other_sure_and_that_is_told() -> None:
    story = Story()
    story.live(UNDONE, UNDONE)
    suspected = factories.make_finding(
        vehicle=story.car, status="suspected", first_seen_at=story.now, last_seen_at=story.now, acknowledged_at=NOW
    )

    kept = merge(finding=find("undone"), into=suspected, now=story.now)

    assert (kept.status, kept.acknowledged_at) == ("confirmed", None)
    assert story.told() == ["finding", "finding"]


def test_what_the_other_turns_into_is_the_same_thing() -> None:
    story = Story()
    story.live(started_at("20:20"), started_at("23:05"))
    timer = factories.make_finding(vehicle=story.car, first_seen_at=story.now, last_seen_at=story.now)
    merge(finding=find("foreign_start"), into=timer, now=story.now)

    assert story.live(started_at("21:40"), started_at("22:30"), started_at("19:50")) == [timer]
    assert not Finding.objects.filter(cause="random_starts").exists()


def test_of_three_the_last_one_stands_for_all(story: Story) -> None:
    make_one(story)
    third = factories.make_finding(
        vehicle=story.car, cause="ceiling", clock_time=None, percent=60, first_seen_at=story.now, last_seen_at=story.now
    )

    merge(finding=find("timer"), into=third, now=story.now)

    assert set(Finding.objects.filter(merged_into=third).values_list("cause", flat=True)) == {"timer", "undone"}
    assert story.live(UNDONE) == [third]


@pytest.mark.parametrize("which", ["itself", "gone", "another car's"])
def test_only_two_open_findings_of_one_car_are_one(story: Story, which: str) -> None:
    timer, other = find("timer"), find("undone")
    if which == "itself":
        other = timer
    elif which == "gone":
        Finding.objects.filter(pk=other.pk).update(gone_at=NOW)
    else:
        other = factories.make_finding(vehicle=factories.make_parked_car())

    with pytest.raises(Refused, match="NOT_TWO_OPEN"):
        merge(finding=other, into=timer, now=story.now)


def test_the_database_keeps_no_merged_finding_open(story: Story) -> None:
    with pytest.raises(IntegrityError, match="finding_merged_is_gone"), transaction.atomic():
        Finding.objects.filter(cause="undone").update(merged_into=find("timer"))
