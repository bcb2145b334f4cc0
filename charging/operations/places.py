"""Finding a point: by name, by outline, by the area it lies in."""

from __future__ import annotations

from charging.adapters import geocoding, geography
from charging.models import PriceArea


def search_places(query: str) -> tuple[geocoding.City, ...]:
    """Returns up to five towns whose names fit the query, best first."""
    return tuple(geocoding.search(query))


def looks_swapped(latitude: float, longitude: float) -> bool:
    """Whether the point lies in no price area, but would with latitude and longitude exchanged."""
    return geography.suggests_swap(latitude, longitude)


def price_area_at(latitude: float, longitude: float) -> PriceArea | None:
    """Returns the price area of a point, None outside all of them."""
    code = geography.price_area_of(latitude, longitude)
    return PriceArea.objects.filter(code=code).first() if code else None


def countries_covered() -> tuple[str, ...]:
    """Returns the ISO codes of the countries with price areas."""
    return geography.countries_covered()
