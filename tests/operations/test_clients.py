"""Clients and their keys: secrets are stored hashed, and two keys may live side by side."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client as Browser
from oauth2_provider.models import Application

from charging.models import Client, ClientApplication
from charging.operations.clients import (
    BUILT_IN_NAME,
    Credentials,
    add_credentials,
    create_client,
    ensure_built_in_client,
)
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def token_for(credentials: Credentials, browser: Browser) -> int:
    data = {
        "grant_type": "client_credentials",
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret,
    }
    return browser.post("/oauth2/token", data).status_code


def test_the_built_in_client_is_made_once() -> None:
    first = ensure_built_in_client(now=NOW)
    second = ensure_built_in_client(now=NOW)

    assert first == second
    assert (first.name, first.is_built_in, first.created_at) == (BUILT_IN_NAME, True, NOW)
    assert Client.objects.count() == 1


def test_a_new_client_has_one_key_whose_secret_is_stored_hashed() -> None:
    made = create_client(name="  Fleet  ", now=NOW)

    application = Application.objects.get()
    assert made.client.name == "Fleet"
    assert not made.client.is_built_in
    assert application.client_id == made.client_id
    assert made.client_secret not in application.client_secret
    assert check_password(made.client_secret, application.client_secret)
    assert ClientApplication.objects.get().client == made.client


def test_a_key_is_for_the_client_itself_not_for_people() -> None:
    create_client(name="Fleet", now=NOW)

    application = Application.objects.get()

    assert application.authorization_grant_type == Application.GRANT_CLIENT_CREDENTIALS
    assert application.client_type == Application.CLIENT_CONFIDENTIAL
    assert application.user is None


def test_a_second_key_lives_beside_the_first(client: Browser) -> None:
    first = create_client(name="Fleet", now=NOW)

    second = add_credentials(client=first.client)

    assert second.client_id != first.client_id
    assert second.client_secret != first.client_secret
    assert [token_for(first, client), token_for(second, client)] == [200, 200]
    assert first.client.applications.count() == 2


def test_the_first_key_can_be_taken_away_while_the_second_works(client: Browser) -> None:
    first = create_client(name="Fleet", now=NOW)
    second = add_credentials(client=first.client)

    Application.objects.get(client_id=first.client_id).delete()

    assert [token_for(first, client), token_for(second, client)] == [401, 200]


@pytest.mark.parametrize("name", ["", "   ", "x" * 101], ids=["empty", "spaces", "too long"])
def test_a_name_that_is_none_is_refused_and_nothing_stored(name: str) -> None:
    with pytest.raises(ValueError, match="1 to 100 characters"):
        create_client(name=name, now=NOW)

    assert not Client.objects.exists()
    assert not Application.objects.exists()


@pytest.mark.parametrize("name", ["x", "x" * 100], ids=["shortest", "longest"])
def test_names_of_one_to_a_hundred_characters_are_taken(name: str) -> None:
    assert create_client(name=name, now=NOW).client.name == name
