"""Calls with credentials in clear: refused where the site is reached by https only, not led there.

A call that is led on works, and nobody notices that its token or secret went over the line in clear each time.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from charging.api.problems import http_problem
from charging.api.tokens import refusal

Answer = Callable[[HttpRequest], HttpResponseBase]


def refused_in_clear(get_response: Answer) -> Answer:
    """Middleware, before the one that leads pages to https: 403 for a call of the API or for a token without TLS."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            if request.path_info.startswith("/api/"):
                return http_problem(403)
            if request.path_info.startswith("/oauth2/"):
                return refusal(403, "invalid_request")
        return get_response(request)

    return answered
