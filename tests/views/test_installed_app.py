"""What a phone needs to put Readyby among its apps, and the page it shows without a connection."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client as Browser

from charging.views import installed_app
from tests.views.cars import make_own_car, url


def test_ux_39_the_manifest_names_icons_that_are_as_large_as_it_says() -> None:
    answer = Browser().get("/manifest.webmanifest")

    assert answer["Content-Type"] == "application/manifest+json"
    manifest = answer.json()
    assert (manifest["name"], manifest["display"], manifest["start_url"]) == ("Readyby", "standalone", "/dashboard/")
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        found = finders.find(icon["src"].removeprefix("/static/"))
        assert found is not None
        width, height = size_of(Path(found))
        assert icon["sizes"] == f"{width}x{height}"


def size_of(picture: Path) -> tuple[int, int]:
    """Width and height of a PNG file, from its header."""
    header = picture.read_bytes()[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    return int.from_bytes(header[16:20]), int.from_bytes(header[20:24])


def test_the_script_is_asked_for_anew_and_changes_with_what_it_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    before = Browser().get("/service-worker.js")

    installed_app._version.cache_clear()
    monkeypatch.setattr(installed_app, "FILES", (*installed_app.FILES, "img/place.svg"))
    after = Browser().get("/service-worker.js")
    installed_app._version.cache_clear()

    assert before["Content-Type"].startswith("text/javascript")
    assert before["Cache-Control"] == "no-cache"
    versions = [answer.content.split(b'"version": "')[1][:12] for answer in (before, after)]
    assert versions[0] != versions[1]


@pytest.mark.django_db
def test_the_page_without_a_connection_is_the_same_for_everybody(client: Browser) -> None:
    for_nobody = Browser().get("/offline/").content
    vehicle = make_own_car(client)
    client.get(url("car", vehicle))

    assert client.get("/offline/").content == for_nobody
    assert b"csrf" not in for_nobody.lower()
    assert b"No connection" in for_nobody


@pytest.mark.django_db
def test_only_who_is_signed_out_is_told_to_forget(client: Browser) -> None:
    vehicle = make_own_car(client)

    assert b"data-signed-out" not in client.get(url("car", vehicle)).content
    assert b"data-signed-out" in Browser().get("/").content
    assert b"data-signed-out" not in client.get("/").content
