"""Operators see whose connection it is and what the matter is, and never a secret."""

from __future__ import annotations

import pytest
from django.db.models import Model
from django.test import Client as Browser
from django.urls import reverse

from charging.models import Connection
from tests.adapters.home_assistant_server import TOKEN

pytestmark = pytest.mark.django_db


def test_no_page_shows_a_secret(browser_of_operator: Browser, one_row_of_everything: dict[str, Model]) -> None:
    Connection.objects.update(trouble="OFFLINE", trouble_since="2026-01-01T00:00:00Z")
    connection = Connection.objects.get()
    pages = [
        reverse("admin:charging_connection_changelist"),
        reverse("admin:charging_connection_change", args=[connection.pk]),
        reverse("admin:charging_connectedcar_changelist"),
        reverse("admin:charging_connectedcar_change", args=[connection.cars.get().pk]),
    ]

    for page in pages:
        text = browser_of_operator.get(page).content.decode()
        assert connection.encrypted_secret not in text
        assert TOKEN not in text
        assert str(connection.public_id) in text
