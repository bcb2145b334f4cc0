"""The page for a form whose token was changed by signing in or out in another tab: the typed values come back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from charging.views.typed_values import typed_fields


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Returns the page with the typed values and a fresh token (403). Passwords are left out."""
    context = {"fields": typed_fields(request), "action": request.get_full_path()}
    return render(request, "csrf_failure.html", context, status=403)
