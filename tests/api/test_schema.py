"""The OpenAPI document is as strict as the server: answers are as it says, and what it forbids is refused."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from pytest_django import Settings

from charging.api import health, vehicles
from charging.operations import webhooks
from tests.api.belongings import make_ids
from tests.api.callers import everything_stored, make_token
from tests.api.schema_cases import LABELS, Asker, can_be_broken, covering, drawn
from tests.factories import make_client

pytestmark = pytest.mark.django_db
DRAWN = 4
"""For each call, beside those that keep and break every limit of the document."""
MANY = 20_000
ROUNDS = 40


@pytest.fixture
def whole_application() -> Iterator[None]:
    """A request through all of it leaves the transaction of the test open, as Django's own client does."""
    logging.disable(logging.CRITICAL)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    logging.disable(logging.NOTSET)


@pytest.fixture
def asker(settings: Settings, whole_application: None) -> Asker:
    settings.READYBY_API_CALLS_PER_MINUTE = 0
    client = make_client()
    return Asker(token=make_token(client=client), ids=make_ids(client))


@pytest.mark.parametrize("label", LABELS)
def test_a_call_is_answered_as_the_document_says(label: str, asker: Asker) -> None:
    before = everything_stored()

    for case in covering(label):
        asker.ask(case)
    drawn(label, count=DRAWN, number=1, ask=asker.ask)

    assert asker.failures == []
    assert everything_stored() == before


def test_the_limits_of_the_document_alone_make_two_thousand_cases() -> None:
    assert sum(1 for label in LABELS for _case in covering(label)) >= 2_000


@pytest.mark.slow
@pytest.mark.parametrize("label", [label for label in LABELS if can_be_broken(label)])
def test_many_that_are_drawn_are_answered_as_the_document_says(label: str, asker: Asker) -> None:
    need = -(-MANY // sum(map(can_be_broken, LABELS)))

    for number in itertools.takewhile(lambda _number: asker.count < need, range(2, 2 + ROUNDS)):
        drawn(label, count=need, number=number, ask=asker.ask)

    assert asker.count >= need
    assert asker.failures == []


def takes_anything(_values: Any) -> tuple[()]:
    return ()


def names_no_maker(_vendor: str) -> dict[str, object]:
    named = {"display_name": "Car", "portal_name": "Readyby"}
    return {"vendor": "SIM", "status": "READY", "linking_status": "READY", **named}


def fails(*_values: Any) -> None:
    raise RuntimeError("planted")


@pytest.mark.parametrize(
    ("label", "module", "name", "planted", "found"),
    [
        ("POST /webhooks", webhooks, "webhook_issues", takes_anything, "Schema-violating request accepted"),
        ("GET /health/vehicles", health, "_vendor", names_no_maker, "Response violates schema"),
        ("GET /vehicles/{vehicleId}", vehicles, "vehicle_answer", fails, "Server error"),
    ],
)
def test_a_planted_fault_is_found(
    label: str,
    module: Any,
    name: str,
    planted: Callable[..., Any],
    found: str,
    asker: Asker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, name, planted)

    for case in covering(label):
        asker.ask(case)

    assert any(found in failure for failure in asker.failures), asker.failures
