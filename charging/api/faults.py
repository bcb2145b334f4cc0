"""From what is raised to the problem that is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from charging.api.bearer import RateLimited
from charging.api.form_issues import form_issues
from charging.api.json_body import BodyIsNotJson, BodyTooLarge
from charging.api.problems import (
    connections_limit_reached,
    http_problem,
    internal_error,
    invalid,
    not_controllable,
    not_found,
    rate_limited,
    unauthorized,
)
from charging.operations.charge_actions import NotControllable
from charging.operations.clients import ConnectionLimitReached
from charging.operations.issues import Refused


def handle_faults(api: NinjaAPI) -> None:
    """Makes the API answer every exception with a problem."""
    answers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        Refused: lambda _request, refused: invalid(refused.issues),
        ConnectionLimitReached: lambda _request, _refused: connections_limit_reached(),
        NotControllable: lambda _request, refused: not_controllable(str(refused)),
        ValidationError: lambda _request, fault: invalid(form_issues(map(_without_source, fault.errors))),
        AuthenticationError: lambda _request, _fault: unauthorized(),
        RateLimited: lambda _request, limited: rate_limited(limited.seconds),
        Http404: lambda _request, _fault: not_found(),
        RequestDataTooBig: lambda _request, _fault: http_problem(413),
        HttpError: _http_error,
        Exception: internal_error,
    }
    for fault, answer in answers.items():
        api.add_exception_handler(fault, answer)


def _without_source(error: Mapping[str, Any]) -> Mapping[str, Any]:
    """ninja's locations begin with the source, and in a body with the parameter's name; ours with the key."""
    source, *keys = error["loc"]
    return {**error, "loc": keys[1:] if source == "body" else keys}


def _http_error(request: HttpRequest, fault: HttpError) -> HttpResponse:
    # ninja wraps whatever the parser of bodies raises into one error of its own.
    cause = fault.__cause__
    if isinstance(cause, Refused):
        return invalid(cause.issues)
    if isinstance(cause, BodyIsNotJson):
        return http_problem(415)
    if isinstance(cause, BodyTooLarge):
        return http_problem(413)
    return internal_error(request, fault)


def in_problem_form(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view, whose faults and refused methods come as problems too, and whose answers are kept nowhere."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            answer = view(request, *args, **kwargs)
        except Http404:
            answer = not_found()
        except RateLimited as limited:
            answer = rate_limited(limited.seconds)
        except Exception as fault:
            answer = internal_error(request, fault)
        if answer.status_code == 405:
            allowed = answer["Allow"]
            answer = http_problem(405)
            answer["Allow"] = allowed
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    return answered
