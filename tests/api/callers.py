"""Somebody who calls the API with a token, and what they get."""

from __future__ import annotations

import itertools
import json
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.test import Client as HttpClient
from oauth2_provider.models import AccessToken

from charging.models import AttemptCount, Client, Location, Policy, Vehicle
from charging.operations.clients import add_credentials
from tests.factories import NOW

_numbers = itertools.count(1)
PROBLEM_KEYS = {"type", "title", "detail"}


def make_token(*, client: Client, lives_for: timedelta = timedelta(hours=1)) -> str:
    """A token as the token endpoint would give it."""
    token = f"token-{next(_numbers)}"
    application = add_credentials(client=client).client.applications.latest("pk").application
    AccessToken.objects.create(token=token, application=application, expires=NOW + lives_for, scope="api")
    return token


def make_caller(client: Client) -> HttpClient:
    return HttpClient(headers={"Authorization": f"Bearer {make_token(client=client)}"}, raise_request_exception=False)


def send(caller: HttpClient, method: str, path: str, body: Any) -> Any:
    """Sends a body that is already text or bytes as it is, and anything else as JSON."""
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    return caller.generic(method, path, data, content_type="application/json")


def codes_of(answer: Any) -> set[tuple[str, str]]:
    """Checks that the answer is a problem, and returns code and path of each issue."""
    assert_is_problem(answer)
    return {(issue["code"], issue["path"]) for issue in answer.json().get("issues", [])}


def assert_is_problem(answer: Any) -> None:
    assert answer["Content-Type"] == "application/json"
    body = answer.json()
    assert set(body) - {"issues"} == PROBLEM_KEYS
    assert body["type"].startswith("urn:readyby:problem:")
    assert all(isinstance(body[key], str) and body[key] for key in PROBLEM_KEYS)


def everything_stored() -> tuple[Any, ...]:
    """What the API can change, to compare before and after."""
    return (
        list(Policy.objects.order_by("pk").values()),
        list(Location.objects.order_by("pk").values()),
        list(Vehicle.objects.order_by("pk").values("state", "evaluation_count", "event_seq")),
    )


def every_table() -> dict[str, int]:
    """How many rows each table has, whoever writes them, but for the one that counts the calls themselves."""
    return {
        model._meta.db_table: model._default_manager.count()
        for model in apps.get_models(include_auto_created=True)
        if model is not AttemptCount
    }
