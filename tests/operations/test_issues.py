"""Refusals carry every fault at once."""

from __future__ import annotations

import pytest

from charging.operations.issues import Issue, Refused, refuse_if_any

NAME = Issue("NAME_MISSING", "name", "Enter a name for this place")
RADIUS = Issue("RADIUS_INVALID", "radiusMeters", "Radius must be from 50 to 500 meters")


def test_without_issues_nothing_is_refused() -> None:
    refuse_if_any([])


def test_every_issue_is_carried_in_order_and_named_in_the_text() -> None:
    with pytest.raises(Refused) as refusal:
        refuse_if_any(issue for issue in (NAME, RADIUS))

    assert refusal.value.issues == (NAME, RADIUS)
    assert str(refusal.value) == "NAME_MISSING, RADIUS_INVALID"
