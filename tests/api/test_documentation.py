"""The API describes itself, for programs and for people, and the examples are true."""

import re
from typing import Any

import pytest
from django.test import Client as HttpClient
from pydantic import BaseModel

from charging.api import bodies, examples, schemas
from charging.api.documentation import openapi_document

CALLS = {
    ("get", "/charging-locations"),
    ("post", "/charging-locations"),
    ("get", "/charging-locations/{chargingLocationId}"),
    ("put", "/charging-locations/{chargingLocationId}"),
    ("delete", "/charging-locations/{chargingLocationId}"),
    ("get", "/vehicles"),
    ("get", "/vehicles/{vehicleId}"),
    ("get", "/vehicles/{vehicleId}/smart-charging-policy"),
    ("put", "/vehicles/{vehicleId}/smart-charging-policy"),
    ("get", "/vehicles/{vehicleId}/smart-charging-status"),
    ("get", "/health/ready"),
    ("post", "/vehicles/{vehicleId}/charging"),
    ("post", "/vehicles/{vehicleId}/max-current"),
    ("get", "/vehicles/actions/{actionId}"),
    ("post", "/vehicles/actions/{actionId}/cancel"),
    ("post", "/vehicles/{vehicleId}/smart-override"),
    ("delete", "/vehicles/{vehicleId}/smart-override"),
    ("get", "/vehicles/{vehicleId}/smart-charging-plans"),
    ("get", "/vehicles/{vehicleId}/smart-charging-plans/{planId}"),
    ("get", "/interventions"),
    ("get", "/interventions/{interventionId}"),
    ("get", "/integrations"),
    *(("get", f"/health/{kind}") for kind in ("vehicles", "chargers", "batteries", "inverters", "hvacs", "meters")),
    ("put", "/tariffs/{tariffId}"),
    ("get", "/tariffs/{tariffId}"),
    ("put", "/locations/{locationId}/tariff"),
    ("get", "/locations/{locationId}/tariff"),
    ("get", "/users/{userId}/statistics/charging"),
    ("get", "/users/{userId}/statistics/charging/sessions"),
    ("post", "/vehicles/{vehicleId}/readings"),
    ("post", "/readings"),
    ("get", "/vehicles/{vehicleId}/commands"),
    ("post", "/vehicles/{vehicleId}/simulator"),
    *((method, "/webhooks") for method in ("get", "post")),
    *((method, "/webhooks/{webhookId}") for method in ("get", "patch", "delete")),
    ("post", "/webhooks/{webhookId}/test"),
    ("post", "/webhooks/{webhookId}/replay"),
    ("post", "/users/{userId}/link"),
    ("post", "/assets/{assetId}/relink"),
    ("get", "/users"),
    ("get", "/users/{userId}"),
    ("delete", "/users/{userId}"),
    ("delete", "/users/{userId}/authorization"),
    ("get", "/users/{userId}/vehicles"),
    ("post", "/users/{userId}/vehicles"),
    ("get", "/locations"),
    ("get", "/users/{userId}/locations"),
    ("post", "/users/{userId}/locations"),
    ("get", "/locations/{locationId}"),
    ("put", "/locations/{locationId}"),
    ("delete", "/locations/{locationId}"),
    ("delete", "/vehicles/{vehicleId}"),
    ("post", "/vehicles/{vehicleId}/refresh-hint"),
}


def test_the_openapi_document_names_every_call_without_a_token() -> None:
    answer = HttpClient().get("/api/openapi.json")

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    document = answer.json()
    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": "/api"}]
    assert {(method, path) for path, methods in document["paths"].items() for method in methods} == CALLS
    flows = document["components"]["securitySchemes"]["BearerToken"]["flows"]
    assert flows["clientCredentials"]["tokenUrl"] == "/oauth2/token"


def references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if "$ref" in node else set()
        return own.union(*(references(inner) for inner in node.values()))
    return set().union(*(references(inner) for inner in node)) if isinstance(node, list) else set()


def test_every_reference_in_the_document_leads_somewhere() -> None:
    document = openapi_document()

    components = document["components"]
    names = {
        f"#/components/{kind}/{name}" for kind in ("schemas", "responses", "parameters") for name in components[kind]
    }
    assert references(document)
    assert references(document) <= names


def test_every_call_that_may_be_repeated_under_a_key_says_so_and_no_other() -> None:
    reference = {"$ref": "#/components/parameters/IdempotencyKey"}
    calls = [(method, call) for methods in openapi_document()["paths"].values() for method, call in methods.items()]

    assert all((reference in call["parameters"]) is (method in {"post", "put"}) for method, call in calls)
    shown = HttpClient().get("/api/docs").content.decode()
    assert shown.count("<code>Idempotency-Key</code>") == sum(method in {"post", "put"} for method, _call in calls)


def test_answers_and_bodies_are_described_with_the_keys_of_the_wire() -> None:
    described = openapi_document()["components"]["schemas"]

    assert "smartChargingPolicy" in described["Vehicle"]["properties"]
    assert set(described["PolicyBody"]["properties"]) == {"isEnabled", "deadline", "minimumChargeLimit"}
    assert set(described["LocationBody"]["required"]) == {"name", "longitude", "latitude"}
    assert described["Status"]["required"] == list(described["Status"]["properties"])


@pytest.mark.parametrize(
    ("schema", "example"),
    [
        (schemas.Vehicle, examples.VEHICLE),
        (schemas.Policy, examples.POLICY),
        (schemas.Status, examples.STATUS),
        (schemas.Location, examples.LOCATION),
        (schemas.Problem, examples.PROBLEM),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_an_example_is_exactly_what_its_schema_writes(schema: type[BaseModel], example: dict[str, Any]) -> None:
    assert schema.model_validate(example).model_dump(mode="json", by_alias=True) == example


def test_the_examples_of_bodies_have_no_fault() -> None:
    assert bodies.issues_of(bodies.PolicyBody.model_validate(examples.POLICY)) == ()
    assert bodies.issues_of(bodies.LocationBody.model_validate(examples.LOCATION_BODY)) == ()


def test_the_page_for_people_shows_every_call_and_runs_no_foreign_code() -> None:
    answer = HttpClient().get("/api/docs")

    assert answer.status_code == 200
    page = answer.content.decode()
    for method, path in CALLS:
        assert f"{method.upper()} /api{path}" in page
    assert "minimumChargeLimit" in page
    assert "grant_type=client_credentials" in page
    assert 'server_url="http://testserver/api"' in page
    assert "webhook-signature" in page
    assert "(extension)" in page
    sources = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert all(source.startswith(("/", "#")) and not source.startswith("//") for source in sources)
    assert "<script>" not in page
    assert " style=" not in page
    assert "nonce" not in page
