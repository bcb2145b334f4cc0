"""The description of the API: for programs as OpenAPI 3.1, for people as a page made from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from charging.api.common_parts import add_common_parts
from charging.api.service import api


@dataclass(frozen=True, slots=True)
class Value:
    """One parameter or one key of a body."""

    name: str
    place: str
    kind: str
    is_required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call, as the page shows it."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    needs_token: bool
    values: tuple[Value, ...]
    command: str
    answers: tuple[tuple[str, str], ...]
    answer_example: str


@require_GET
def openapi(_request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    return JsonResponse(openapi_document())


@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    """The page for people."""
    subjects: dict[str, list[Call]] = {}
    host = request.build_absolute_uri("/").rstrip("/")
    for tag, call in _calls(openapi_document(), host):
        subjects.setdefault(tag, []).append(call)
    token_command = _lines(
        "curl -u CLIENT_ID:CLIENT_SECRET", "-d grant_type=client_credentials", f"{host}/oauth2/token"
    )
    return render(
        request, "api/docs.html", {"subjects": list(subjects.items()), "token_command": token_command, "host": host}
    )


@cache
def openapi_document() -> dict[str, Any]:
    """Returns the OpenAPI document; it does not change while the process runs."""
    document = dict(api.get_openapi_schema(path_prefix=""))
    add_common_parts(document)
    return document


def _calls(document: dict[str, Any], host: str) -> Iterator[tuple[str, Call]]:
    schemas, shared = document["components"]["schemas"], document["components"]["parameters"]
    for path, methods in document["paths"].items():
        for method, details in methods.items():
            named = {**details, "parameters": [_resolved(one, shared) for one in details["parameters"]]}
            yield details["tags"][0], _call(method.upper(), path, named, schemas, host)


def _call(method: str, path: str, details: dict[str, Any], schemas: dict[str, Any], host: str) -> Call:
    body = _schema_in(details.get("requestBody", {}), schemas)
    success: dict[str, Any] = next((answer for status, answer in details["responses"].items() if int(status) < 300), {})
    return Call(
        anchor=details["operationId"],
        method=method,
        path=path,
        summary=details["summary"],
        description=_plain(details.get("description", "")),
        needs_token="security" in details,
        values=(*_parameters(details["parameters"]), *_keys(body)),
        command=_command(method, f"{host}/api{path}", "security" in details, _example(body, schemas)),
        answers=tuple(
            (str(status), answer["description"])
            for status, answer in details["responses"].items()
            if "description" in answer
        ),
        answer_example=_example(_schema_in(success, schemas), schemas),
    )


def _plain(text: str) -> str:
    return " ".join(text.replace("`", "").split())


def _command(method: str, url: str, needs_token: bool, body: str) -> str:
    """The call as a command for a shell, one part a line."""
    parts = [f"curl -X {method}", url]
    if needs_token:
        parts.append('-H "Authorization: Bearer TOKEN"')
    if body:
        parts += ['-H "Content-Type: application/json"', f"-d '{body}'"]
    return _lines(*parts)


def _lines(*parts: str) -> str:
    """One command over several lines."""
    return " \\\n  ".join(parts)


def _parameters(parameters: list[dict[str, Any]]) -> Iterator[Value]:
    for one in parameters:
        yield Value(one["name"], one["in"], _kind(one["schema"]), one["required"], _plain(one.get("description", "")))


def _keys(body: dict[str, Any]) -> Iterator[Value]:
    required = body.get("required", ())
    for name, schema in body.get("properties", {}).items():
        yield Value(name, "body", _kind(schema), name in required, _plain(schema.get("description", "")))


def _kind(schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return ", ".join(_kind(one) for one in schema["anyOf"])
    return str(schema.get("type", "object"))


def _schema_in(content: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """The schema of a body or an answer, empty where there is none."""
    found = content.get("content", {}).get("application/json", {}).get("schema", {})
    return _resolved(found, schemas)


def _resolved(part: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    """A part of the document itself, where a call only refers to a shared one."""
    if "$ref" not in part:
        return part
    named: dict[str, Any] = shared[part["$ref"].rsplit("/", 1)[-1]]
    return named


def _example(schema: dict[str, Any], schemas: dict[str, Any]) -> str:
    """The example of a schema as JSON; that of a page holds one entry."""
    if "examples" in schema:
        return json.dumps(schema["examples"][0], indent=2)
    if "data" in schema.get("properties", {}):
        entry = _resolved(schema["properties"]["data"]["items"], schemas)
        page = {"data": entry["examples"][:1], "pagination": {"after": None, "before": None}}
        return json.dumps(page, indent=2)
    return ""
