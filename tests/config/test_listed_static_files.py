"""Every client of a test serves the same static files, though they are looked for once."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from pytest_django import Settings
from whitenoise.middleware import WhiteNoiseMiddleware

from tests import static_files


def answer(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("no file")


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Whoever looks for files; nothing is remembered of the tests before."""
    found: list[object] = []

    def look(middleware: Any, look_really: Any = static_files.list_files) -> None:
        found.append(middleware)
        look_really(middleware)

    monkeypatch.setattr(static_files, "_lists", {})
    monkeypatch.setattr(static_files, "list_files", look)
    return found


def test_the_second_serves_what_the_first_found(looked: list[object]) -> None:
    first, second = WhiteNoiseMiddleware(answer), WhiteNoiseMiddleware(answer)

    assert looked == [first]
    assert "/static/admin/css/base.css" in first.files
    assert first.files == second.files


def test_under_other_settings_they_are_looked_for_again(looked: list[object], settings: Settings) -> None:
    first = WhiteNoiseMiddleware(answer)
    settings.WHITENOISE_MAX_AGE = 5
    second = WhiteNoiseMiddleware(answer)

    assert looked == [first, second]
    assert first.files["/static/admin/css/base.css"] is not second.files["/static/admin/css/base.css"]
