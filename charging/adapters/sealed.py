"""Texts that are stored encrypted, under the installation's key; former keys still open them."""

from __future__ import annotations

import base64
import hashlib
import json

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def seal(text: str) -> str:
    """Returns the text encrypted; empty stays empty."""
    return _box().encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """Returns the text. Raises ValueError where none of the keys fits."""
    try:
        return _box().decrypt(sealed.encode()).decode() if sealed else ""
    except InvalidToken as fault:
        raise ValueError("None of the secret keys opens this text") from fault


def seal_for(owner: str, text: str) -> str:
    """Returns the text encrypted together with whose it is: put under somebody else's name it does not open."""
    return seal(json.dumps([owner, text]))


def unseal_for(owner: str, sealed: str) -> str:
    """Returns the text. Raises ValueError where it is not the owner's, or none of the keys fits."""
    found = json.loads(unseal(sealed))
    if not isinstance(found, list) or len(found) != 2 or found[0] != owner:
        raise ValueError("This text was sealed for somebody else")
    return str(found[1])


def reseal(sealed: str) -> str:
    """Returns the same text under the newest key; empty stays empty. Raises ValueError where none of the keys fits."""
    try:
        return _box().rotate(sealed.encode()).decode() if sealed else ""
    except InvalidToken as fault:
        raise ValueError("None of the secret keys opens this text") from fault


def _box() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"sealed texts" + key.encode()).digest())
