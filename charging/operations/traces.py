"""Rows that name a driver without pointing to them: sessions, failed sign-ins, logs, and what apps were told."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from axes.models import AccessAttempt, AccessAttemptExpiration, AccessFailureLog, AccessLog
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Model, Q, QuerySet

from charging.adapters.sealed import unseal
from charging.models import (
    AuditEvent,
    ChargeAction,
    DecisionLog,
    Driver,
    IdempotentCall,
    OutboxMessage,
    PriceSnapshot,
    Vehicle,
    WebhookEvent,
    WizardEvent,
)
from charging.operations.privacy import TRACE, Table, tables

Rows = QuerySet[Any]


def rows_of(driver: Driver, table: Table) -> Rows:
    """Returns the rows of the table that are about the driver; it has an owner."""
    if table.owner == TRACE:
        return TRACES[table.label](driver)
    return _rows(table.label).filter(**{table.owner: driver.pk})


def _rows(label: str) -> Rows:
    model: type[Model] = apps.get_model(label)
    return model._default_manager.all()


def actions_of(driver: Driver) -> Rows:
    """Starts and stops by hand, of cars that are gone too."""
    return ChargeAction.objects.filter(client_id=driver.client_id, user_id=driver.external_id)


def audit_events_of(driver: Driver) -> Rows:
    """What the driver's login did, and what was done about the driver or one of the cars. It outlives an erasure."""
    about = [driver.public_id, *driver.vehicles.values_list("public_id", flat=True)]
    by_login = Q(account_id=driver.account_id) if driver.account_id is not None else Q()
    return AuditEvent.objects.filter(by_login | Q(about__in=about))


def messages_of(driver: Driver) -> Rows:
    """What is to be told, or was, to the receivers of the driver's client."""
    actions = [str(public_id) for public_id in actions_of(driver).values_list("public_id", flat=True)]
    about = Q(payload__user=driver.external_id) | Q(payload__vehicle__userId=driver.external_id)
    about |= Q(payload__action__in=actions)
    return OutboxMessage.objects.filter(Q(vehicle__driver=driver) | Q(about, client_id=driver.client_id))


def events_of(driver: Driver) -> Rows:
    """The bodies in the queues of those receivers. Read through: some databases ignore case when they search."""
    mark = f'"user":{{"id":{json.dumps(driver.external_id)}}}'
    found = WebhookEvent.objects.filter(webhook__client_id=driver.client_id, body__contains=mark)
    pks = [pk for pk, body in found.values_list("pk", "body").iterator() if mark in body]
    return WebhookEvent.objects.filter(pk__in=pks)


def calls_of(driver: Driver) -> Rows:
    """Calls of the client whose answers, or whose keys, name the driver or one of the cars."""
    names = [driver.external_id, *map(str, driver.vehicles.values_list("public_id", flat=True))]
    calls = IdempotentCall.objects.filter(client_id=driver.client_id)
    pks = [call.pk for call in calls.iterator() if any(name in _told(call) for name in names)]
    return calls.filter(pk__in=pks)


def _told(call: IdempotentCall) -> str:
    try:
        return f"{call.key} {unseal(call.sealed_answer)}"
    except ValueError:
        # Nobody can read that answer any more.
        return call.key


def sessions_of(driver: Driver) -> Rows:
    """Where the driver's account is signed in."""
    if driver.account_id is None:
        return Session.objects.none()
    account = str(driver.account_id)
    sessions = Session.objects.iterator()
    return Session.objects.filter(pk__in=[one.pk for one in sessions if one.get_decoded().get(SESSION_KEY) == account])


def _under_the_name_of(driver: Driver, path: str = "username") -> Q:
    account = driver.account
    names = {account.email, account.username} - {""} if account is not None else set()
    return Q(*(Q(**{f"{path}__iexact": name}) for name in sorted(names)), _connector=Q.OR) if names else Q(pk__in=[])


def log_entries_of(driver: Driver) -> Rows:
    """What operators changed of the driver's things, as far as those are still there."""
    about = Q(pk__in=[])
    kinds = ContentType.objects.filter(pk__in=LogEntry.objects.values("content_type")).order_by("pk")
    logged = {f"{kind.app_label}.{kind.model}": kind for kind in kinds}
    for table in tables():
        kind = logged.get(table.label.lower())
        if kind is not None and table.owner not in {"", TRACE}:
            pks = [str(pk) for pk in rows_of(driver, table).values_list("pk", flat=True)]
            about |= Q(content_type=kind, object_id__in=pks)
    return LogEntry.objects.filter(about)


def wizard_events_of(owner: Driver | Vehicle) -> Rows:
    """What happened in the wizard with the drafts of a driver, or of one car. To be deleted before the drafts are."""
    return WizardEvent.objects.filter(draft_number__in=owner.drafts.values("pk"))


def price_snapshots_of(driver: Driver) -> Rows:
    """Prices that decisions about the driver's cars rest on; others may rest on the same."""
    seen = DecisionLog.objects.filter(vehicle__driver=driver).values("prices_id")
    return PriceSnapshot.objects.filter(pk__in=seen)


TRACES: dict[str, Callable[[Driver], Rows]] = {
    "sessions.Session": sessions_of,
    "axes.AccessAttempt": lambda driver: AccessAttempt.objects.filter(_under_the_name_of(driver)),
    "axes.AccessAttemptExpiration": lambda driver: AccessAttemptExpiration.objects.filter(
        _under_the_name_of(driver, "access_attempt__username")
    ),
    "axes.AccessFailureLog": lambda driver: AccessFailureLog.objects.filter(_under_the_name_of(driver)),
    "axes.AccessLog": lambda driver: AccessLog.objects.filter(_under_the_name_of(driver)),
    "charging.PriceSnapshot": price_snapshots_of,
    "charging.ChargeAction": actions_of,
    "charging.AuditEvent": audit_events_of,
    "charging.OutboxMessage": messages_of,
    "charging.WebhookEvent": events_of,
    "charging.IdempotentCall": calls_of,
    "admin.LogEntry": log_entries_of,
    "charging.WizardEvent": wizard_events_of,
}
