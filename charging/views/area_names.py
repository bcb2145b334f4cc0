"""A price area in words."""

from __future__ import annotations

from django.utils.translation import gettext

from charging.models import PriceArea


def area_name(area: PriceArea) -> str:
    """Returns `NO2 (South Norway)`, in the reader's language where the area is one that is bundled."""
    return f"{area.code} ({gettext(area.name)})" if area.name else area.code
