"""What every page needs: the chosen colors, and the line that says what is simulated."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from charging.models import Vehicle
from charging.views.access import driver_of
from charging.views.account import THEME_CHOICES, THEME_COOKIE, THEMES
from charging.views.link_session import way_out
from charging.views.sample_notice import general_notice


def page_context(request: HttpRequest) -> dict[str, Any]:
    """`theme`, `sample_notice` and who is there; a view that knows the dates of its prices gives its own notice."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "theme": theme if theme in THEMES else "",
        "themes": THEME_CHOICES,
        "languages": settings.LANGUAGES,
        "link_way_out": way_out(request),
        "viewed_driver": getattr(request, "viewed_driver", None),
        "sample_notice": SimpleLazyObject(lambda: _notice(request)),
        "is_signed_in": SimpleLazyObject(lambda: hasattr(request, "user") and driver_of(request) is not None),
        "has_car": SimpleLazyObject(lambda: hasattr(request, "user") and _has_car(request)),
    }


def _notice(request: HttpRequest) -> str:
    """Asked only where a page shows it; a page that failed before sign-in was read has no visitor."""
    driver = driver_of(request) if hasattr(request, "user") else None
    if driver is None:
        return ""
    is_simulated = driver.is_guest or Vehicle.objects.of_driver(driver).filter(gateway="simulator").exists()
    return general_notice(is_simulated=is_simulated)


def _has_car(request: HttpRequest) -> bool:
    driver = driver_of(request)
    is_known: bool = getattr(request, "readyby_has_car", False)
    return is_known or (driver is not None and Vehicle.objects.of_driver(driver).exists())
