"""Clients of the API and their credentials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from oauth2_provider.generators import generate_client_id, generate_client_secret
from oauth2_provider.models import Application

from charging.models import Client, ClientApplication, Vehicle
from charging.models.audit import AuditKind
from charging.operations import audit
from charging.operations.clocks import wall_now
from charging.operations.issues import Issue, refuse_if_any

BUILT_IN_NAME = "Readyby"
MOST_CONNECTIONS = 1_000_000_000


class ConnectionLimitReached(Exception):  # noqa: N818 - nothing went wrong, somebody was told no
    """The client has as many cars connected as the operator allows."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """A new pair of credentials. The secret is stored hashed and can never be shown again."""

    client: Client
    client_id: str
    client_secret: str


def ensure_built_in_client(*, now: datetime) -> Client:
    """Returns the client that owns the web app's own drivers, made at the first call."""
    client, _was_created = Client.objects.get_or_create(
        is_built_in=True, defaults={"name": BUILT_IN_NAME, "created_at": now}
    )
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
    audit.record(kind=AuditKind.SECRET_MADE, now=wall_now(), client_id=client.pk)
    return Credentials(client=client, client_id=client_id, client_secret=secret)


@transaction.atomic
def revoke_credentials(*, client: Client, client_id: str, account_id: int | None = None, reason: str = "") -> None:
    """Takes a pair of credentials away, and with it at once every token that was given for it.

    Raises ClientApplication.DoesNotExist for credentials that are not the client's.
    """
    key = client.applications.select_related("application").get(application__client_id=client_id)
    key.application.delete()
    audit.record(
        kind=AuditKind.SECRET_REVOKED, now=wall_now(), account_id=account_id, client_id=client.pk, reason=reason
    )


def check_connection_limit(*, client: Client) -> None:
    """Raises ConnectionLimitReached where no car may be added. Cars whose access was given up do not count."""
    if client.connection_limit is None:
        return
    connected = Vehicle.objects.of_client(client).filter(driver__unauthorized_at__isnull=True)
    if connected.count() >= client.connection_limit:
        raise ConnectionLimitReached


@transaction.atomic
def set_connection_limit(*, client: Client, limit: int | None) -> None:
    """Sets how many cars may be connected, None for any number. Raises Refused."""
    if limit is not None and not 0 <= limit <= MOST_CONNECTIONS:
        message = _("Use a number from 0 to %(most)d") % {"most": MOST_CONNECTIONS}
        refuse_if_any([Issue("LIMIT_INVALID", "connectionLimit", message)])
    client.connection_limit = limit
    client.save(update_fields=["connection_limit"])
