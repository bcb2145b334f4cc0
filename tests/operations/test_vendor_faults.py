"""What a vendor can do wrong while a car has to start: the right state, the right words, and no question too many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from charging.core.states import TRYING_TO_START, State
from charging.models import Command, VendorHealth
from tests.adapters.home_assistant_server import ENTITIES, FakeHomeAssistant, serve_home_assistant
from tests.feeds.server import Reply
from tests.operations.guarded_night import GuardedNight, Way, make_guarded_night

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
MOST_IN_TEN_MINUTES = 9
"""Readings every two minutes at most, and a START every five with its three sendings."""


@dataclass(frozen=True)
class Fault:
    reply: Reply | None = None
    way: Way = field(default_factory=dict)


FAULTS = {
    "500": Fault(Reply(b"", 500)),
    "half an answer": Fault(Reply(b'{"state": ')),
    "reset": Fault(Reply(manner="reset")),
    "too slow": Fault(Reply(b"x" * 1000, manner="drip body"), {"within": timedelta(seconds=0.1)}),
    "nobody listens": Fault(way={"address": "http://127.0.0.1:1"}),
    "no TLS there": Fault(way={"address": "https://127.0.0.1:{port}"}),
}


@pytest.fixture
def server() -> Iterator[FakeHomeAssistant]:
    with serve_home_assistant() as server:
        yield server


@pytest.fixture
def story(server: FakeHomeAssistant, monkeypatch: pytest.MonkeyPatch) -> GuardedNight:
    """The car waits for the cheap hours, which come in ten minutes."""
    story = make_guarded_night(monkeypatch, server)
    story.night.let_pass(30 * MINUTE)
    assert story.night.vehicle.hold_until is not None
    story.night.now = story.night.vehicle.hold_until - 11 * MINUTE
    story.night.let_pass(MINUTE)
    assert story.night.vehicle.state == State.STOPPED
    assert story.notice == ""
    return story


def break_it(story: GuardedNight, fault: Fault) -> None:
    if fault.reply is not None:
        story.server.replies["/api/"] = fault.reply
    port = story.server.server_port
    story.way.update({name: each.format(port=port) if name == "address" else each for name, each in fault.way.items()})


def mend_it(story: GuardedNight) -> None:
    story.server.replies.clear()
    story.way.clear()


def most_within(asked: list[tuple[str, datetime]], length: timedelta) -> int:
    """The most questions in any such length of time."""
    return max((sum(at <= other < at + length for _, other in asked) for _, at in asked), default=0)


@pytest.mark.parametrize("name", FAULTS)
def test_a_car_is_started_as_soon_as_a_broken_service_is_back(story: GuardedNight, name: str) -> None:
    began = story.night.now
    break_it(story, FAULTS[name])

    seen = story.night.let_pass(40 * MINUTE)

    assert set(seen) & TRYING_TO_START
    assert ("turn_on", ENTITIES.switch) not in story.server.called
    assert story.notice.partition("Home Assistant is not answering. ")[1]
    assert 0 < most_within(story.after(began), 10 * MINUTE) <= MOST_IN_TEN_MINUTES
    first = Command.objects.filter(kind="START").earliest("generation")
    assert first.attempts == 3
    assert Command.objects.filter(kind="START").count() > 1

    mend_it(story)
    story.night.let_pass(timedelta(minutes=15))

    assert story.night.vehicle.state == State.STARTED
    assert story.server.called[-1] == ("turn_on", ENTITIES.switch)
    assert not VendorHealth.objects.not_answering().exists()
    assert story.notice == ""


def in_seconds(_now: datetime) -> dict[str, str]:
    return {"Retry-After": "600"}


def as_a_date(now: datetime) -> dict[str, str]:
    later = now + timedelta(minutes=10)
    return {"Retry-After": format_datetime(later, usegmt=True), "Date": format_datetime(now, usegmt=True)}


def for_hours(_now: datetime) -> dict[str, str]:
    return {"Retry-After": "7200"}


@pytest.mark.parametrize(
    ("headers", "minutes"), [(in_seconds, 10), (as_a_date, 10), (for_hours, 15)], ids=["seconds", "date", "hours"]
)
def test_who_asks_to_wait_is_asked_nothing_until_then(story: GuardedNight, headers: object, minutes: int) -> None:
    began = story.night.now
    story.server.replies["/api/"] = Reply(b"", 429, headers(began))  # type: ignore[operator]

    told = set()
    for _ in range(40):
        story.night.let_pass(MINUTE)
        told.add(story.notice.partition(" until ")[0])

    asked = [at for _, at in story.after(began)]
    assert asked
    apart = [later - earlier for earlier, later in pairwise(asked)]
    assert all(each >= minutes * MINUTE for each in apart), story.after(began)
    assert "Home Assistant asks us to wait" in told
    # What did not go out uses up no sending.
    starts = Command.objects.filter(kind="START")
    first = starts.earliest("generation")
    sendings = sum(attempts for attempts in starts.values_list("attempts", flat=True))
    assert sendings == sum(kind == "start" for kind, _ in story.after(began))
    assert first.attempts == min(sendings, 3)

    mend_it(story)
    story.night.let_pass((minutes + 5) * MINUTE)

    assert ("turn_on", ENTITIES.switch) in story.server.called
    assert starts.earliest("generation").public_id == first.public_id
