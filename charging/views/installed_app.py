"""Readyby as an app on the phone: what it is called, and what it shows without a connection."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

FILES = ("css/tokens.css", "css/app.css", "css/charts.css", "js/saving.js", "js/installed.js", "img/mark.svg")
"""What the page without a connection needs of the static files."""
PAPER = "#f3f6f5"
ICONS = (
    ("img/icon-192.png", 192, "any"),
    ("img/icon-512.png", 512, "any"),
    ("img/icon-maskable-512.png", 512, "maskable"),
)


@require_safe
def manifest(_request: HttpRequest) -> JsonResponse:
    """The web app manifest: with it a phone can put Readyby among its apps."""
    icons = [
        {"src": static(path), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for path, size, purpose in ICONS
    ]
    described = {
        "id": "/",
        "name": "Readyby",
        "short_name": "Readyby",
        "description": _("Charges your car when power is cheapest, and has it ready by the time you ask for."),
        "start_url": reverse("dashboard"),
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": icons,
    }
    return JsonResponse(described, content_type="application/manifest+json")


@require_safe
@cache_control(no_cache=True)
def service_worker(_request: HttpRequest) -> HttpResponse:
    """The script that shows the offline page; another one as soon as that page or a file of it is another."""
    shell = {"version": _version(_page()), "page": reverse("offline"), "files": [static(path) for path in FILES]}
    script = render_to_string("charging/service_worker.js", {"shell": json.dumps(shell)})
    return HttpResponse(script, content_type="text/javascript")


@require_safe
def offline(_request: HttpRequest) -> HttpResponse:
    """The page without a connection. Nothing in it is of anybody: browsers keep it after the sign-out."""
    return HttpResponse(_page())


def _page() -> str:
    return render_to_string("charging/offline.html")


@cache
def _version(page: str) -> str:
    found = (finders.find(path) for path in FILES)
    contents = b"".join(Path(path).read_bytes() for path in found if path is not None)
    return sha256(page.encode() + contents).hexdigest()[:12]
