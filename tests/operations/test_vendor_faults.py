"""What can go wrong at the other end while a car has to start (RELIABILITY F17 to F19), by every way in.

Each cell of the table goes through the whole path, from the decision over breaker and budget to a loopback fake and
back to the dashboard: the right state, the right words, and no question too many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest
from pytest_django import Settings

from charging.core.states import TRYING_TO_START, State
from charging.models import Command, VendorHealth
from tests.operations.far_ends import BREAKING, ENDS
from tests.operations.guarded_night import GuardedNight, make_night_before_its_start

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
MOST_IN_TEN_MINUTES = 9
"""Readings every two minutes at most, and a START every five with its three sendings."""

DOWN = ("500", "garbage", "reset", "too slow", "nobody listens", "no TLS there")
FAULTS = ("asked too often", *DOWN, "accepted and ignored", "accepted and followed late", "reply lost")
"""F17; F18; F19."""

NOT_STARTED = "Your car did not start"
SILENT = {
    ("home_assistant", "OFFLINE"): "Home Assistant or your car cannot be reached",
    ("home_assistant", "NO_ANSWER"): "Home Assistant gives no answer that we understand",
    ("enode", "OFFLINE"): "Enode cannot be reached",
    ("enode", "NO_ANSWER"): "Enode gives no answer that we understand",
    ("mqtt", "OFFLINE"): "Your MQTT broker, or what publishes your car, cannot be reached",
    ("mqtt", "NO_ANSWER"): "Your MQTT broker gives no answer that we understand",
}
"""The title of the card of a car that was not heard of for a while, by the way in and the trouble of its connection."""


@pytest.fixture(params=ENDS)
def story(
    request: pytest.FixtureRequest, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[GuardedNight]:
    """The car waits for the cheap hours, which come in ten minutes."""
    with ENDS[request.param](settings) as end:
        yield make_night_before_its_start(monkeypatch, end)


def test_every_way_in_has_every_fault() -> None:
    missing = [(kind, fault) for kind in ENDS for fault in FAULTS if fault not in BREAKING.get(kind, {})]

    assert missing == []
    assert {kind for kind, _ in SILENT} == set(ENDS)


def most_within(asked: list[tuple[str, datetime]], length: timedelta) -> int:
    """The most questions in any such length of time."""
    return max((sum(at <= other < at + length for _, other in asked) for _, at in asked), default=0)


@pytest.mark.parametrize("name", DOWN)
def test_a_car_is_started_as_soon_as_a_broken_service_is_back(story: GuardedNight, name: str) -> None:
    began = story.night.now
    story.end.break_by(name)

    seen = story.night.let_pass(40 * MINUTE)

    assert set(seen) & TRYING_TO_START
    assert story.end.starts() == 0
    assert story.card.headline == NOT_STARTED
    assert story.notice.partition(f"{story.end.name} is not answering. ")[1]
    trouble = story.night.vehicle.connected.connection.trouble
    assert story.cards["connection"] == SILENT[story.end.kind, trouble]
    assert 0 < most_within(story.after(began), 10 * MINUTE) <= MOST_IN_TEN_MINUTES
    first = Command.objects.filter(kind="START").earliest("generation")
    assert first.attempts == 3
    assert Command.objects.filter(kind="START").count() > 1

    story.end.mend()
    story.night.let_pass(timedelta(minutes=15))

    assert story.night.vehicle.state == State.STARTED
    assert story.end.starts() > 0
    assert not VendorHealth.objects.not_answering().exists()
    assert story.notice == ""
    assert story.cards == {}


def in_seconds(_now: datetime) -> dict[str, str]:
    return {"Retry-After": "600"}


def as_a_date(now: datetime) -> dict[str, str]:
    later = now + timedelta(minutes=10)
    return {"Retry-After": format_datetime(later, usegmt=True), "Date": format_datetime(now, usegmt=True)}


def for_hours(_now: datetime) -> dict[str, str]:
    return {"Retry-After": "7200"}


@pytest.mark.parametrize("story", [kind for kind in ENDS if kind != "mqtt"], indirect=True)
@pytest.mark.parametrize(
    ("headers", "minutes"), [(in_seconds, 10), (as_a_date, 10), (for_hours, 15)], ids=["seconds", "date", "hours"]
)
def test_who_asks_to_wait_is_asked_nothing_until_then(
    story: GuardedNight, headers: Callable[[datetime], Mapping[str, str]], minutes: int
) -> None:
    began = story.night.now
    story.end.break_by("asked too often", headers=headers(began))

    told = set()
    for _ in range(40):
        story.night.let_pass(MINUTE)
        told.add(story.notice.partition(" until ")[0])

    asked = [at for _, at in story.after(began)]
    assert asked
    apart = [later - earlier for earlier, later in pairwise(asked)]
    assert all(each >= minutes * MINUTE for each in apart), story.after(began)
    assert f"{story.end.name} asks us to wait" in told
    assert story.card.headline in {"Starting", NOT_STARTED}
    # What did not go out uses up no sending.
    starts = Command.objects.filter(kind="START")
    first = starts.earliest("generation")
    sendings = sum(attempts for attempts in starts.values_list("attempts", flat=True))
    assert sendings == sum(kind == "start" for kind, _ in story.after(began))
    assert first.attempts == min(sendings, 3)

    story.end.mend()
    story.night.let_pass((minutes + 5) * MINUTE)

    assert story.end.starts() > 0
    assert starts.earliest("generation").public_id == first.public_id


@pytest.mark.parametrize("story", ["mqtt"], indirect=True)
def test_a_broker_that_has_enough_of_us_is_asked_seldom(story: GuardedNight) -> None:
    """It has no word for "later": it closes the connection."""
    began = story.night.now
    story.end.break_by("asked too often", headers={})

    seen = story.night.let_pass(40 * MINUTE)

    assert set(seen) & TRYING_TO_START
    assert story.card.headline == NOT_STARTED
    assert story.notice.partition("MQTT is not answering. ")[1]
    assert 0 < most_within(story.after(began), 10 * MINUTE) <= MOST_IN_TEN_MINUTES

    story.end.mend()
    story.night.let_pass(15 * MINUTE)

    assert story.night.vehicle.state == State.STARTED


def test_a_start_that_is_taken_and_ignored_is_told_and_tried_on(story: GuardedNight) -> None:
    began = story.night.now
    story.end.break_by("accepted and ignored")

    seen = story.night.let_pass(40 * MINUTE)

    assert State.STARTING in seen
    assert story.night.vehicle.state == State.START_FAILED
    assert story.card.headline == NOT_STARTED
    assert story.cards == {"check": "Your car may be waiting for its own timer"}
    # Its connection is well: the car is what does not follow.
    assert story.notice == ""
    assert story.end.starts() > 3
    assert most_within(story.after(began), 10 * MINUTE) <= MOST_IN_TEN_MINUTES

    story.end.mend()
    story.night.let_pass(10 * MINUTE)

    assert story.night.vehicle.state == State.STARTED
    assert story.cards == {}


def test_a_start_that_is_followed_late_is_asked_for_again_and_not_given_up(story: GuardedNight) -> None:
    story.end.break_by("accepted and followed late")

    seen = story.night.let_pass(40 * MINUTE)

    assert State.STARTING in seen
    assert State.START_FAILED not in seen
    assert story.night.vehicle.state == State.STARTED
    assert story.end.starts() == 3
    assert (story.card.headline, story.notice, story.cards) == ("Charging", "", {})


def test_a_start_whose_reply_is_lost_is_seen_to_have_worked(story: GuardedNight) -> None:
    story.end.break_by("reply lost")

    seen = story.night.let_pass(40 * MINUTE)

    assert State.STARTING in seen
    assert State.START_FAILED not in seen
    assert story.night.vehicle.state == State.STARTED
    assert story.end.starts() == 1
    assert (story.card.headline, story.notice, story.cards) == ("Charging", "", {})
    assert Command.objects.filter(kind="START").count() == 1
