"""Where Enode sends what happens: nothing is read of it before it is known to be signed."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
from django.test import Client as Browser
from pytest_django import Settings

from charging.adapters.vehicles.enode_events import MOST_BYTES
from charging.models import ReceivedDelivery
from charging.operations.clocks import wall_now
from charging.views import enode_webhook
from tests.adapters.enode_server import stamp

pytestmark = pytest.mark.django_db
SECRET = "a secret of 16 bytes"
URL = "/webhooks/enode/"


@pytest.fixture(autouse=True)
def _with_a_secret(settings: Settings) -> None:
    settings.READYBY_ENODE_WEBHOOK_SECRET = SECRET


def make_body() -> bytes:
    return json.dumps([{"event": "enode:webhook:test", "createdAt": stamp(wall_now())}]).encode()


def send(body: bytes, *, identity: str = "delivery-1", **headers: str) -> Any:
    signature = "sha1=" + hmac.new(SECRET.encode(), body, hashlib.sha1).hexdigest()
    known = {"x-enode-signature": signature, "x-enode-delivery": identity}
    browser = Browser(enforce_csrf_checks=True)
    return browser.post(URL, body, content_type="application/json", headers=known | headers)


def test_a_signed_delivery_is_taken_and_so_is_its_repetition() -> None:
    body = make_body()

    assert [send(body).status_code, send(body).status_code] == [204, 204]
    assert ReceivedDelivery.objects.count() == 1


def test_an_unsigned_one_is_not_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enode_webhook, "events_of", lambda _body: pytest.fail("it was read"))

    assert send(b"not even JSON", **{"x-enode-signature": "sha1=0"}).status_code == 401
    assert send(make_body(), **{"x-enode-signature": ""}).status_code == 401
    assert not ReceivedDelivery.objects.exists()


def test_a_signed_one_without_sense_is_refused() -> None:
    assert send(b"{}").status_code == 400
    assert send(make_body(), identity="x" * 101).status_code == 400
    assert not ReceivedDelivery.objects.exists()


def test_a_long_one_is_refused_before_it_is_checked() -> None:
    assert send(b" " * (MOST_BYTES + 1)).status_code == 413
    assert send(make_body() + b" " * (MOST_BYTES - 200)).status_code == 204


@pytest.mark.parametrize("secret", ["", "short"])
def test_without_a_secret_of_some_length_there_is_no_such_page(settings: Settings, secret: str) -> None:
    settings.READYBY_ENODE_WEBHOOK_SECRET = secret

    assert send(make_body()).status_code == 404


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_only_posts_are_taken(method: str) -> None:
    assert Browser().generic(method, URL).status_code == 405
