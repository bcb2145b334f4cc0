"""Wherever a process fails or is killed: what it comes to is what it would have come to without that (G5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from charging.adapters.sealed import seal
from charging.models import Vehicle, Webhook
from charging.operations import failpoints, guarding, sending, webhook_sending
from charging.operations.failpoints import POINTS, Way
from tests.faults.story import STEP, Story, outcome
from tests.house.sources import ROOT
from tests.operations.night import make_night

OF_THE_STORY = [point for point in POINTS if not point.startswith("calls:")]
"""Those of calls under a key are in tests/faults/test_repeated_calls.py."""
RELEASES = ("releasing:intended", "releasing:sent")
Outcome = dict[str, Any]


@pytest.fixture(autouse=True)
def disarmed() -> Any:
    yield
    failpoints.disarm()


@pytest.fixture
def make_story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Story]:
    def make() -> Story:
        night = make_night()
        night.add_place()
        night.turn_on()
        Webhook.objects.create(
            client=night.driver.client,
            url="https://receiver.example/",
            encrypted_secret=seal("a secret of sixteen bytes"),
            events=["*"],
            created_at=night.now,
        )
        story = Story(night, tmp_path / "inbox", tmp_path / "pace")
        story.inbox.touch()
        monkeypatch.setattr(sending, "wall_now", story.clock)

        def post(*, delivery_id: object, body: bytes, **_: Any) -> Any:
            story.receive(delivery_id=delivery_id, body=body)
            return SimpleNamespace(status=200)

        monkeypatch.setattr(webhook_sending, "post_to", post)
        return story

    return make


def live(story: Story, point: str, until: Callable[[Story, datetime], None]) -> Outcome:
    """An evening held and renewed; or, for a release, a hold that ends while only the guardian is there.

    `until` lives the part in which the point is reached, and may end early.
    """
    if point in RELEASES:
        story.live_until(story.night.now + 2 * STEP)
        over_at = story.night.now - guarding.GRACE
        assert Vehicle.objects.filter(hold_until__isnull=False).update(hold_until=over_at, hold_renew_by=over_at) == 1
        story.is_swept = False
    begun_at = story.night.now
    until(story, begun_at + (STEP if point in RELEASES else 10 * STEP))
    story.is_swept = True
    story.live_until(begun_at + 13 * STEP)
    return outcome(story)


_quiet: dict[bool, Outcome] = {}


def quiet_outcome(make_story: Callable[[], Story], point: str) -> Outcome:
    """What comes of it when nothing fails; it leaves nothing behind."""
    if (point in RELEASES) not in _quiet:
        story = make_story()
        _quiet[point in RELEASES] = live(story, point, Story.live_until)
        story.night.driver.client.delete()
        story.inbox.write_text("", encoding="utf-8")
    return _quiet[point in RELEASES]


@pytest.mark.django_db
@pytest.mark.parametrize("point", OF_THE_STORY)
def test_what_is_raised_there_changes_nothing_in_the_end(point: str, make_story: Callable[[], Story]) -> None:
    expected = quiet_outcome(make_story, point)
    story = make_story()
    failpoints.arm(point, Way.RAISE)

    assert live(story, point, Story.live_until) == expected
    assert failpoints.disarm() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", OF_THE_STORY)
def test_who_is_killed_there_changes_nothing_in_the_end(point: str, make_story: Callable[[], Story]) -> None:
    expected = quiet_outcome(make_story, point)
    story = make_story()

    def until_killed(story: Story, end: datetime) -> None:
        failpoints.arm(point, Way.KILL)
        assert story.live_in_a_process_until(end)
        failpoints.disarm()

    assert live(story, point, until_killed) == expected


def test_the_story_is_about_something(make_story: Callable[[], Story], db: None) -> None:
    quiet = quiet_outcome(make_story, "claims:taken")

    assert quiet["commands"] == [(1, "STOP", "plan", "CONFIRMED")]
    assert len(quiet["received"]) == len(quiet["outbox"]) > 3
    assert [kind for _, kind, *_ in quiet_outcome(make_story, RELEASES[0])["commands"]] == ["STOP", "START", "STOP"]


def test_nothing_fails_unless_it_was_armed() -> None:
    for point in POINTS:
        failpoints.reach(point)


def test_a_server_in_use_refuses_to_fail() -> None:
    with pytest.raises(ImproperlyConfigured, match="READYBY_DEBUG"):
        failpoints.arm_as_told("sending:sent:kill", is_debug=False)
    assert failpoints.disarm() == []


def test_a_process_is_armed_by_its_environment_and_only_while_debugging(settings: Settings) -> None:
    settings.READYBY_FAILPOINT = "sending:sent:raise"
    charging = apps.get_app_config("charging")
    with pytest.raises(ImproperlyConfigured):
        charging.ready()

    settings.DEBUG = True
    charging.ready()

    assert failpoints.disarm() == ["sending:sent"]


@pytest.mark.parametrize("told", ["sending:sent", "sending:sent:stop", "nowhere:kill", ""])
def test_a_point_that_there_is_not_is_refused(told: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="must be one of"):
        failpoints.arm_as_told(told, is_debug=True)


def test_it_is_armed_as_told_and_fails_once() -> None:
    failpoints.arm_as_told("sending:sent:raise", is_debug=True)

    with pytest.raises(failpoints.PlantedError):
        failpoints.reach("sending:sent")
    failpoints.reach("sending:sent")


def test_every_point_is_somewhere() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "charging" / "operations").glob("*.py"))

    assert [point for point in POINTS if text.count(f'reach("{point}")') != 1] == []
