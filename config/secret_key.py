"""The secret key of an installation: made once, kept in its data folder, readable by its owner only."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def load_or_create_secret_key(path: Path) -> str:
    """The key in `path`; a first start writes a new random one there with mode 0600.

    Raises ImproperlyConfigured where the folder can be neither made nor used.
    """
    try:
        return _load_or_create(path)
    except OSError as fault:
        raise ImproperlyConfigured(f"The data folder {path.parent} cannot be used: {fault.strerror}.") from fault


def _load_or_create(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(64)
        file.write(key)
    return key
