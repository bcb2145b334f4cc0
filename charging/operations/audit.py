"""The record of who did what. It holds ids and no names, addresses or places; written with the act or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction

from charging.models import AuditEvent
from charging.models.audit import AuditKind

Result = TypeVar("Result")

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
"""Callers may send one of their own; what looks otherwise is left out."""

LONGEST_REASON = 200


def record(
    *,
    kind: AuditKind,
    now: datetime,
    account_id: int | None = None,
    client_id: int | None = None,
    about: UUID | None = None,
    reason: str = "",
) -> AuditEvent:
    """Writes down one act and returns it. Call it in the transaction of the act: then both are stored, or none.

    `now` is an instant of the wall; `about` the public id of what was acted on; a long reason is cut.
    """
    request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))
    return AuditEvent.objects.create(
        at=now,
        kind=kind,
        account_id=account_id,
        client_id=client_id,
        about=about,
        request_id=request_id if REQUEST_ID.fullmatch(request_id) else "",
        reason=reason[:LONGEST_REASON],
    )


@transaction.atomic
def act(
    *,
    do: Callable[[], Result],
    kind: AuditKind,
    account_id: int | None,
    reason: str,
    now: datetime,
    about: UUID | None = None,
    client_id: int | None = None,
) -> Result:
    """Does what an operator asked for and writes it down, both or none. Returns and raises what `do` does."""
    result = do()
    record(kind=kind, now=now, account_id=account_id, client_id=client_id, about=about, reason=reason)
    return result


def forget_old_events(*, at_wall: datetime) -> int:
    """Deletes events of more than READYBY_KEEP_AUDIT_DAYS ago, which the database allows. Returns how many."""
    oldest = at_wall - timedelta(days=settings.READYBY_KEEP_AUDIT_DAYS)
    count, _by_model = AuditEvent.objects.filter(at__lt=oldest).delete()
    return count
