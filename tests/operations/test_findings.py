"""Findings in the database: opened, brought up to date, told, gone and back."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from charging.core.causes import Cause
from charging.models import Activity, Finding, Vehicle
from charging.operations.nights import MOST_PLUG_INS
from tests import factories
from tests.core.interference_stories import (
    CEILING,
    CLEAN,
    DAY,
    FIGHT,
    IDLE,
    TIMER,
    UNDONE,
    UNPLUGGED,
    nights,
)
from tests.operations.finding_stories import Story, started_at
from tests.operations.stored_nights import make_car, store

pytestmark = pytest.mark.django_db

AT_TEN = (*TIMER[:3], "22:00 charges", UNPLUGGED)


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


def test_one_more_sign_keeps_an_old_finding_alive_without_another_word(story: Story) -> None:
    (before,) = story.live(TIMER, TIMER, *[IDLE] * (MOST_PLUG_INS - 1))

    (row,) = story.live(TIMER)

    assert row.pk == before.pk
    assert (row.nights, row.last_seen_at > story.now - DAY, len(row.evidence)) == (3, True, 6)
    assert story.told() == ["finding"]


def test_random_starts_take_the_place_of_what_they_looked_like_at_first(story: Story) -> None:
    (first,) = story.live(*[started_at(clock) for clock in ("20:20", "23:05")])

    (row,) = story.live(started_at("21:40"))

    assert (first.cause, row.cause, row.answer) == ("foreign_start", "random_starts", "")
    assert Finding.objects.get(pk=first.pk).gone_at == story.now
    assert story.told() == ["finding", "finding"]


def test_what_becomes_sure_is_news_to_the_operators_who_looked_at_it(story: Story) -> None:
    story.live(FIGHT)
    Finding.objects.update(acknowledged_at=story.now)

    (row,) = story.live(FIGHT)
    assert (row.status, row.acknowledged_at) == ("confirmed", None)

    Finding.objects.update(acknowledged_at=story.now)
    (row,) = story.live(FIGHT)
    assert row.acknowledged_at is not None


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


def test_every_cause_fits_its_column() -> None:
    assert max(len(cause.value) for cause in Cause) <= (Finding._meta.get_field("cause").max_length or 0)
