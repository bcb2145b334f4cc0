"""The time of the story that the view tests tell."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from tests.views.cars import begin_story


@pytest.fixture
def story_time(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_story(settings, monkeypatch)
