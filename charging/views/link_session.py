"""What a login by a link keeps: which link it is, and the key of its way out."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

LINK_ID = "link_id"
LINK_KEY = "link_key"


def way_out(request: HttpRequest) -> str:
    """Returns the address that leads back to the app; empty for everybody who did not come by a link."""
    key = request.session.get(LINK_KEY) if hasattr(request, "session") else None
    return reverse("link_leave", args=[key]) if key else ""
