"""The two signatures of a delivery, as receivers check them: one with the package for it, one in five lines."""

from __future__ import annotations

import hashlib
import hmac

import standardwebhooks

Delivery = tuple[dict[str, str], bytes]
"""Headers with names in lower case, and the body as it came."""


def is_standard(delivery: Delivery, secret: str) -> bool:
    """Whether Standard Webhooks' own package takes the delivery, its time included."""
    headers, body = delivery
    webhook = standardwebhooks.Webhook(secret if secret.startswith("whsec_") else secret.encode())
    try:
        webhook.verify(body, headers)
    except standardwebhooks.WebhookVerificationError:
        return False
    return True


def is_signed_as_before(delivery: Delivery, secret: str) -> bool:
    """Whether the older header fits the body: HMAC-SHA1 in hex."""
    headers, body = delivery
    expected = "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
    return hmac.compare_digest(headers["x-enode-signature"], expected)


def signatures_that_hold(delivery: Delivery, secret: str) -> tuple[bool, bool]:
    """Which of the two take the delivery, the standard first."""
    return is_standard(delivery, secret), is_signed_as_before(delivery, secret)


def with_another_byte(delivery: Delivery, position: int) -> Delivery:
    """The same delivery, but one bit of the body is another."""
    headers, body = delivery
    return headers, body[:position] + bytes([body[position] ^ 1]) + body[position + 1 :]
