"""Enode's SDK and a plain HTTP client, set up as app developers do it."""

from __future__ import annotations

import ssl
from typing import Any

import httpx
from enode import Enode, models
from pytest_django.live_server_helper import LiveServer

from charging.models import Client
from charging.operations.clients import add_credentials

PATIENCE = 60.0
"""Seconds that a loaded machine may take over an answer: it is slow, not wrong."""
WITHOUT_TLS = ssl.create_default_context()
"""The servers of tests speak plain HTTP: to read all the certificates of the world for each client is for nothing."""


def connect(live_server: LiveServer, client: Client, **security: str) -> Enode:
    """The SDK as its users set it up."""
    credentials = add_credentials(client=client)
    known = {"client_id": credentials.client_id, "client_secret": credentials.client_secret} | security
    patient = httpx.Client(follow_redirects=True, timeout=PATIENCE, verify=WITHOUT_TLS)
    security_of = models.Security(token_url="/oauth2/token", **known)
    return Enode(server_url=f"{live_server.url}/api", security=security_of, client=patient)


def open_sdk(live_server: LiveServer, client: Client) -> Any:
    """The same, for tests that look into answers whose types are unions of everything that could be answered."""
    return connect(live_server, client)


def connect_http(live_server: LiveServer, client: Client) -> httpx.Client:
    """HTTP with a bearer token, for the extensions that the SDK does not know."""
    credentials = add_credentials(client=client)
    token = httpx.post(
        f"{live_server.url}/oauth2/token",
        data={"grant_type": "client_credentials"},
        auth=(credentials.client_id, credentials.client_secret),
        timeout=PATIENCE,
        verify=WITHOUT_TLS,
    ).json()["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=f"{live_server.url}/api", headers=bearer, timeout=PATIENCE, verify=WITHOUT_TLS)
