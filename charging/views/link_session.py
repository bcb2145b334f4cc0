"""What a login by a link keeps: which link it is, the key of its way out, and a make that was asked for."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

LINK_ID = "link_id"
LINK_KEY = "link_key"
LINK_VENDOR = "link_vendor"


def way_out(request: HttpRequest) -> str:
    """Returns the address that leads back to the app; empty for everybody who did not come by a link."""
    key = request.session.get(LINK_KEY) if hasattr(request, "session") else None
    return reverse("link_leave", args=[key]) if key else ""


def vendor_asked_for(request: HttpRequest) -> str:
    """Returns the make of car that the app has asked for, empty where it leaves that to its user."""
    return str(request.session.get(LINK_VENDOR, ""))
