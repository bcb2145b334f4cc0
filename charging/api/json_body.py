"""Reading a JSON body: one well-formed UTF-8 document of modest size, or a refusal that says what is wrong."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.parser import Parser

from charging.operations.issues import Issue, Refused, refuse_if_any

MAX_BODY_BYTES = 64 * 1024
MAX_BATCH_BYTES = 1024 * 1024
MAX_DEPTH = 20
"""Of lists and objects within each other; what we take has a handful."""

BATCH_PATHS = frozenset({"/api/readings"})


class BodyTooLarge(Exception):  # noqa: N818 - nothing went wrong here, the answer is 413
    """The body is longer than any that could be meant."""


class BodyIsNotJson(Exception):  # noqa: N818 - nothing went wrong here, the answer is 415
    """The body is said to be something else than JSON."""


class StrictJsonParser(Parser):
    """ninja's parser, but nothing is let through that JSON, a database or arithmetic would choke on."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Returns the document. Raises BodyTooLarge, BodyIsNotJson, or Refused with what is wrong in it."""
        if request.content_type != "application/json" and not (request.content_type or "").endswith("+json"):
            raise BodyIsNotJson
        if len(request.body) > (MAX_BATCH_BYTES if request.path in BATCH_PATHS else MAX_BODY_BYTES):
            raise BodyTooLarge
        document = _parsed(request.body)
        refuse_if_any(_text_issues(document))
        return document


def _parsed(body: bytes) -> Any:
    try:
        text = body.decode("utf-8")
        document = json.loads(text, parse_constant=_refuse, parse_float=_finite, object_pairs_hook=_without_repeats)
        return _not_too_deep(document)
    except (ValueError, RecursionError) as fault:
        raise Refused([Issue("JSON_INVALID", "", _("Send one valid JSON document in UTF-8."))]) from fault


def _not_too_deep(document: Any) -> Any:
    level = [document]
    for _depth in range(MAX_DEPTH):
        level = [inner for value in level for inner in _inside(value)]
    if any(isinstance(value, dict | list) for value in level):
        raise ValueError("too deep")
    return document


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("too large a number")
    return number


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is repeated")
    return found


def _text_issues(document: Any) -> list[Issue]:
    message = _("Use characters that can be stored: no null characters, no halves of surrogate pairs.")
    return [Issue("TEXT_INVALID", path, message) for path, text in _texts(document, "") if not is_storable(text)]


def is_storable(text: str) -> bool:
    """Whether every database takes the text: PostgreSQL refuses null characters, UTF-8 has no lone surrogates."""
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every text in the document with its path; a key that cannot be stored counts against what holds it."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield path, key
            yield from _texts(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _texts(inner, f"{path}.{position}" if path else str(position))
