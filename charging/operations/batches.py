"""Deleting much, a little at a time, so that nobody waits long for a lock."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

AT_ONCE = 1000


def delete_in_batches(rows: QuerySet[Any], at_once: int = AT_ONCE) -> int:
    """Deletes the rows, each batch in a transaction of its own. Returns how many there were."""
    count = 0
    while pks := list(rows.order_by().values_list("pk", flat=True)[:at_once]):
        with transaction.atomic():
            rows.model._default_manager.filter(pk__in=pks).delete()
        count += len(pks)
    return count
