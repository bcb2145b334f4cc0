"""What nearly every call takes and answers beside its own: told once in the OpenAPI document, named by each call."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from charging.api.idempotent import KEY

HEADERS = {
    401: {"WWW-Authenticate": "Always `Bearer`."},
    429: {"Retry-After": "Seconds to wait."},
    503: {"Retry-After": "Seconds to wait."},
}
DESCRIPTIONS = {
    400: "What was sent is not as described here; the issues name each fault.",
    413: "The body is too large.",
    415: "The body is not said to be JSON.",
    422: "The key in `Idempotency-Key` was used for another body.",
    429: "Too many calls in a minute.",
    500: "A fault of Readyby's own; the detail names the incident.",
    503: "The first call under the key in `Idempotency-Key` is still running.",
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A key of your choice: within 24 hours the call is done once under it, and answered the same again.",
    "schema": {"type": "string", "pattern": f"^{KEY.pattern}$"},
}
REPEATED = {"post", "put"}
"""The methods that may be repeated under a key."""


def add_common_parts(document: dict[str, Any]) -> None:
    """Adds them to the document, and to each of its calls those that it can take and give."""
    document["components"]["responses"] = {_name(status): _answer(status) for status in DESCRIPTIONS}
    document["components"]["parameters"] = {"IdempotencyKey": IDEMPOTENCY_KEY}
    for calls in document["paths"].values():
        for method, details in calls.items():
            if method in REPEATED and "security" in details:
                details["parameters"].append({"$ref": "#/components/parameters/IdempotencyKey"})
            answers = details["responses"]
            for status in _given_by(method, details):
                answers.setdefault(status, {"$ref": f"#/components/responses/{_name(status)}"})
            if 401 in answers:
                answers[401]["headers"] = _headers(401)


def _given_by(method: str, details: dict[str, Any]) -> Iterator[int]:
    yield 500
    if "security" in details:
        yield 429
    if "requestBody" in details:
        yield from (413, 415)
    if method in REPEATED:
        yield from (400, 422, 503)


def _name(status: int) -> str:
    return HTTPStatus(status).phrase.replace(" ", "")


def _answer(status: int) -> dict[str, Any]:
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    answer: dict[str, Any] = {"description": DESCRIPTIONS[status], "content": body}
    return answer | ({"headers": _headers(status)} if status in HEADERS else {})


def _headers(status: int) -> dict[str, Any]:
    return {
        name: {"description": text, "required": True, "schema": {"type": "string"}}
        for name, text in HEADERS[status].items()
    }
