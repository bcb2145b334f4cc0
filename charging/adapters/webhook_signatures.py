"""The headers of a delivery: its id, and two signatures of the raw body (API_CONTRACT 13.4)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

PREFIX = "whsec_"


def key_of(secret: str) -> bytes:
    """Returns the key of the SHA-256 signature: what follows `whsec_` decoded, any other secret as it is.

    Raises ValueError for what follows `whsec_` and is no base64.
    """
    if not secret.startswith(PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as fault:
        raise ValueError("The secret is no base64") from fault


def signature_headers(*, secret: str, delivery_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Returns the headers; `timestamp` is that of the attempt, in Unix seconds."""
    signed = f"{delivery_id}.{timestamp}.".encode() + body
    sha256 = base64.b64encode(hmac.digest(key_of(secret), signed, hashlib.sha256)).decode()
    return {
        "x-enode-delivery": delivery_id,
        "x-enode-signature": f"sha1={hmac.digest(secret.encode(), body, hashlib.sha1).hex()}",
        "webhook-id": delivery_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{sha256}",
    }
