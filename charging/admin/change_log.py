"""The log of what operators do: who, when and to which row; what the row is called stays out of it."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.http import HttpRequest

from charging.admin.read_only import Screen


def log_change(*, screen: Screen, request: HttpRequest, row: Model, message: Any) -> None:
    """Adds a line to the row's history: its name may be a driver's, and would outlive the row."""
    entry = screen.log_change(request, row, message)
    LogEntry.objects.filter(pk=entry.pk).update(object_repr=_unnamed(row, row.pk))


def log_erasure(*, request: HttpRequest, row: Model, pk: int, reason: str) -> None:
    """Adds that a row, whose key was `pk`, was erased, and why."""
    assert request.user.is_authenticated, "the admin is for operators"
    LogEntry.objects.create(
        user=request.user,
        content_type=ContentType.objects.get_for_model(row),
        object_id=str(pk),
        object_repr=_unnamed(row, pk),
        action_flag=DELETION,
        change_message=reason,
    )


def _unnamed(row: Model, pk: Any) -> str:
    return f"{row._meta.model_name} {pk}"
