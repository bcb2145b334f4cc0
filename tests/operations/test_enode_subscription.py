"""`manage.py enode_webhook`: what happens is sent here, once the operator has said where and how it is signed."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.adapters.enode_server import FakeEnode, as_json, serve_enode

SECRET = "a secret of 16 bytes"


@pytest.fixture
def server(settings: Settings) -> Iterator[FakeEnode]:
    settings.READYBY_SERVER_URL, settings.READYBY_ENODE_WEBHOOK_SECRET = "https://charge.example", SECRET
    with serve_enode() as server:
        server.set_up(settings)
        yield server


def subscribe() -> str:
    out = StringIO()
    call_command("enode_webhook", stdout=out)
    return out.getvalue()


def test_everything_is_sent_to_the_one_page_for_it(server: FakeEnode) -> None:
    said = subscribe()

    assert server.bodies[-1] == {
        "url": "https://charge.example/webhooks/enode/",
        "secret": SECRET,
        "events": ["*"],
        "apiVersion": "2024-10-01",
    }
    assert "https://charge.example/webhooks/enode/" in said
    assert SECRET not in said


@pytest.mark.parametrize(
    "missing", ["READYBY_ENODE_URL", "READYBY_ENODE_CLIENT_ID", "READYBY_SERVER_URL", "READYBY_ENODE_WEBHOOK_SECRET"]
)
def test_what_is_missing_is_named(server: FakeEnode, settings: Settings, missing: str) -> None:
    setattr(settings, missing, "")

    with pytest.raises(CommandError, match=missing):
        subscribe()

    assert server.asked == []


def test_a_short_secret_is_refused(server: FakeEnode, settings: Settings) -> None:
    settings.READYBY_ENODE_WEBHOOK_SECRET = "short"

    with pytest.raises(CommandError, match="16 characters"):
        subscribe()


def test_what_enode_does_not_take_is_told(server: FakeEnode) -> None:
    server.replies["POST /webhooks"] = as_json({"title": "Payload validation failed"}, 400)

    with pytest.raises(CommandError, match="HTTP 400"):
        subscribe()
