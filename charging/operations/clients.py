"""Clients of the API and their credentials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from oauth2_provider.generators import generate_client_id, generate_client_secret
from oauth2_provider.models import Application

from charging.models import Client, ClientApplication

BUILT_IN_NAME = "Readyby"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A new pair of credentials. The secret is stored hashed and can never be shown again."""

    client: Client
    client_id: str
    client_secret: str


def ensure_built_in_client(*, now: datetime) -> Client:
    """Returns the client that owns the web app's own drivers, made at the first call."""
    client, _ = Client.objects.get_or_create(is_built_in=True, defaults={"name": BUILT_IN_NAME, "created_at": now})
    return client


@transaction.atomic
def create_client(*, name: str, now: datetime) -> Credentials:
    """Makes a client with its first credentials. Raises ValueError for an empty or too long name."""
    name = name.strip()
    if not 1 <= len(name) <= 100:
        raise ValueError("A client's name has 1 to 100 characters")
    return add_credentials(client=Client.objects.create(name=name, created_at=now))


@transaction.atomic
def add_credentials(*, client: Client) -> Credentials:
    """Adds a pair of credentials to a client; two may live side by side, so that they can be changed without a gap."""
    client_id, secret = generate_client_id(), generate_client_secret()
    application = Application.objects.create(
        name=client.name,
        client_id=client_id,
        client_secret=secret,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
    )
    ClientApplication.objects.create(client=client, application=application)
    return Credentials(client=client, client_id=client_id, client_secret=secret)
