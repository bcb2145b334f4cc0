"""The header `Idempotency-Key`: a call that is repeated under it is answered as it was the first time."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from charging.api.bearer import BearerToken
from charging.api.problems import ANSWER_LOST, KEY_REUSED, UNAVAILABLE, invalid, problem
from charging.operations.clocks import wall_now
from charging.operations.idempotency import (
    Asked,
    CallTakenOverError,
    Given,
    answer_of,
    begin_call,
    carry_out,
    has_same_body,
)
from charging.operations.issues import Issue

METHODS = frozenset({"POST", "PUT"})
KEY = re.compile(r"[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?", re.ASCII)
OUTSIDE = frozenset({"control_charging", "create_override", "try_webhook", "push_reading", "push_readings"})
"""By URL name: calls that ask a car or a receiver, for which no transaction waits, and those of many parts."""
WAIT_SECONDS = 10.0
LOOK_EVERY_SECONDS = 0.1

View = Callable[..., HttpResponseBase]


def once_per_key(view: View) -> View:
    """The view, which does its work once for each key of a client."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        key = request.headers.get("Idempotency-Key")
        if key is None or request.method not in METHODS:
            return view(request, *args, **kwargs)
        asked = _asked(request, key)
        if asked is None:
            return view(request, *args, **kwargs)
        if not KEY.fullmatch(key):
            message = _("Use 1 to 255 printable ASCII characters.")
            return invalid([Issue("IDEMPOTENCY_KEY_INVALID", "Idempotency-Key", message)])
        is_together = request.resolver_match is None or request.resolver_match.url_name not in OUTSIDE
        return _once(asked, lambda: view(request, *args, **kwargs), is_together=is_together)

    return answered


def _asked(request: HttpRequest, key: str) -> Asked | None:
    """What is asked for; None where the view itself says what is wrong: no token, or too long a body."""
    client = BearerToken()(request)
    try:
        body = request.body
    except RequestDataTooBig:
        return None
    if client is None:
        return None
    return Asked(client, str(request.method), request.get_full_path(), key, body)


def _once(asked: Asked, work: Callable[[], HttpResponseBase], *, is_together: bool) -> HttpResponseBase:
    end = time.monotonic() + WAIT_SECONDS
    while True:
        call, begins = begin_call(asked, at_wall=wall_now())
        if begins:
            break
        if not has_same_body(call, asked):
            return problem(KEY_REUSED, _("This key was used for another body."))
        try:
            given = answer_of(call)
        except ValueError:
            return problem(
                ANSWER_LOST, _("This call was done, but its answer can no longer be read. Look up its effect.")
            )
        if given is not None:
            return _again(given)
        if time.monotonic() >= end:
            return _still_running()
        time.sleep(LOOK_EVERY_SECONDS)
    done: list[HttpResponseBase] = []

    def give() -> Given:
        answer = work()
        done.append(answer)
        return Given(answer.status_code, answer.content.decode() if isinstance(answer, HttpResponse) else "")

    try:
        carry_out(call, give, is_together=is_together)
    except CallTakenOverError:
        return _still_running()
    return done[-1]


def _still_running() -> HttpResponse:
    answer = problem(UNAVAILABLE, _("The first call under this key is still running."))
    answer["Retry-After"] = "1"
    return answer


def _again(given: Given) -> HttpResponse:
    answer = HttpResponse(given.body, status=given.status, content_type="application/json")
    if not given.body:
        del answer["Content-Type"]
    answer["Idempotency-Replayed"] = "true"
    return answer
