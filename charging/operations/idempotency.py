"""The same call twice under one key does its work once (API_CONTRACT 2.6)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from charging.adapters.sealed import reseal, seal, unseal
from charging.models import Client, IdempotentCall
from charging.operations.failpoints import reach

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

    @property
    def is_to_be_forgotten(self) -> bool:
        """Whether the same call may come out otherwise: there were too many, or something failed here."""
        return self.status == 429 or self.status >= 500


class CallTakenOverError(Exception):
    """It took so long that the same call was begun anew: what this one did is undone."""


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


def carry_out(call: IdempotentCall, work: Callable[[], Given], *, is_together: bool) -> Given:
    """Does the work and remembers its answer; one that asks for another try later is forgotten with its call.

    Together, both are there or neither: who dies in between has done nothing, and a repetition does it once. What asks
    somebody outside cannot be undone and is not done so: those operations find by themselves what is there already.
    Whatever `work` raises is raised, and then there was no call. Raises CallTakenOverError.
    """
    try:
        reach("calls:begun")
        with transaction.atomic() if is_together else nullcontext():
            given = work()
            reach("calls:worked")
            _keep_or_undo(call, given, is_together=is_together)
    except BaseException:
        call.delete()
        raise
    if given.is_to_be_forgotten:
        call.delete()
    reach("calls:kept")
    return given


def _keep_or_undo(call: IdempotentCall, given: Given, *, is_together: bool) -> None:
    if not given.is_to_be_forgotten:
        still_ours = IdempotentCall.objects.filter(pk=call.pk)
        if not still_ours.update(status=given.status, sealed_answer=seal(given.body)) and is_together:
            raise CallTakenOverError
    elif given.status >= 500 and is_together:
        transaction.set_rollback(True)


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
