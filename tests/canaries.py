"""A driver whose words and numbers are found nowhere else, with a row in every table that tells of drivers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from axes.models import AccessAttempt
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore

from charging.adapters.sealed import seal
from charging.models import (
    AlertMail,
    Driver,
    IdempotentCall,
    Location,
    OutboxMessage,
    Vehicle,
    Webhook,
    WebhookDelivery,
    WebhookEvent,
)
from charging.models.audit import AuditKind
from charging.operations import audit
from charging.operations.gateways import load_simulated_car, save_simulated_car
from onboarding.models import OnboardingDraft
from tests import connections as factories_of_connections
from tests import factories
from tests.admin.conftest import fill_history
from tests.factories import NOW
from tests.wizard_rows import make_wizard_event

EMAIL = "canary-mail-7319@example.org"
NAME = "Canarymobile 7319"
VIN = "CANARYVN173190042"
PLACE = "Canary Hut 7319"
LATITUDE = 61.7319427
EXTERNAL_ID = "canary-user-7319"
CANARIES = (EMAIL, NAME, VIN, PLACE, str(LATITUDE), EXTERNAL_ID)


def make_canary_driver(**values: Any) -> Driver:
    """A driver with one car at one place, whose plan holds the car, and with everything that can be known of them."""
    account = factories.make_account(username=EMAIL, email=EMAIL)
    EmailAddress.objects.create(user=account, email=EMAIL, verified=True, primary=True)
    driver = factories.make_driver(account=account, external_id=EXTERNAL_ID, **values)
    home = factories.make_location(driver=driver, name=PLACE, latitude=LATITUDE)
    factories.make_terms(location=home, rates={"Day": "0.10"})
    vehicle = factories.make_parked_car(driver=driver, view={"latitude": LATITUDE})
    Vehicle.objects.filter(pk=vehicle.pk).update(display_name=NAME, vin=VIN, event_seq=1, command_generation=9999)
    vehicle.refresh_from_db()
    fill_history(vehicle)
    save_simulated_car(vehicle, load_simulated_car(vehicle))
    factories.make_activity(vehicle=vehicle, params={"place": PLACE})
    factories.make_session(vehicle=vehicle, place_name=PLACE, plugged_in_at=NOW - timedelta(days=2))
    AlertMail.objects.create(vehicle=vehicle, subject="finding 1", sent_at=NOW)
    draft = OnboardingDraft.objects.create(
        driver=driver,
        vehicle=vehicle,
        place_input={"name": PLACE, "latitude": str(LATITUDE)},
        created_at=NOW,
        updated_at=NOW,
    )
    make_wizard_event(draft_number=draft.pk)
    _make_traces(driver, vehicle, home)
    return driver


def _make_traces(driver: Driver, vehicle: Vehicle, home: Location) -> None:
    """What names the driver without pointing to them."""
    told = f'{{"event":"x","user":{{"id":"{EXTERNAL_ID}"}},"vehicle":{{"vin":"{VIN}","latitude":{LATITUDE}}}}}'
    webhook = Webhook.objects.filter(client=driver.client).latest("pk")
    delivery = WebhookDelivery.objects.create(webhook=webhook, created_at=NOW, next_attempt_at=NOW)
    WebhookEvent.objects.create(webhook=webhook, delivery=delivery, body=told, created_at=NOW)
    WebhookEvent.objects.create(webhook=webhook, body=told, created_at=NOW, is_held=True)
    for payload in ({"user": EXTERNAL_ID}, {"vehicle": {"userId": EXTERNAL_ID, "vin": VIN}}):
        OutboxMessage.objects.create(client=driver.client, event="x", seq=1, payload=payload, created_at=NOW)
    IdempotentCall.objects.create(
        client=driver.client, method="POST", path_checksum="p", key="k", body_checksum="b", status=200,
        sealed_answer=seal(told), created_at=NOW,
    )  # fmt: skip
    factories_of_connections.put_behind(factories_of_connections.make_connection(driver=driver), vehicle)
    vehicle.gateway = "simulator"
    vehicle.save(update_fields=["gateway"])
    audit.record(kind=AuditKind.SIGNED_IN, now=NOW, account_id=driver.account_id, about=vehicle.public_id)
    AccessAttempt.objects.create(username=EMAIL.upper(), ip_address="192.0.2.7", failures_since_start=1)
    operator = factories.make_account(is_staff=True)
    for row, name in ((vehicle, NAME), (home, PLACE), (driver.account, EMAIL)):
        assert row is not None
        LogEntry.objects.create(
            user=operator, content_type=ContentType.objects.get_for_model(row), object_id=str(row.pk),
            object_repr=name, action_flag=CHANGE, change_message=f"of {name}",
        )  # fmt: skip
    session = SessionStore()
    session[SESSION_KEY] = str(driver.account_id)
    session["typed_values"] = {"place": PLACE}
    session.create()


def dump() -> str:
    """Every row of every table as text."""
    models = apps.get_models(include_auto_created=True)
    return "\n".join(str(row) for model in models for row in model._default_manager.values())


def found_in(text: str) -> list[str]:
    """Those of the canaries that are in the text."""
    return [canary for canary in CANARIES if canary.casefold() in text.casefold()]
