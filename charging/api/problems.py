"""Every error of the API has the same body, in plain `application/json`: only there do clients read typed errors."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from charging.adapters.erased_file import ErasedFileError
from charging.operations.issues import Issue

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its status, the last part of its type, and its title, which is the same in all languages."""

    status: int
    name: str
    title: str


VALIDATION = Kind(400, "validation", "Payload validation failed")
UNAUTHORIZED = Kind(401, "unauthorized", "Unauthorized")
CONNECTIONS_LIMIT = Kind(403, "connections-limit-reached", "Connections limit reached")
NOT_FOUND = Kind(404, "not-found", "Not found")
NOT_CONTROLLABLE = Kind(422, "not-controllable", "Not controllable")
KEY_REUSED = Kind(422, "idempotency-key-reused", "Idempotency key reused")
ANSWER_LOST = Kind(422, "answer-lost", "Answer lost")
RATE_LIMITED = Kind(429, "rate-limited", "Too many requests")
INTERNAL = Kind(500, "internal", "Internal error")
UNAVAILABLE = Kind(503, "unavailable", "Unavailable")
RETRY_AFTER_SECONDS = 10
"""When to come again after a 503."""


def problem(kind: Kind, detail: str, issues: Sequence[Issue] = ()) -> JsonResponse:
    """Returns the problem as an answer; `issues` is in the body only where there are some."""
    body: dict[str, object] = {"type": f"urn:readyby:problem:{kind.name}", "title": kind.title, "detail": detail}
    if issues:
        body["issues"] = [asdict(issue) for issue in issues]
    return JsonResponse(body, status=kind.status)


def invalid(issues: Sequence[Issue]) -> JsonResponse:
    count = len(issues)
    detail = ngettext("%(count)d value was refused.", "%(count)d values were refused.", count) % {"count": count}
    return problem(VALIDATION, detail, issues)


def unauthorized() -> JsonResponse:
    answer = problem(UNAUTHORIZED, "Unauthorized for resource")
    answer["WWW-Authenticate"] = "Bearer"
    return answer


def connections_limit_reached() -> JsonResponse:
    return problem(CONNECTIONS_LIMIT, _("As many cars are connected as the operator of this server allows you."))


def not_found() -> JsonResponse:
    return problem(NOT_FOUND, _("There is nothing of yours at this address."))


def rate_limited(seconds: int) -> JsonResponse:
    answer = problem(RATE_LIMITED, _("Too many calls in a minute. Wait %(seconds)d seconds.") % {"seconds": seconds})
    answer["Retry-After"] = str(seconds)
    return answer


def not_controllable(detail: str, issues: Sequence[Issue] = ()) -> JsonResponse:
    return problem(NOT_CONTROLLABLE, detail, issues)


def unavailable(detail: str = "") -> JsonResponse:
    """The problem of a database that does not answer, or is busy for too long; `detail` says where it is another."""
    answer = problem(UNAVAILABLE, detail or _("The database does not answer."))
    answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer


def http_problem(status: int) -> JsonResponse:
    """The problem of a request that HTTP itself forbids here: 403 without TLS, 405, 413, 415."""
    phrase = HTTPStatus(status).phrase
    details = {
        403: _("Call this address with https."),
        405: _("This address does not take this method."),
        413: _("The body is too large."),
        415: _("Send the body as application/json."),
    }
    return problem(Kind(status, "http", phrase), details.get(status, phrase))


def internal_error(request: HttpRequest, fault: Exception) -> JsonResponse:
    """Logs the fault under an incident id and answers with that id only; a database that is away is none."""
    if isinstance(fault, OperationalError | InterfaceError):
        log.error("database away", method=request.method, path=request.path, reason=str(fault))
        return unavailable()
    if isinstance(fault, ErasedFileError):
        log.error("data folder cannot be written to", method=request.method, path=request.path, reason=str(fault))
        return unavailable(_("Nothing was deleted: this server cannot write down that it was."))
    incident = uuid.uuid4().hex
    log.error("api fault", incident=incident, method=request.method, path=request.path, exc_info=fault)
    return problem(INTERNAL, _("Something went wrong on our side. Incident %(incident)s.") % {"incident": incident})
