"""Receivers of clients: made, changed, tried."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from charging.adapters import webhook_http
from charging.adapters.outside_address import AddressRefused, check_url
from charging.adapters.sealed import seal, unseal
from charging.adapters.webhook_http import Answer, DeliveryError
from charging.adapters.webhook_signatures import key_of, signature_headers
from charging.models import Client, Webhook
from charging.operations.issues import Issue, refuse_if_any

EVENTS = (
    "*",
    *(f"user:vehicle:{what}" for what in ("discovered", "updated", "deleted", "smart-charging-status-updated")),
    *("user:charge-action:updated", "user:vendor-action:updated", "user:schedule:execution-updated"),
    *(
        f"user:{kind}:{what}"
        for kind in ("charger", "hvac", "inverter")
        for what in ("discovered", "updated", "deleted")
    ),
    *("user:inverter:statistics-updated", "user:credentials:invalidated"),
    *(f"user:{kind}:{what}" for kind in ("battery", "meter") for what in ("discovered", "updated", "deleted")),
    "enode:webhook:test",
)
"""What can be subscribed (API_CONTRACT 13.2); `*` is everything."""

API_VERSION = "2024-10-01"
LEAST_SECRET_BYTES = 16
MOST_WEBHOOKS = 50
HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}", re.ASCII)
HEADER_VALUE = re.compile(r"[\x21-\x7e]([\x20-\x7e]{0,998}[\x21-\x7e])?", re.ASCII)
NOT_FAILING: Mapping[str, Any] = {"failing_since": None, "failures": 0, "resumes_at": None, "warned_at": None}
"""Of a receiver that answers."""

TAKEN_HEADERS = frozenset({"host", "content-type", "content-length", "transfer-encoding", "connection", "user-agent"})


@dataclass(frozen=True, slots=True)
class Tried:
    """How a test went: the answer where there was one, and what was wrong otherwise."""

    is_success: bool
    answer: Answer | None
    reason: str = ""


def webhook_issues(values: Mapping[str, Any]) -> tuple[Issue, ...]:
    """Returns what is wrong with these values of a receiver; one that is absent is not judged."""
    issues = []
    if "url" in values:
        try:
            if len(values["url"]) > 2000:
                raise AddressRefused("The address is too long.")
            check_url(values["url"], allows_private=settings.READYBY_WEBHOOK_PRIVATE)
        except AddressRefused:
            message = _("Use a public address such as https://app.example/hooks, on port 443 or 8443.")
            issues.append(Issue("URL_INVALID", "url", message))
    if "secret" in values and not _is_secret(values["secret"]):
        message = _("Use a secret of 16 to 500 bytes; after whsec_ in base64.")
        issues.append(Issue("SECRET_INVALID", "secret", message))
    name = values.get("header_name", "")
    if name and (
        not HEADER_NAME.fullmatch(name)
        or name.lower() in TAKEN_HEADERS
        or name.lower().startswith(("webhook-", "x-enode-"))
    ):
        issues.append(Issue("HEADER_INVALID", "authentication.headerName", _("Use the name of a header of your own.")))
    if name and not HEADER_VALUE.fullmatch(values.get("header_value", "")):
        message = _("Use 1 to 1,000 printable ASCII characters.")
        issues.append(Issue("HEADER_INVALID", "authentication.headerValue", message))
    return tuple(issues)


def _is_secret(secret: str) -> bool:
    try:
        return len(key_of(secret)) >= LEAST_SECRET_BYTES and len(secret.encode()) <= 500
    except ValueError:
        return False


@transaction.atomic
def create_webhook(*, client: Client, at_wall: datetime, **values: Any) -> Webhook:
    """Makes a receiver from url, secret, events, api_version, header_name and header_value. Raises Refused."""
    refuse_if_any(webhook_issues(values))
    if Webhook.objects.filter(client=client).count() >= MOST_WEBHOOKS:
        refuse_if_any([Issue("TOO_MANY_WEBHOOKS", "", _("A client has at most 50 webhooks."))])
    webhook = Webhook(client=client, events=["*"], created_at=at_wall)
    _set(webhook, values)
    webhook.save()
    return webhook


@transaction.atomic
def update_webhook(*, webhook: Webhook, **values: Any) -> Webhook:
    """Changes what is given of url, secret, events, api_version, header_name and header_value. Raises Refused."""
    refuse_if_any(webhook_issues(values))
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    if values.get("url", webhook.url) != webhook.url:
        # What is known is known of the old address.
        for name, value in NOT_FAILING.items():
            setattr(webhook, name, value)
    _set(webhook, values)
    webhook.save()
    return webhook


def _set(webhook: Webhook, values: Mapping[str, Any]) -> None:
    for name in ("url", "events", "api_version", "header_name"):
        setattr(webhook, name, values.get(name, getattr(webhook, name)))
    if "secret" in values:
        webhook.encrypted_secret = seal(values["secret"])
    if "header_value" in values:
        webhook.encrypted_header_value = seal(values["header_value"])


def post_to(*, webhook: Webhook, delivery_id: uuid.UUID, body: bytes, at_wall: datetime) -> Answer:
    """Posts signed JSON to a receiver. Raises AddressRefused or DeliveryError."""
    headers = signature_headers(
        secret=unseal(webhook.encrypted_secret),
        delivery_id=str(delivery_id),
        timestamp=int(at_wall.timestamp()),
        body=body,
    )
    if webhook.header_name:
        headers[webhook.header_name] = unseal(webhook.encrypted_header_value)
    allows_private = settings.READYBY_WEBHOOK_PRIVATE
    return webhook_http.post(url=webhook.url, body=body, headers=headers, allows_private=allows_private)


def try_webhook(*, webhook: Webhook, at_wall: datetime) -> Tried:
    """Sends one test event at once, without retries. A success makes an inactive receiver active again."""
    event = {"event": "enode:webhook:test", "version": API_VERSION, "createdAt": at_wall.isoformat(timespec="seconds")}
    event["createdAt"] = event["createdAt"].replace("+00:00", "Z")
    try:
        body = json.dumps([event], separators=(",", ":")).encode()
        answer = post_to(webhook=webhook, delivery_id=uuid.uuid4(), body=body, at_wall=at_wall)
    except (AddressRefused, DeliveryError) as fault:
        return Tried(is_success=False, answer=None, reason=str(fault))
    is_success = 200 <= answer.status < 300
    if is_success:
        Webhook.objects.filter(pk=webhook.pk).update(is_active=True, last_success_at=at_wall, **NOT_FAILING)
    return Tried(is_success=is_success, answer=answer, reason="" if is_success else f"HTTP {answer.status}")
