"""Without its database, or the file that an erasure needs, Readyby says so, and when to try again.

Anything else that fails stays a fault of ours.
"""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views.defaults import server_error

from charging.adapters.erased_file import ErasedFileError
from charging.api.problems import RETRY_AFTER_SECONDS, unavailable
from charging.api.tokens import refusal


def fault_page(request: HttpRequest) -> HttpResponse:
    """Answers what nobody else has caught, wherever it was raised: in a view or in the middleware around it.

    A middleware of our own would not see what another one raises: Django makes an answer of it in between, with this
    function, which `urls.py` names as `handler500`. 503 with Retry-After while the database is away, or while nobody
    can be erased because that cannot be written down; else 500.
    """
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError | ErasedFileError):
        return server_error(request)
    if request.path_info.startswith("/api/"):
        answer: HttpResponse = unavailable()
    elif request.path_info.startswith("/oauth2/"):
        answer = refusal(503, "temporarily_unavailable")
    else:
        answer = HttpResponse(loader.render_to_string("503.html"), status=503)
    answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
    answer["Cache-Control"] = "no-store"
    return answer
