"""What operators say of findings, and what becomes of the car, the card and the rates then."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from charging.models import Activity, Finding, Vehicle
from charging.operations.finding_verdicts import Rate, acknowledge, call_false_alarm, false_alarm_rates
from charging.operations.findings import answer_finding
from charging.operations.fleet_troubles import count_troubles
from charging.operations.foreign_window import foreign_window
from tests import factories
from tests.core.interference_stories import CLEAN, TIMER
from tests.factories import NOW
from tests.operations.finding_stories import Story, started_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    return Story()


def call_it_false(story: Story) -> Finding:
    return call_false_alarm(finding=story.only(), now=story.now + timedelta(hours=1))


class TestAFalseAlarm:
    def test_is_closed_and_told_in_the_timeline_by_support(self, story: Story) -> None:
        story.live(TIMER, TIMER)

        row = call_it_false(story)

        assert (row.answer, row.gone_at) == ("false_alarm", row.answered_at)
        assert story.told() == ["finding", "finding_false"]
        assert Activity.objects.get(code="finding_false").actor == "support"

    def test_of_a_finding_that_was_never_told_is_not_told_either(self, story: Story) -> None:
        factories.make_finding(vehicle=story.car, status="suspected", last_seen_at=story.now, first_seen_at=story.now)

        call_it_false(story)

        assert story.told() == []

    def test_is_not_found_again_in_the_same_nights(self, story: Story) -> None:
        story.live(TIMER, TIMER)
        call_it_false(story)

        assert story.judge() == []
        assert story.live(CLEAN) == []

    def test_needs_as_much_as_the_first_time_to_come_back(self, story: Story) -> None:
        story.live(TIMER, TIMER)
        call_it_false(story)

        assert [row.status for row in story.live(TIMER)] != ["confirmed"]
        (again,) = story.live(TIMER)

        assert (again.status, again.nights, again.answer) == ("confirmed", 2, "")
        assert story.told() == ["finding", "finding_false", "finding"]

    def test_does_not_come_back_as_the_cause_it_turns_into(self, story: Story) -> None:
        story.live(*[started_at(clock) for clock in ("20:20", "23:05")])
        call_it_false(story)

        assert story.live(started_at("21:40")) == []
        assert [row.cause for row in story.live(started_at("22:30"))] == ["foreign_start"]
        assert [row.cause for row in story.live(started_at("19:50"))] == ["random_starts"]

    def test_takes_the_hours_of_a_timer_out_of_the_plan(self, story: Story) -> None:
        story.live(TIMER, TIMER)
        evening = story.now + timedelta(hours=12)
        until = evening + timedelta(hours=12)
        assert foreign_window(story.car, "Europe/Oslo", evening, until)

        call_it_false(story)

        assert foreign_window(story.car, "Europe/Oslo", evening, until) == ()
        assert Vehicle.objects.get().evaluated_at == story.now + timedelta(hours=1)

    def test_is_said_once(self, story: Story) -> None:
        story.live(TIMER, TIMER)
        first = call_it_false(story)

        assert call_false_alarm(finding=first, now=story.now + timedelta(hours=2)).answered_at == first.answered_at
        assert story.told() == ["finding", "finding_false"]

    def test_of_one_that_is_gone_marks_it_only(self, story: Story) -> None:
        story.live(TIMER, TIMER)
        Finding.objects.update(gone_at=NOW)

        row = call_it_false(story)

        assert (row.answer, row.gone_at) == ("false_alarm", NOW)
        assert story.told() == ["finding"]

    def test_is_no_word_of_a_driver(self, story: Story) -> None:
        story.live(TIMER, TIMER)
        with pytest.raises(ValueError, match="operator"):
            answer_finding(finding=story.only(), answer="false_alarm", now=NOW)

    def test_of_a_second_account_holds_until_the_next_plug_in(self, story: Story) -> None:
        story.live(CLEAN)
        twin = factories.make_parked_car()
        Vehicle.objects.update(vin="WVWZZZE1ZMP001234")
        assert twin.policy.is_enabled
        assert [row.cause for row in story.judge()] == ["second_account"]
        call_false_alarm(finding=Finding.objects.get(vehicle=story.car), now=story.now)
        Vehicle.objects.update(state="CONSIDERING")

        assert story.judge() == []
        assert [row.cause for row in story.live(CLEAN) if row.vehicle == story.car] == ["second_account"]


class TestAcknowledging:
    def test_takes_the_car_from_those_to_look_at_until_there_is_news(self, story: Story) -> None:
        story.live(TIMER, TIMER)
        assert count_troubles(now=story.now)["interfered"] == 1

        assert acknowledge(finding=story.only(), now=story.now)

        assert count_troubles(now=story.now)["interfered"] == 0
        assert not acknowledge(finding=story.only(), now=story.now)
        story.answer("switched_off")
        (row,) = story.live(TIMER)
        assert row.acknowledged_at is None
        assert count_troubles(now=story.now)["interfered"] == 1

    def test_says_nothing_of_what_is_gone(self, story: Story) -> None:
        story.live(TIMER, TIMER)
        Finding.objects.update(gone_at=NOW)

        assert not acknowledge(finding=story.only(), now=NOW)


def test_each_signature_has_its_rate_in_one_query(story: Story) -> None:
    for cause, codes, answer in (
        ("timer", ["F3"], ""),
        ("timer", ["F3"], "false_alarm"),
        ("limit_automation", ["F6", "F7"], "on_purpose"),
        ("reported_schedule", ["F12"], "switched_off"),
    ):
        values = {"answer": answer, "answered_at": NOW if answer else None, "gone_at": NOW}
        factories.make_finding(vehicle=story.car, cause=cause, codes=codes, clock_time=time(23), **values)
    factories.make_finding(vehicle=story.car, status="suspected", codes=["F9"])

    with CaptureQueriesContext(connection) as queries:
        rates = false_alarm_rates()

    assert len(queries) == 1
    assert rates == [
        Rate("F3", 2, 0, 0, 1), Rate("F6", 1, 1, 0, 0), Rate("F7", 1, 1, 0, 0), Rate("F12", 1, 0, 1, 0)
    ]  # fmt: skip
    assert rates[0].share == 0.5
