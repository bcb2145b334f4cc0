"""What happened, in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from charging.models import Activity
from charging.operations.activities import ENTRIES
from charging.views.timeline import LINES, rail_events
from tests import factories

OSLO = ZoneInfo("Europe/Oslo")
CODES = {code for code, _actor in ENTRIES.values()} | {
    "plugged_in",
    "unplugged",
    "charge_now",
    "test_charge",
    "back_to_smart",
    "turned_on",
    "turned_off",
    "paused_by_driver",
    "pause_over",
    "deadline_changed",
    "deadline_tonight",
    "days_changed",
    "minimum_changed",
    "that_was_me",
    "place_told",
    "finding",
    "finding_gone",
    "finding_false",
}


def line_of(code: str, params: dict[str, Any], **values: Any) -> tuple[str, str]:
    activity = Activity(**{"at": factories.NOW, "code": code, "actor": "readyby", "params": params} | values)
    event = rail_events([activity], factories.NOW, OSLO)[0]
    return event.text.replace("\N{NO-BREAK SPACE}", " "), event.actor


def test_everything_that_is_written_down_has_its_words() -> None:
    assert set(LINES) == CODES


@pytest.mark.parametrize("code", sorted(LINES))
def test_every_line_can_be_told_without_details(code: str) -> None:
    text, _actor = line_of(code, {})

    assert text
    assert "%(" not in text


@pytest.mark.parametrize(
    ("code", "params", "expected"),
    [
        ("plugged_in", {"soc_percent": 37.0, "place": "Home"}, "Plugged in at Home, 37 %"),
        ("plugged_in", {"soc_percent": None, "place": ""}, "Plugged in"),
        ("paused", {"start_at": factories.at(1, 45).isoformat()}, "Waits until 01:45"),
        ("minimum_changed", {"minimum_percent": 20}, "Minimum changed to 20 %"),
        ("deadline_tonight", {"deadline": "08:30"}, "Ready by 08:30, only this time"),
        ("paused", {"start_at": "nonsense"}, "Waits for cheaper hours"),
        ("finding", {"cause": "timer", "clock_time": "23:00"}, "Your car seems to wait for a timer at 23:00"),
        ("finding", {"cause": "timer", "clock_time": None}, "Your car seems to wait for a timer"),
        ("finding", {"cause": "weather"}, "Something else seems to control charging"),
        (
            "finding_gone",
            {"cause": "ceiling", "percent": 60.0},
            "Two nights without it, so it is over: “Something stops charging at 60 %”",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_lines_carry_their_values(code: str, params: dict[str, Any], expected: str) -> None:
    assert line_of(code, params)[0] == expected


def test_a_line_of_another_day_says_which() -> None:
    assert line_of("paused", {}, at=factories.NOW - timedelta(days=1))[1] == "Readyby, yesterday"
