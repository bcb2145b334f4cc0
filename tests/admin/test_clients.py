"""The limit of a client is the one thing that an operator changes of it."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client as Browser
from django.urls import reverse

from charging.models import Client
from tests.factories import make_client

pytestmark = pytest.mark.django_db


def limit_url(client: Client) -> str:
    return reverse("admin:charging_client_limit", args=[client.pk])


@pytest.mark.parametrize(("typed", "stored"), [("250", 250), ("0", 0), ("", None)])
def test_a_limit_is_set_and_taken_away(browser_of_operator: Browser, typed: str, stored: int | None) -> None:
    client = make_client(connection_limit=7)
    page = browser_of_operator.get(reverse("admin:charging_client_change", args=[client.pk]))

    answer = browser_of_operator.post(
        limit_url(client), {"connection_limit": typed, "reason": "Ticket 77"}, follow=True
    )

    assert limit_url(client) in page.text
    assert "It counts from the next link on." in answer.text
    client.refresh_from_db()
    assert client.connection_limit == stored
    assert LogEntry.objects.get().object_id == str(client.pk)


@pytest.mark.parametrize("typed", ["-1", "x", "1.5", "1000000001"])
def test_a_number_that_is_none_is_an_error_beside_the_field(browser_of_operator: Browser, typed: str) -> None:
    client = make_client(connection_limit=7)

    answer = browser_of_operator.post(limit_url(client), {"connection_limit": typed, "reason": "Ticket 77"})

    assert (answer.status_code, "Nothing was stored" in answer.text) == (200, True)
    client.refresh_from_db()
    assert client.connection_limit == 7


def test_who_may_only_look_cannot_change_the_limit(browser_of_operator: Browser, operator: User) -> None:
    client = make_client()
    operator.is_superuser = False
    operator.save()
    operator.user_permissions.add(Permission.objects.get(codename="view_client"))

    page = browser_of_operator.get(reverse("admin:charging_client_change", args=[client.pk]))
    answer = browser_of_operator.post(limit_url(client), {"connection_limit": "1", "reason": "Ticket 77"})

    assert limit_url(client) not in page.text
    assert answer.status_code == 403
    client.refresh_from_db()
    assert client.connection_limit is None


def test_a_client_that_is_gone_has_no_limit(browser_of_operator: Browser) -> None:
    assert browser_of_operator.get(reverse("admin:charging_client_limit", args=[999_999])).status_code == 404
