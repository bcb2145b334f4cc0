"""The record of who did what: written with the act, refused every change by the database, forgotten after a year."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from django.db import IntegrityError, connection, transaction
from django.test import Client as HttpClient
from oauth2_provider.models import AccessToken
from pytest_django import Settings

from charging.models import AuditEvent, ClientApplication
from charging.models.audit import AuditKind
from charging.operations import audit, clients
from tests.api.callers import make_token
from tests.factories import NOW, make_client

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def make_event(*, days_ago: float = 0) -> AuditEvent:
    """An event so many days before the present of the database, whose clock judges its age."""
    return audit.record(kind=AuditKind.SIGNED_IN, now=datetime.now(UTC) - timedelta(days=days_ago), account_id=7)


def test_an_act_is_written_down_with_who_what_and_why() -> None:
    about = uuid.uuid4()

    with structlog.contextvars.bound_contextvars(request_id="f3b1-2"):
        audit.record(kind=AuditKind.OPERATOR_ACTED, now=NOW, account_id=7, client_id=8, about=about, reason="Ticket 77")

    row = AuditEvent.objects.values().get()
    assert {name: value for name, value in row.items() if name != "id"} == {
        "at": NOW,
        "kind": "OPERATOR_ACTED",
        "account_id": 7,
        "client_id": 8,
        "about": about,
        "request_id": "f3b1-2",
        "reason": "Ticket 77",
    }


@pytest.mark.parametrize("sent", ["", "a b", "x" * 65, "a\nb", "<script>", "\u00e9", "\u0661"])
def test_an_id_of_a_request_that_somebody_has_made_up_is_left_out(sent: str) -> None:
    with structlog.contextvars.bound_contextvars(request_id=sent):
        event = audit.record(kind=AuditKind.SIGNED_IN, now=NOW)

    assert event.request_id == ""


def test_a_long_reason_is_cut() -> None:
    event = audit.record(kind=AuditKind.OPERATOR_ACTED, now=NOW, reason="x" * 1000)

    assert len(event.reason) == 200


def test_an_act_that_fails_leaves_no_event_and_an_event_that_fails_no_act() -> None:
    client = make_client(name="Before")

    def rename() -> None:
        client.name = "After"
        client.save()

    def fail() -> None:
        rename()
        raise ValueError("something else went wrong")

    with pytest.raises(ValueError, match="something else"):
        audit.act(do=fail, kind=AuditKind.OPERATOR_ACTED, account_id=7, reason="x", now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        audit.act(do=rename, kind="NO_SUCH_KIND", account_id=7, reason="x", now=NOW)  # type: ignore[arg-type]

    client.refresh_from_db()
    assert client.name == "Before"
    assert not AuditEvent.objects.exists()


def test_what_an_act_returns_is_returned() -> None:
    assert audit.act(do=lambda: 3, kind=AuditKind.OPERATOR_ACTED, account_id=7, reason="x", now=NOW) == 3
    assert AuditEvent.objects.get().reason == "x"


@pytest.mark.parametrize("days_ago", [0, 89, 91, 4000])
def test_the_database_refuses_to_change_an_event(days_ago: int) -> None:
    event = make_event(days_ago=days_ago)

    with pytest.raises(IntegrityError, match="kept as they are"), transaction.atomic():
        AuditEvent.objects.filter(pk=event.pk).update(account_id=8)
    with pytest.raises(IntegrityError, match="kept as they are"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE charging_auditevent SET reason = ''")

    assert AuditEvent.objects.get().account_id == 7


@pytest.mark.parametrize(("days_ago", "is_kept"), [(0, True), (89.9, True), (90.1, False), (400, False)])
def test_the_database_refuses_to_delete_an_event_of_the_last_90_days(days_ago: float, is_kept: bool) -> None:
    make_event(days_ago=days_ago)

    if is_kept:
        with pytest.raises(IntegrityError, match="kept as they are"), transaction.atomic():
            AuditEvent.objects.all().delete()
    else:
        AuditEvent.objects.all().delete()

    assert AuditEvent.objects.exists() is is_kept


def test_one_event_that_is_kept_keeps_those_that_are_deleted_with_it() -> None:
    make_event(days_ago=1)
    make_event(days_ago=400)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM charging_auditevent")

    assert AuditEvent.objects.count() == 2


EMPTYING = {"postgresql": "TRUNCATE charging_auditevent", "sqlite": "DELETE FROM charging_auditevent"}


def test_nor_are_all_thrown_away_at_once() -> None:
    make_event()

    with pytest.raises(IntegrityError, match="kept as they are"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(EMPTYING[connection.vendor])

    assert AuditEvent.objects.exists()


@pytest.mark.parametrize(("keep_days", "left"), [(365, 3), (90, 2), (4000, 4)])
def test_events_are_forgotten_after_the_days_that_the_operator_sets(
    settings: Settings, keep_days: int, left: int
) -> None:
    settings.READYBY_KEEP_AUDIT_DAYS = keep_days
    for days_ago in (0, 80, 300, 400):
        make_event(days_ago=days_ago)

    assert audit.forget_old_events(at_wall=datetime.now(UTC)) == 4 - left
    assert AuditEvent.objects.count() == left


def test_a_new_secret_and_one_taken_away_are_on_record() -> None:
    client = make_client()
    first = clients.add_credentials(client=client)
    clients.add_credentials(client=client)

    clients.revoke_credentials(client=client, client_id=first.client_id, account_id=7, reason="leaked")

    assert list(AuditEvent.objects.order_by("pk").values_list("kind", "client_id", "account_id", "reason")) == [
        ("SECRET_MADE", client.pk, None, ""),
        ("SECRET_MADE", client.pk, None, ""),
        ("SECRET_REVOKED", client.pk, 7, "leaked"),
    ]
    assert client.applications.count() == 1


def status_with(token: str) -> int:
    return HttpClient(headers={"Authorization": f"Bearer {token}"}).get("/api/vehicles").status_code


def test_a_secret_taken_away_ends_its_tokens_at_once_and_no_others() -> None:
    client = make_client()
    ended, going_on = (make_token(client=client, lives_for=timedelta(days=3650)) for _ in range(2))
    key = client.applications.select_related("application").earliest("pk").application.client_id

    clients.revoke_credentials(client=client, client_id=key)

    codes = [
        HttpClient(headers={"Authorization": f"Bearer {token}"}).get("/api/vehicles").status_code
        for token in (ended, going_on)
    ]
    assert codes == [401, 200]
    assert AccessToken.objects.count() == 1


def test_nobody_takes_away_the_secret_of_another_client() -> None:
    theirs = clients.add_credentials(client=make_client())

    with pytest.raises(ClientApplication.DoesNotExist):
        clients.revoke_credentials(client=make_client(), client_id=theirs.client_id)

    assert ClientApplication.objects.count() == 1
