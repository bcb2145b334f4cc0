"""The same call twice under one key does its work once (API_CONTRACT 2.6)."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from charging.adapters.sealed import reseal, seal, unseal
from charging.models import Client, IdempotentCall

KEEP_FOR = timedelta(hours=24)
RUNS_FOR = timedelta(seconds=90)
"""A call that takes longer than this has died."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, under which key."""

    client: Client
    method: str
    path: str
    key: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Given:
    """The answer that was given."""

    status: int
    body: str


def begin_call(asked: Asked, *, at_wall: datetime) -> tuple[IdempotentCall, bool]:
    """Returns the call under this key, and whether it begins now; what is too old or has died is begun anew."""
    same = IdempotentCall.objects.filter(
        client=asked.client, method=asked.method, path_checksum=_checksum(asked.path.encode()), key=asked.key
    )
    same.filter(created_at__lte=at_wall - KEEP_FOR).delete()
    same.filter(created_at__lte=at_wall - RUNS_FOR, status__isnull=True).delete()
    return IdempotentCall.objects.get_or_create(
        client=asked.client,
        method=asked.method,
        path_checksum=_checksum(asked.path.encode()),
        key=asked.key,
        defaults={"body_checksum": _checksum(asked.body), "created_at": at_wall},
    )


def has_same_body(call: IdempotentCall, asked: Asked) -> bool:
    """Whether the key was used for the same body."""
    return call.body_checksum == _checksum(asked.body)


def keep_answer(call: IdempotentCall, given: Given) -> None:
    """Remembers the answer; one that asks for another try later is forgotten with its call."""
    if given.status == 429 or given.status >= 500:
        call.delete()
    else:
        IdempotentCall.objects.filter(pk=call.pk).update(status=given.status, sealed_answer=seal(given.body))


def answer_of(call: IdempotentCall) -> Given | None:
    """Returns the answer; None while the call is running, or where it was forgotten meanwhile.

    Raises ValueError where no key opens it any more.
    """
    found = IdempotentCall.objects.filter(pk=call.pk, status__isnull=False).first()
    if found is None or found.status is None:
        return None
    return Given(found.status, unseal(found.sealed_answer))


@transaction.atomic
def reseal_answers() -> int:
    """Seals the answers anew under the newest key. Returns how many; one that no key opens stays as it is."""
    count = 0
    for call in IdempotentCall.objects.select_for_update().exclude(sealed_answer="").iterator():
        with suppress(ValueError):
            count += IdempotentCall.objects.filter(pk=call.pk).update(sealed_answer=reseal(call.sealed_answer))
    return count


def forget_old_calls(*, at_wall: datetime) -> int:
    """Deletes calls of more than a day ago. Returns how many."""
    count, _by_model = IdempotentCall.objects.filter(created_at__lte=at_wall - KEEP_FOR).delete()
    return count


def _checksum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
