"""The server that speaks Enode's API, as the operator has set it up."""

from __future__ import annotations

from urllib.parse import urljoin

from django.conf import settings

from charging.adapters.vehicles import enode_account
from charging.adapters.vehicles.enode_http import EnodeApi
from charging.adapters.vehicles.gateway import GatewayError


class NotSubscribed(Exception):  # noqa: N818 - the operator is told and tries again
    """The server could not be told where to send what happens; the text says why."""


def is_offered() -> bool:
    """Whether drivers can connect cars by it: address and credentials are there."""
    return all((settings.READYBY_ENODE_URL, settings.READYBY_ENODE_CLIENT_ID, settings.READYBY_ENODE_CLIENT_SECRET))


def enode_api() -> EnodeApi:
    """Returns how it is asked."""
    address = settings.READYBY_ENODE_URL.rstrip("/")
    return EnodeApi(
        address=address,
        token_address=urljoin(address, settings.READYBY_ENODE_TOKEN_URL),
        client_id=settings.READYBY_ENODE_CLIENT_ID,
        client_secret=settings.READYBY_ENODE_CLIENT_SECRET,
    )


def subscribe(*, url: str, secret: str) -> str:
    """Has what happens sent to an address. Returns the id of the subscription there. Raises NotSubscribed."""
    try:
        return enode_account.subscribe(enode_api(), url=url, secret=secret)
    except GatewayError as error:
        raise NotSubscribed(str(error)) from error
