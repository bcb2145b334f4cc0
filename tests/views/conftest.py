"""The time of the story that the view tests tell."""

from __future__ import annotations

import time

import pytest
from pytest_django import Settings

from charging.operations import clocks
from tests import factories


@pytest.fixture
def story_time(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 22:04 in Oslo when the test begins, however long the tests before it took."""
    settings.READYBY_NOW = factories.NOW
    monkeypatch.setattr(clocks, "_started", time.monotonic())
