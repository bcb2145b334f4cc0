"""Deliveries of Enode: whoever changes a byte of one has changed it all."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest

from charging.adapters.vehicles.enode_events import events_of, is_signed
from charging.adapters.webhook_signatures import signature_headers

SECRET = "0123456789abcdef"
BODY = b'[{"event":"enode:webhook:test","version":"2024-10-01","createdAt":"2026-03-01T18:00:00Z"}]'


def signature(body: bytes = BODY, secret: str = SECRET) -> str:
    return "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()


def test_what_was_signed_with_the_secret_is_believed() -> None:
    assert is_signed(secret=SECRET, body=BODY, signature=signature())


def test_what_a_readyby_signs_is_believed() -> None:
    headers = signature_headers(secret=SECRET, delivery_id="1", timestamp=1, body=BODY)

    assert is_signed(secret=SECRET, body=BODY, signature=headers["x-enode-signature"])


@pytest.mark.parametrize("position", [0, 1, 15, 40, len(BODY) - 1])
def test_another_byte_is_another_delivery(position: int) -> None:
    forged = BODY[:position] + bytes([BODY[position] ^ 1]) + BODY[position + 1 :]

    assert not is_signed(secret=SECRET, body=forged, signature=signature())


@pytest.mark.parametrize(
    "wrong",
    [
        *("", "sha1=", signature()[5:], signature().upper(), f"{signature()} ", signature(secret="another"), "sha1=ä"),
        "sha256=" + hmac.new(SECRET.encode(), BODY, hashlib.sha256).hexdigest(),
    ],
    ids=["none", "empty", "no prefix", "capitals", "a space", "another secret", "no ASCII", "another kind"],
)
def test_any_other_signature_is_refused(wrong: str) -> None:
    assert not is_signed(secret=SECRET, body=BODY, signature=wrong)


def test_without_a_secret_nothing_is_believed() -> None:
    assert not is_signed(secret="", body=BODY, signature=signature(secret=""))


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"null", b"\xff", b"[" * 100_000, b"[1" + b"0" * 5000 + b"]", json.dumps([{}] * 101).encode()],
    ids=["empty", "an object", "null", "no text", "too deep", "too large a number", "too many"],
)
def test_what_is_no_delivery_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of whatever kind
        events_of(body)


def test_events_that_make_no_sense_are_left_out() -> None:
    rows = [1, {}, {"event": "x"}, {"event": "x", "createdAt": "then"}, *json.loads(BODY)]

    assert [event.name for event in events_of(json.dumps(rows).encode())] == ["enode:webhook:test"]
