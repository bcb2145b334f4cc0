"""Whether Readyby can work."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from charging.api import schemas
from charging.api.problems import UNAVAILABLE, problem

router = Router(tags=["Health"], by_alias=True)


@router.get(
    "/health/ready",
    auth=None,
    response={204: None, 503: schemas.Problem},
    operation_id="getReadiness",
    summary="Ask whether Readyby is ready",
)
def ready(request: HttpRequest) -> HttpResponse:
    """204 while the database answers, without a token."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return problem(UNAVAILABLE, _("The database does not answer."))
    return HttpResponse(status=204)
