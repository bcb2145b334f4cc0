"""What somebody typed into a form that could not be saved yet, kept in their session until it can."""

from __future__ import annotations

from typing import TypeVar

from django import forms
from django.http import HttpRequest, QueryDict

SESSION_KEY = "typed_values"
LONGEST_VALUE = 10_000
MOST_FIELDS = 100
LEFT_OUT = frozenset({"csrfmiddlewaretoken", "token", "code", "credential", "client_secret"})
"""Beside every field with a password in its name."""

AnyForm = TypeVar("AnyForm", bound=forms.Form)


def typed_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a sent form, without passwords and tokens of any kind."""
    pairs = [(name, str(value)) for name in request.POST for value in request.POST.getlist(name)]
    return [(name, value[:LONGEST_VALUE]) for name, value in pairs if not _is_secret(name)][:MOST_FIELDS]


def _is_secret(name: str) -> bool:
    return name in LEFT_OUT or "password" in name


def keep_typed(request: HttpRequest, path: str = "") -> None:
    """Keeps the sent form for the page at this address, or at `path`."""
    request.session[SESSION_KEY] = {"path": path or request.path, "fields": typed_fields(request)}


def typed_before(request: HttpRequest) -> QueryDict | None:
    """Returns what was kept for this address, or None."""
    kept = request.session.get(SESSION_KEY)
    if not kept or kept["path"] != request.path:
        return None
    values = QueryDict(mutable=True)
    for name, value in kept["fields"]:
        values.appendlist(name, value)
    return values


def with_typed(form: AnyForm, request: HttpRequest) -> AnyForm:
    """The form as it was left: with what was kept for this address, read as its fields read what is sent.

    That is shown once: whoever leaves and comes back later finds what is stored, which may be newer by then.
    """
    typed = None if form.is_bound else typed_before(request)
    if typed is not None:
        forget_typed(request)
        form.initial = {**form.initial} | {
            name: field.widget.value_from_datadict(typed, {}, form.add_prefix(name))
            for name, field in form.fields.items()
        }
    return form


def forget_typed(request: HttpRequest) -> None:
    """Drops what was kept, once it is saved."""
    request.session.pop(SESSION_KEY, None)
