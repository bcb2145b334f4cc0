"""Probes come before everything else: whoever asks knows no host name of ours, and no https inside the machine."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from charging.api.metrics import metrics
from charging.api.probes import livez, readyz

PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/livez": livez, "/readyz": readyz, "/metrics": metrics}


def probes_first(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware, the outermost: answers probes at once. Readiness for somebody with a session takes the usual way."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        probe = PROBES.get(request.path_info)
        may_be_staff = probe is readyz and settings.SESSION_COOKIE_NAME in request.COOKIES
        return get_response(request) if probe is None or may_be_staff else probe(request)

    return answer
