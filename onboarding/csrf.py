"""The page for a form whose token was changed by signing in or out in another tab: the typed values come back.

Only those of our own pages: a form that another site made would become a true one by the press of that button.
"""

from __future__ import annotations

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from charging.views.typed_values import typed_fields


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Returns the page (403); for a form of our own pages with what was typed but secrets, and a fresh token."""
    if not _is_ours(request):
        return render(request, "csrf_failure.html", {"fields": [], "action": "/"}, status=403)
    context = {"fields": typed_fields(request), "action": request.get_full_path()}
    return render(request, "csrf_failure.html", context, status=403)


def _is_ours(request: HttpRequest) -> bool:
    """Whether the form was on a page of this server: browsers name the origin of every form that they send."""
    try:
        return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    except DisallowedHost:
        return False
