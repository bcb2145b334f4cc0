"""What a session may do: nothing of it is kept by browsers, and that of staff ends by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase

from charging.operations.clocks import wall_now

Answer = Callable[[HttpRequest], HttpResponseBase]

MOST = timedelta(hours=8)
IDLE = timedelta(minutes=30)
NOTED_EVERY = timedelta(minutes=1)
"""So that not every page writes to the session."""

BEGAN_KEY, SEEN_KEY = "staff_began", "staff_seen"


def kept_nowhere(get_response: Answer) -> Answer:
    """Middleware: what is answered within a session, or by the admin, stays in no cache unless its view allows it."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES or request.session.modified
        if has_session or request.path.startswith("/admin/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return answered


def staff_signs_in_again(get_response: Answer) -> Answer:
    """Middleware: signs staff out 8 hours after the first page, and after half an hour in which they opened none.

    What a page fetches by itself is no sign of somebody who sits there.
    """

    def answered(request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_staff:
            _end_or_note(request)
        return get_response(request)

    return answered


def _end_or_note(request: HttpRequest) -> None:
    now = wall_now().timestamp()
    began = request.session.get(BEGAN_KEY, now)
    seen = request.session.get(SEEN_KEY, now)
    if now - began >= MOST.total_seconds() or now - seen >= IDLE.total_seconds():
        logout(request)
        return
    is_asked_for = "HX-Request" not in request.headers
    if BEGAN_KEY not in request.session or (is_asked_for and now - seen >= NOTED_EVERY.total_seconds()):
        request.session[BEGAN_KEY], request.session[SEEN_KEY] = began, now
