"""The product's addresses, and a page that says nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def empty(request: HttpRequest) -> HttpResponse:
    """Nothing, for somebody who is signed in."""
    return HttpResponse("" if request.user.is_authenticated else "nobody")


urlpatterns = [path("empty/", empty), path("", include("config.urls"))]
