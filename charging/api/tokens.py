"""The token endpoint: OAuth 2.0 client credentials (RFC 6749 4.4) and no other grant."""

from __future__ import annotations

import base64
import binascii
import json

import structlog
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from oauth2_provider.views import TokenView

from charging.models import ClientApplication
from charging.models.audit import AuditKind
from charging.operations import audit
from charging.operations.attempts import seconds_to_wait
from charging.operations.clocks import wall_now
from charging.views.client_address import client_address

log = structlog.get_logger(__name__)

REQUESTS_A_MINUTE = 60
"""For one client id from one address; a client needs one token an hour."""

LONGEST_LOGGED = 100
"""Characters of a client id in the log: a made-up one may be as long as a body."""

_issue_token = TokenView.as_view()


@csrf_exempt
@sensitive_post_parameters("client_secret")
def token(request: HttpRequest) -> HttpResponse:
    """Gives a client a bearer token for an hour, or says why not in the words of RFC 6749 5.2."""
    if request.method != "POST":
        answer = refusal(405, "invalid_request")
        answer["Allow"] = "POST"
        return answer
    try:
        grants = request.POST.getlist("grant_type")
    except (BadRequest, SuspiciousOperation, MultiPartParserError):
        return refusal(400, "invalid_request")
    if len(grants) != 1 or not grants[0]:
        return refusal(400, "invalid_request")
    client_id = claimed_client_id(request)
    client = _owner_of(client_id)
    # Made-up ids share one count: nobody tries many of them, nor pushes other counts out of the cache with theirs.
    name = f"token {client_address(request)} {client_id if client is not None else ''}"
    wait = seconds_to_wait(name=name, limit=REQUESTS_A_MINUTE, is_shared=client is not None)
    if wait is not None:
        answer = refusal(429, "temporarily_unavailable")
        answer["Retry-After"] = str(wait)
        return answer
    if grants[0] != "client_credentials":
        return refusal(400, "unsupported_grant_type")
    if not client_id or "\x00" in client_id:
        return refusal(401, "invalid_client")
    with transaction.atomic():
        issued = _issue_token(request)
        error = None if issued.status_code == 200 else str(json.loads(issued.content).get("error"))
        if client is not None:
            kind = AuditKind.TOKEN_ISSUED if error is None else AuditKind.TOKEN_REFUSED
            audit.record(kind=kind, now=wall_now(), client_id=client, reason=error or "")
    return _answer(issued, client_id)


def _owner_of(client_id: str) -> int | None:
    """Whose id it is; None for a made-up one: those must fill no table that is kept or shared."""
    keys = ClientApplication.objects.filter(application__client_id=client_id)
    return None if "\x00" in client_id else keys.values_list("client_id", flat=True).first()


def _answer(issued: HttpResponse, client_id: str) -> HttpResponse:
    """The library's answer in the shape of the contract, and a line in the log."""
    body = json.loads(issued.content)
    if issued.status_code != 200:
        log.warning("token refused", client_id=client_id[:LONGEST_LOGGED], error=body.get("error"))
        return refusal(issued.status_code, body["error"])
    log.info("token issued", client_id=client_id)
    answer = JsonResponse({**body, "token_type": "bearer"})
    answer["Cache-Control"] = "no-store"
    return answer


def refusal(status: int, error: str) -> JsonResponse:
    """Returns an error in the shape of RFC 6749 5.2."""
    answer = JsonResponse({"error": error}, status=status)
    answer["Cache-Control"] = "no-store"
    if status == 401:
        answer["WWW-Authenticate"] = "Basic"
    return answer


def claimed_client_id(request: HttpRequest) -> str:
    """Returns the client id of the Basic header or else of the form; empty where there is none that can be read."""
    scheme, _space, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return str(request.POST.get("client_id", ""))
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""
    return decoded.partition(":")[0]
