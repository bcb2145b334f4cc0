"""Whatever is sent as JSON: how deep it may be, and how much of it is read."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from django.conf import settings

from charging.api.json_body import MAX_BATCH_BYTES, MAX_DEPTH
from tests.api.callers import assert_is_problem, codes_of, make_caller, send
from tests.factories import make_client

pytestmark = pytest.mark.django_db

PATH = "/api/readings"


def refused_with(body: bytes | str) -> set[tuple[str, str]]:
    return codes_of(send(make_caller(make_client()), "POST", PATH, body))


def nested(depth: int, value: Any = "1") -> str:
    return "[" * depth + str(value) + "]" * depth


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 100, 900, 30_000])
def test_a_document_that_is_too_deep_is_refused_as_no_json(depth: int) -> None:
    assert refused_with(nested(depth)) == {("JSON_INVALID", "")}
    assert refused_with('[{"a": ' * (depth // 2 + 1) + "1" + "}]" * (depth // 2 + 1)) == {("JSON_INVALID", "")}


def test_one_that_is_just_not_too_deep_is_refused_for_what_it_says() -> None:
    answer = send(make_caller(make_client()), "POST", "/api/charging-locations", nested(MAX_DEPTH))

    assert answer.status_code == 400
    assert ("JSON_INVALID", "") not in codes_of(answer)


def test_the_server_reads_no_more_than_the_largest_body_that_it_takes() -> None:
    answer = send(make_caller(make_client()), "POST", PATH, "[" + " " * MAX_BATCH_BYTES + "]")

    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == MAX_BATCH_BYTES
    assert answer.status_code == 413
    assert_is_problem(answer)


def test_a_packed_body_is_not_unpacked() -> None:
    packed = gzip.compress(b"[" + b" " * 50_000_000 + b"]")
    caller = make_caller(make_client())

    answer = caller.generic("POST", PATH, packed, content_type="application/json", headers={"content-encoding": "gzip"})

    assert answer.status_code in {400, 413}
    assert_is_problem(answer)
