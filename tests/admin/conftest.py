"""An operator, and one row of everything."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db.models import Model
from django.test import Client as Browser

from charging.adapters.sealed import seal
from charging.core.decide import decide
from charging.core.states import State
from charging.models import (
    ChargeAction,
    ClientApplication,
    ConnectedCar,
    Connection,
    Farewell,
    Heartbeat,
    LinkSession,
    OutboxMessage,
    Policy,
    Price,
    PriceCall,
    PriceDocument,
    PriceService,
    Reading,
    ReceivedDelivery,
    StateEvent,
    Vehicle,
    VendorBudget,
    VendorHealth,
    Webhook,
    WebhookDelivery,
    WebhookEvent,
)
from charging.models.audit import AuditKind
from charging.operations import audit, clients
from charging.operations.decision_log import log_decision
from tests import factories
from tests.admin.second_factor import sign_in_with_second_factor
from tests.connections import make_connection
from tests.core.make import make_facts
from tests.factories import NOW
from tests.operations.connection_constraints import make_service_rows
from tests.wizard_rows import make_wizard_event

DECIDED = make_facts()


@pytest.fixture
def nobody_has_tried_yet() -> Iterator[None]:
    """No attempt to sign in is counted from before, and those of the test are not told in the log."""
    cache.clear()
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def operator() -> User:
    return User.objects.create_superuser("operator", "operator@example.com", "a long password of theirs")


@pytest.fixture
def browser_of_operator(operator: User) -> Browser:
    return sign_in_with_second_factor(Browser(), operator)


@pytest.fixture
def car() -> Vehicle:
    """A car of the default story with everything that can be known of it."""
    vehicle = factories.make_parked_car(state=State.STOPPED, rule="seen stopped")
    Vehicle.objects.filter(pk=vehicle.pk).update(
        vin="WVWZZZE1ZMP001234", considerations=factories.make_considerations(), event_seq=1
    )
    vehicle.refresh_from_db()
    fill_history(vehicle)
    return vehicle


def fill_history(vehicle: Vehicle, *, rows: int = 1) -> None:
    """Makes `rows` rows of everything that happens to a car, and one of what it has once."""
    factories.make_due(vehicle=vehicle)
    factories.make_override(vehicle=vehicle, until_percent=80.0)
    factories.make_learned_power(vehicle=vehicle)
    vehicle.charging_sessions.all().delete()
    for number in range(1, rows + 1):
        at = NOW - timedelta(minutes=number)
        factories.make_command(vehicle=vehicle, status="CONFIRMED", failure_detail="slow", created_at=at)
        factories.make_finding(vehicle=vehicle, last_seen_at=at, gone_at=at)
        factories.make_session(vehicle=vehicle, plugged_in_at=at)
        factories.make_activity(vehicle=vehicle, at=at, params={"place": "Home", "soc_percent": 38.0})
        Reading.objects.create(
            vehicle=vehicle, event_id=f"reading {number}", observed_at=at, received_at=at, power_delivery="UNKNOWN"
        )
        StateEvent.objects.create(
            vehicle=vehicle, seq=number, at=at, event="policy on", from_state=State.DISABLED,
            to_state=State.CONSIDERING, rule="policy on", trigger="policy",
        )  # fmt: skip
        log_decision(
            vehicle=vehicle, facts=DECIDED, decision=decide(DECIDED, at), rule_before="", trigger="timer", now=at
        )
        OutboxMessage.objects.create(
            client=vehicle.driver.client, vehicle=vehicle, event="state", seq=number, payload={}, created_at=at
        )
        fill_history_of_the_api(vehicle, at=at)


def fill_history_of_the_api(vehicle: Vehicle, *, at: datetime) -> None:
    """Makes a row of each thing that an app makes or is told."""
    client, driver = vehicle.driver.client, vehicle.driver
    ChargeAction.objects.create(
        client=client, vehicle=vehicle, user_id=driver.external_id, target_id=vehicle.public_id, kind="STOP",
        state="CONFIRMED", created_at=at, updated_at=at, completed_at=at,
    )  # fmt: skip
    LinkSession.objects.create(
        driver=driver, token_checksum=uuid.uuid4().hex, redirect_uri="myapp://done", language="en-US", created_at=at,
        expires_at=at + timedelta(days=1),
    )  # fmt: skip
    webhook = Webhook.objects.create(
        client=client, url="https://app.example/hooks?key=hush", encrypted_secret=seal("a secret of theirs"),
        events=["*"], header_name="X-Key", encrypted_header_value=seal("open sesame"), created_at=at,
    )  # fmt: skip
    delivery = WebhookDelivery.objects.create(webhook=webhook, attempts=10, created_at=at, last_answer="HTTP 503")
    WebhookEvent.objects.create(webhook=webhook, delivery=delivery, body='{"latitude": 58.1467}', created_at=at)


@pytest.fixture
def one_row_of_everything(car: Vehicle) -> dict[str, Model]:
    """A row of each model that has a screen, by the model's name."""
    area = factories.make_price_area()
    factories.make_prices(area=area, day_start=NOW, prices=["0.05", "-0.01"])
    clients.add_credentials(client=car.driver.client)
    key = ClientApplication.objects.get()
    connection = make_connection(driver=car.driver)
    ConnectedCar.objects.create(vehicle=car, connection=connection, entities={"level": "a.b"})
    make_service_rows(connection)
    rows: list[Any] = [
        *(car, car.driver, car.driver.client, car.policy, car.due, area, key),
        *(car.plans.get(), car.overrides.get(), car.commands.get(), car.activities.get(), car.readings.get()),
        *(
            car.state_events.get(),
            car.decisions.get(),
            car.driver.locations.get(),
            car.learned_powers.get(),
            car.findings.get(),
            car.charging_sessions.get(),
            OutboxMessage.objects.get(),
        ),
        *(ChargeAction.objects.get(), LinkSession.objects.get(), Webhook.objects.get(), WebhookDelivery.objects.get()),
        audit.record(kind=AuditKind.OPERATOR_ACTED, now=NOW, account_id=1, about=car.public_id, reason="Ticket 77"),
        Farewell.objects.create(user_id=uuid.uuid4(), created_at=NOW, next_try_at=NOW, attempts=2),
        ReceivedDelivery.objects.create(delivery_id="delivery 1", body_checksum="c0ffee", received_at=NOW),
        *(Connection.objects.get(), ConnectedCar.objects.get(), VendorHealth.objects.get(), VendorBudget.objects.get()),
        *(PriceDocument.objects.get(), Price.objects.earliest("start")),
        Heartbeat.objects.create(name="sweep", at=NOW, count=3),
        make_wizard_event(),
        PriceCall.objects.create(area=area, delivery_date=NOW.date(), next_at=NOW, reason="entsoe: refused"),
        PriceService.objects.create(name="entsoe", failures=1, rests_until=NOW, reason="refused: HTTP 503"),
    ]
    assert Policy.objects.count() == 1
    return {row._meta.model_name: row for row in rows}
