"""Dangerous acts of operators: whoever signed in a while ago confirms first that it is still them, and loses nothing.

Every page of the admin that is sent asks for it, those of NEED_NONE excepted: a new page asks until somebody says why
not. What was sent waits in the session meanwhile, and is done once its page is opened again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.urls import resolve
from django.utils.translation import gettext as _

View = Callable[..., HttpResponseBase]

CONFIRMED_FOR = timedelta(minutes=10)
"""How long after a password or a second factor nobody is asked for one again."""
WAITS_FOR = timedelta(minutes=10)
"""How long what was sent waits for its confirmation."""
LONGEST_BODY = 64 * 1024
"""Bytes; what is longer does not wait and has to be sent again."""

NEED_NONE = frozenset(
    {
        # Looking again changes nothing that the next sweep would not; a verdict can be taken back.
        *("charging_vehicle_changelist", "charging_vehicle_re_evaluate", "charging_vehicle_what_if"),
        *("charging_finding_changelist", "charging_finding_judge"),
        # To leave; to the page of everybody, which asks for the old password.
        *("logout", "password_change"),
    }
)
"""By URL name: what may be sent without it."""
ASK_AT_ONCE = frozenset(
    {
        *("charging_vehicle_act", "charging_driver_erase", "charging_driver_export", "charging_driver_view_as"),
        *("charging_client_limit", "auth_user_add", "auth_user_password_change"),
    }
)
"""By URL name: pages that are there for such an act alone ask before anything is filled in."""
READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
WAITING_KEY = "sent_before_confirmed"


def confirmed(view: View) -> View:
    """The view of the admin, which asks who signed in too long ago before it does something dangerous."""

    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        name, is_reading = resolve(request.path_info).url_name or "", request.method in READING
        now = time.time()
        if has_confirmed(request, now=now):
            if request.method == "GET" and WAITING_KEY in request.session:
                _take_up(request, now=now)
        elif name in ASK_AT_ONCE or (not is_reading and name not in NEED_NONE):
            if not is_reading:
                _lay_aside(request, now=now)
            return _ask(request)
        return view(request, *args, **kwargs)

    return answered


def has_confirmed(request: HttpRequest, *, now: float) -> bool:
    """Whether the account gave its password or second factor a moment ago. `now`: seconds since 1970, as allauth's."""
    given = [float(record.get("at", 0)) for record in get_authentication_records(request, request.user)]
    return any(0 <= now - at < CONFIRMED_FOR.total_seconds() for at in given)


def _ask(request: HttpRequest) -> HttpResponseBase:
    """The way to the page that asks, and from there back here. A second factor is asked for where there is one."""
    ways = [way["url"] for way in get_adapter().get_reauthentication_methods(request.user)]
    if not ways:
        raise PermissionDenied
    messages.info(request, _("You signed in a while ago. Please confirm that it is you; then this goes on."))
    return redirect_to_login(request.get_full_path(), ways[min(1, len(ways) - 1)])


def _lay_aside(request: HttpRequest, *, now: float) -> None:
    """What was sent waits in the session: no password, nothing that is too long, and no more than one thing."""
    sent = request.POST.copy()
    sent.pop("csrfmiddlewaretoken", None)
    body = sent.urlencode()
    request.session.pop(WAITING_KEY, None)
    if request.method == "POST" and len(body) <= LONGEST_BODY and not any("password" in field for field in sent):
        request.session[WAITING_KEY] = {"where": request.get_full_path(), "body": body, "at": now}


def _take_up(request: HttpRequest, *, now: float) -> None:
    """Makes of the request what waits for this very page; it was sent with the token of our own form.

    It waits for the first page that is opened once it was confirmed. Where that is another one it was given up.
    """
    waiting = request.session.pop(WAITING_KEY)
    is_old = now - waiting["at"] >= WAITS_FOR.total_seconds()
    if waiting["where"] == request.get_full_path() and not is_old:
        # No file waits. They are looked for now: later the body of this request would take the place of what was sent.
        assert not request.FILES, "what is opened brings no file"
        request.method, request.POST = "POST", QueryDict(waiting["body"])
