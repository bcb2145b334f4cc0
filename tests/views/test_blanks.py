"""Sentences say the day of their times once, in languages whose day has several words too."""

from __future__ import annotations

import pytest

from charging.views.blanks import without_repeated_days


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Starts tomorrow~01:45. Ready by tomorrow~07:00.", "Starts tomorrow~01:45. Ready by 07:00."),
        ("Starts tomorrow~23:45. Ready by Saturday~07:00.", "Starts tomorrow~23:45. Ready by Saturday~07:00."),
        ("Starter i~morgen~01:45. Klar til i~morgen~07:00.", "Starter i~morgen~01:45. Klar til 07:00."),
        ("Starts 28~November~01:45. Ready by 28~November~07:00.", "Starts 28~November~01:45. Ready by 07:00."),
        ("Ab 28.~November~01:45, fertig 29.~November~07:00.", "Ab 28.~November~01:45, fertig 29.~November~07:00."),
        ("Takes 3~h. Ready by 07:00, then tomorrow~07:00.", "Takes 3~h. Ready by 07:00, then tomorrow~07:00."),
    ],
)
def test_a_day_is_said_once(text: str, expected: str) -> None:
    assert without_repeated_days(text.replace("~", "\N{NO-BREAK SPACE}")).replace("\N{NO-BREAK SPACE}", "~") == expected
