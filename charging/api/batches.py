"""Many readings at once: each is read by itself, so that a bad one keeps no other back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from pydantic import ValidationError

from charging.api.bearer import client_of
from charging.api.bodies import issues_of
from charging.api.form_issues import form_issues
from charging.api.reading_schemas import BatchReading
from charging.models import Vehicle
from charging.operations.issues import Issue, refuse_if_any

MOST_READINGS = 1000


def read_batch(documents: list[Any]) -> list[BatchReading | tuple[Issue, ...]]:
    """Returns each reading, or what is wrong with it. Raises Refused for too many of them."""
    if len(documents) > MOST_READINGS:
        refuse_if_any([Issue("TOO_MANY_READINGS", "", _("Send at most 1,000 readings at once."))])
    return [_read(document) for document in documents]


def _read(document: Any) -> BatchReading | tuple[Issue, ...]:
    try:
        body = BatchReading.model_validate(document)
    except ValidationError as fault:
        return form_issues(fault.errors(include_url=False, include_input=False, include_context=False))
    return issues_of(body) or body


def cars_named(request: HttpRequest, vehicle_ids: Iterable[str]) -> dict[str, Vehicle]:
    """Returns the client's cars among these ids, in one query."""
    known = {text: UUID(text) for text in set(vehicle_ids) if _is_uuid(text)}
    cars = Vehicle.objects.of_client(client_of(request)).filter(public_id__in=known.values()).select_related("driver")
    by_id = {car.public_id: car for car in cars}
    return {text: by_id[public_id] for text, public_id in known.items() if public_id in by_id}


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
