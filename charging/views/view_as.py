"""Seeing what a driver sees: an operator looks at their pages, for a while, on record, and changes nothing.

The session of the operator says whose pages they are. Only pages of VIEWABLE are answered as the driver's, only for a
GET or HEAD, and while one is made the database is read alone. Everything else is refused with a page that says so.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from charging.models import Driver
from charging.models.audit import AuditKind
from charging.operations import audit
from charging.operations.clocks import wall_now
from charging.views.answers import SeeOther

Answer = Callable[[HttpRequest], HttpResponseBase]

MAY_SEE = "charging.see_as_driver"
KEY = "view_as"
IDLE = timedelta(minutes=30)
NOTED_EVERY = timedelta(minutes=1)
"""So that not every page writes to the session."""

VIEWABLE = frozenset(
    {
        *("dashboard", "car", "car_fragment", "car_repairs", "car_finding", "car_savings", "car_last_month"),
        *("car_ready_by", "car_ready_by_fragment", "car_days", "car_minimum", "car_name"),
        *("car_health", "health", "health_fragment"),
        *("places", "place_tariff", "history", "prices", "settings", "help", "guides", "guide"),
    }
)
"""By URL name. No page about passwords, tokens, addresses, connections, exports or leaving is among them."""
OWN = frozenset({"view_as_end", "account_logout"})
"""What stays the operator's own, whatever the method."""
FOR_ANYBODY = frozenset({"manifest", "service_worker", "offline"})
READING = frozenset({"SELECT", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK"})


class OnlyLooking(PermissionDenied):
    """A page that is looked at for a driver tried to write."""


def begin(*, request: HttpRequest, driver: Driver, reason: str) -> None:
    """The operator of the request looks at the driver's pages from now on."""
    end(request=request, why="another driver")
    now = wall_now()
    audit.record(kind=AuditKind.VIEW_BEGAN, now=now, account_id=request.user.pk, about=driver.public_id, reason=reason)
    request.session[KEY] = {"driver": driver.pk, "about": str(driver.public_id), "seen": now.timestamp()}


def end(*, request: HttpRequest, why: str) -> bool:
    """It is over, on record. Returns whether there was anything to end."""
    view = request.session.pop(KEY, None)
    if view is None:
        return False
    audit.record(kind=AuditKind.VIEW_ENDED, now=wall_now(), account_id=request.user.pk, about=view["about"], reason=why)
    return True


@require_POST
def end_view(request: HttpRequest) -> HttpResponse:
    """The button of the line on each page: back to the driver's page of operators."""
    view = request.session.get(KEY)
    if not end(request=request, why="by the operator") or view is None:
        return SeeOther("/")
    return redirect("admin:charging_driver_change", view["driver"])


def view_as(get_response: Answer) -> Answer:
    """Middleware, the innermost one: answers as the driver whose pages are looked at, or refuses."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        is_known = settings.SESSION_COOKIE_NAME in request.COOKIES
        view: dict[str, Any] | None = request.session.get(KEY) if is_known else None
        if view is None:
            return get_response(request)
        driver = Driver.objects.filter(pk=view["driver"]).select_related("client", "account").first()
        why = _why_over(request, view, driver)
        if driver is None or why:
            end(request=request, why=why)
            messages.info(request, _("You do not look at a driver’s pages any more."))
            return redirect("admin:index")
        _note_seen(request, view)
        return _answer(request, driver, get_response)

    return answered


def _why_over(request: HttpRequest, view: dict[str, Any], driver: Driver | None) -> str:
    """Why nothing may be looked at any more; empty while it may."""
    if driver is None or not may_be_seen(driver):
        return "no such login any more"
    if not (admin.site.has_permission(request) and request.user.has_perm(MAY_SEE)):
        return "not allowed any more"
    is_idle = wall_now().timestamp() - view["seen"] >= IDLE.total_seconds()
    return "nothing looked at for half an hour" if is_idle else ""


def may_be_seen(driver: Driver) -> bool:
    """Whether there is a login whose pages can be looked at; those of staff are nobody else's."""
    return driver.account is not None and driver.account.is_active and not driver.account.is_staff


def _note_seen(request: HttpRequest, view: dict[str, Any]) -> None:
    now = wall_now().timestamp()
    if "HX-Request" not in request.headers and now - view["seen"] >= NOTED_EVERY.total_seconds():
        request.session[KEY] = view | {"seen": now}


def _answer(request: HttpRequest, driver: Driver, get_response: Answer) -> HttpResponseBase:
    name, is_of_operators = _page(request)
    is_safe = request.method in {"GET", "HEAD"}
    if name in OWN or (is_of_operators and name == "logout") or (is_safe and (is_of_operators or name in FOR_ANYBODY)):
        return get_response(request)
    if is_safe and name == "home":
        return SeeOther("/dashboard/")
    request.viewed_driver = driver  # type: ignore[attr-defined]
    if not is_safe or name not in VIEWABLE:
        return render(request, "errors/only_looking.html", {"is_safe": is_safe}, status=403)
    assert driver.account is not None, "there is a login"
    request.user = driver.account
    with only_reading():
        return get_response(request)


def _page(request: HttpRequest) -> tuple[str, bool]:
    """The URL name of the page, empty for none, and whether it is one of the operators'."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return "", False
    return match.url_name or "", "admin" in match.app_names


def only_reading() -> AbstractContextManager[None]:
    """Within it the database refuses, with OnlyLooking, whatever is more than a question."""

    def refuse(ask: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if sql.lstrip(" (").split(maxsplit=1)[0].upper() not in READING:
            raise OnlyLooking
        return ask(sql, params, many, context)

    return connection.execute_wrapper(refuse)
