"""The language of the pages: chosen in the footer, kept in a cookie, and known of the driver for the mails."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as set_cookie

from charging.operations.drivers import speak
from charging.views.access import driver_of
from charging.views.typed_values import keep_typed

OWN_FIELDS = frozenset({"language", "theme", "next", "csrfmiddlewaretoken"})


@require_POST
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Shows the page it was asked from in another language; what was typed into its form comes along."""
    keep_form(request)
    driver, language = driver_of(request), request.POST.get("language", "")
    if driver is not None and language in dict(settings.LANGUAGES):
        speak(driver=driver, language=language)
    return set_cookie(request)


def keep_form(request: HttpRequest) -> None:
    """Keeps the form that was sent along with a choice in the footer for the page that it is on."""
    page = _path_of(request.GET.get("next", ""))
    if page and request.POST.keys() - OWN_FIELDS:
        keep_typed(request, page)


def _path_of(address: str) -> str:
    """Returns the path, empty for what is no address."""
    with suppress(ValueError):
        return urlsplit(address).path
    return ""
