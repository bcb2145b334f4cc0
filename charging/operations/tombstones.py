"""Tombstones: keyed checksums of the ids that were erased, in the data folder first and in the database too."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings

from charging.adapters.erased_file import append_erased, read_erased, require_writable
from charging.models import Tombstone


def checksum_of(public_id: UUID, key: str) -> str:
    """Returns the checksum of an id under a secret key: 64 hexadecimal digits that nobody can guess without it."""
    derived = hashlib.sha256(b"tombstones" + key.encode()).digest()
    return hmac.new(derived, str(public_id).encode(), hashlib.sha256).hexdigest()


def bury(*, public_ids: Iterable[UUID], at_wall: datetime) -> None:
    """Writes down that these are erased, before they are: a deletion that breaks off is finished at the next start.

    Raises ErasedFileError where the file cannot be written; then nothing may be erased.
    """
    require_writable()
    erased = {checksum_of(public_id, settings.SECRET_KEY): at_wall for public_id in public_ids}
    _write(erased)


def everybody_erased() -> frozenset[str]:
    """Returns all checksums, after the file and the table have been given what only the other had."""
    erased = read_erased() | dict(Tombstone.objects.values_list("checksum", "erased_at"))
    _write(erased)
    return frozenset(erased)


def is_named(public_id: UUID, erased: Collection[str]) -> bool:
    """Whether one of the checksums is that of the id, under the secret key or a former one."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS, *settings.READYBY_ERASED_KEYS)
    return any(checksum_of(public_id, key) in erased for key in keys)


def _write(erased: dict[str, datetime]) -> None:
    known = read_erased()
    append_erased({checksum: at for checksum, at in erased.items() if checksum not in known})
    rows = [Tombstone(checksum=checksum, erased_at=at) for checksum, at in erased.items()]
    Tombstone.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
