"""Who is calling: the client behind a bearer token."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.http import HttpRequest
from oauth2_provider.models import AccessToken

from charging.models import Client
from charging.operations.attempts import seconds_to_wait


class RateLimited(Exception):  # noqa: N818 - nothing went wrong, somebody was told to wait
    """The client has made too many calls in this minute."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"wait {seconds} s")


class BearerToken:
    """Finds the client of a request; ninja answers 401 when there is none."""

    openapi_security_schema = {
        "type": "oauth2",
        "flows": {"clientCredentials": {"tokenUrl": "/oauth2/token", "scopes": {"api": "Everything of your own"}}},
    }

    def __call__(self, request: HttpRequest) -> Client | None:
        """Returns the client of a living token, and counts the call. Raises RateLimited.

        Tokens are stored as checksums, so that is what is looked for; once for each request.
        """
        known: Client | None = getattr(request, "readyby_client", None)
        if known is not None:
            return known
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return None
        checksum = hashlib.sha256(token.strip().encode()).hexdigest()
        tokens = AccessToken.objects.select_related("application__client_link__client")
        found = tokens.filter(token_checksum=checksum, application__client_link__isnull=False).first()
        if found is None or not found.is_valid(["api"]):
            return None
        client: Client = found.application.client_link.client
        limit = settings.READYBY_API_CALLS_PER_MINUTE
        wait = seconds_to_wait(name=f"api {client.pk}", limit=limit) if limit else None
        if wait is not None:
            raise RateLimited(wait)
        request.readyby_client = client  # type: ignore[attr-defined]
        return client


def client_of(request: HttpRequest) -> Client:
    """Returns the client that BearerToken found for this request."""
    client: Client = request.auth  # type: ignore[attr-defined]
    return client
