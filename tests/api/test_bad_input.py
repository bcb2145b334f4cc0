"""Whatever is sent, the answer says what to change, and nothing is stored: one table over all that is taken."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as HttpClient

from charging.api.documentation import openapi_document
from charging.core.states import State
from charging.models.vehicles import GatewayName
from charging.operations.tariffs import set_rates
from charging.operations.webhooks import create_webhook
from tests.api import bad_values as bad
from tests.api.bad_calls import CALLS, Call
from tests.api.callers import assert_is_problem, codes_of, every_table, everything_stored, make_caller, send
from tests.api.more_bad_calls import MORE_CALLS, QUERIES
from tests.contracts.cars import make_simulated_car
from tests.factories import NOW, make_driver, make_location, make_parked_car

pytestmark = pytest.mark.django_db
FILLED = re.compile(r"{\w+}|(?<=/users/)anna|(?<=/tariffs/)t$")
ALL_CALLS = [*CALLS, *MORE_CALLS]


@pytest.fixture
def places() -> dict[str, Any]:
    driver = make_driver(external_id="anna")
    car = make_parked_car(driver=driver, state=State.DISABLED)
    car.gateway = GatewayName.PUSH
    car.save()
    set_rates(client=driver.client, external_id="t", rates={"day": Decimal("0.2")}, at_wall=NOW)
    simulated = make_simulated_car(driver.client, now=NOW, user_id="bob")
    webhook = create_webhook(client=driver.client, at_wall=NOW, url="https://a.example/", secret="x" * 16)
    return {
        "webhook": webhook.public_id,
        "simulated": simulated.public_id,
        "client": driver.client,
        "car": car.public_id,
        "place": make_location(driver=driver).public_id,
    }


calls = pytest.mark.parametrize("call", ALL_CALLS, ids=lambda call: f"{call.method} {call.path}")


def stored() -> Any:
    """What is in the database: the rows that the API can change, and how many there are in every table."""
    return everything_stored(), every_table()


def bad_bodies(call: Call) -> Iterator[tuple[str, str]]:
    """Each bad value with the key that it is at, in the body that is taken but for that."""
    for key, values in call.bad.items():
        yield from ((key, body) for body in bad.bodies_with(call.body, key, values))
        yield from ((key, body) for body in (bad.endless(call.body, key) if key in call.numbers else ()))


@calls
def test_a_bad_value_is_named_and_nothing_is_stored(call: Call, places: dict[str, Any]) -> None:
    caller, path = make_caller(places["client"]), call.path.format(**places)
    before = stored()

    for key, body in bad_bodies(call):
        answer = send(caller, call.method, path, body)
        assert answer.status_code == 400, (key, body[:200], answer.content)
        first_keys = {path.split(".")[0] for _code, path in codes_of(answer)}
        assert first_keys & {key.split(".")[0], ""}, (key, body[:200], first_keys)
    assert stored() == before


@calls
def test_what_is_missing_is_named(call: Call, places: dict[str, Any]) -> None:
    caller, path = make_caller(places["client"]), call.path.format(**places)

    for key in call.required:
        body = {name: value for name, value in call.body.items() if name != key}
        assert key in {path for _code, path in codes_of(send(caller, call.method, path, body))}


@calls
def test_what_is_no_json_is_refused(call: Call, places: dict[str, Any]) -> None:
    caller, path = make_caller(places["client"]), call.path.format(**places)
    before = stored()

    for name, body in bad.NOT_JSON.items():
        answer = send(caller, call.method, path, body)
        assert answer.status_code == 400, name
        assert codes_of(answer) == {("BODY_INVALID" if name == "nothing" else "JSON_INVALID", "")}, name
    for name, body in bad.LARGE.items():
        answer = send(caller, call.method, path, body)
        assert answer.status_code == 413, name
        assert_is_problem(answer)
    for content_type in bad.OTHER_TYPES:
        answer = caller.generic(call.method, path, b"{}", content_type=content_type)
        assert answer.status_code == 415, content_type
        assert_is_problem(answer)
    assert stored() == before


@calls
def test_what_is_other_json_than_asked_for_is_refused(call: Call, places: dict[str, Any]) -> None:
    caller, path = make_caller(places["client"]), call.path.format(**places)
    before = stored()

    for body in bad.NO_OBJECTS if isinstance(call.body, dict) else bad.NO_LISTS:
        answer = send(caller, call.method, path, body)
        assert answer.status_code == 400, body
        assert codes_of(answer), body
    assert stored() == before


@pytest.mark.parametrize(("path", "taken", "bad_by_key"), QUERIES, ids=[path for path, _taken, _bad in QUERIES])
def test_a_bad_query_is_named_and_nothing_is_stored(
    path: str, taken: dict[str, str], bad_by_key: dict[str, tuple[str, ...]], places: dict[str, Any]
) -> None:
    caller, address = make_caller(places["client"]), path.format(**places)
    before = stored()

    assert caller.get(address, taken).status_code == 200
    for key, values in bad_by_key.items():
        for value in values:
            answer = caller.get(address, taken | {key: value})
            assert answer.status_code == 400, (key, value[:40], answer.content)
            named = {path for _code, path in codes_of(answer)}
            assert named & {key, "startDate" if key == "endDate" else key}, (key, value[:40], named)
    assert stored() == before


def test_a_bad_reading_of_many_is_named_in_its_own_answer(places: dict[str, Any]) -> None:
    caller = make_caller(places["client"])
    call = next(call for call in CALLS if call.path.endswith("/readings"))
    asked = [(key, body) for key, body in bad_bodies(call) if key not in {*call.numbers, "vehicleId", "id"}]
    readings = [json.loads(body) | {"vehicleId": str(places["car"])} for _key, body in asked]
    before = stored()

    answer = send(caller, "POST", "/api/readings", readings).json()

    assert [one["status"] for one in answer] == ["REJECTED"] * len(asked)
    for (key, body), one in zip(asked, answer, strict=True):
        assert {issue["path"].split(".")[0] for issue in one["issues"]} & {key, ""}, (body, one)
    for name, broken in (bad.NOT_JSON | {"100,000 deep": bad.LARGE["a list 100,000 deep"]}).items():
        code = "BODY_INVALID" if name == "nothing" else "JSON_INVALID"
        assert codes_of(send(caller, "POST", "/api/readings", broken)) == {(code, "")}, name
    for other in bad.NO_LISTS[:4]:
        assert codes_of(send(caller, "POST", "/api/readings", other)) == {("BODY_INVALID", "")}
    assert send(caller, "POST", "/api/readings", bad.LARGE["10 MB"]).status_code == 413
    assert stored() == before


@calls
def test_the_body_itself_is_taken(call: Call, places: dict[str, Any]) -> None:
    answer = send(make_caller(places["client"]), call.method, call.path.format(**places), call.body)

    assert answer.status_code in {call.success, 204}, answer.content


@calls
def test_without_a_token_nothing_is_told(call: Call, places: dict[str, Any]) -> None:
    answer = send(HttpClient(), call.method, call.path.format(**places), call.body)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert_is_problem(answer)


@pytest.mark.parametrize("call", [call for call in ALL_CALLS if "{" in call.path], ids=lambda call: call.path)
def test_what_is_not_there_or_not_ours_is_the_same(call: Call, places: dict[str, Any]) -> None:
    stranger = make_caller(make_driver().client)
    missing = {name: uuid.uuid4() for name in ("car", "place", "simulated", "webhook")}

    theirs = send(stranger, call.method, call.path.format(**places), call.body)
    none = send(stranger, call.method, call.path.format(**missing), call.body)

    assert (theirs.status_code, theirs.content) == (none.status_code, none.content)
    assert theirs.status_code == 404


def test_the_table_holds_hundreds_of_bad_values_of_every_kind() -> None:
    asked = [body for call in ALL_CALLS for _key, body in bad_bodies(call)]
    queries = [value for _path, _taken, by_key in QUERIES for values in by_key.values() for value in values]

    assert len(set(asked)) >= 400
    assert len(set(asked)) + len(queries) >= 800
    kinds = {
        "types": '"name": true',
        "ranges": '"latitude": 90.1',
        "NaN": '"latitude": NaN',
        "infinity": '"latitude": -Infinity',
        "NUL": "\\u0000",
        "lone surrogates": "\\ud800",
        "unknown enum": '"action": "PAUSE"',
        "unknown keys": '"unknown": 1',
    }
    for kind, sign in kinds.items():
        assert any(sign in body for body in asked), kind
    assert {"a key twice", "NaN", "a byte order mark"} <= set(bad.NOT_JSON)
    assert {"10 MB", "a list 100,000 deep"} == set(bad.LARGE)
    assert len(bad.OTHER_TYPES) >= 5


def test_every_call_that_takes_a_body_is_in_the_table() -> None:
    tabled = {(call.method, FILLED.sub("{}", call.path.removeprefix("/api"))) for call in ALL_CALLS}
    described = {
        (method.upper(), FILLED.sub("{}", path))
        for path, methods in openapi_document()["paths"].items()
        for method, details in methods.items()
        if "requestBody" in details
    }

    assert described - tabled == {("POST", "/readings")}
    assert tabled <= described
