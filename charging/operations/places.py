"""Finding a point: by name, by outline, by the area it lies in."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import get_language

from charging.adapters import gazetteer, geography, well_known_towns
from charging.adapters.geocoder import GEOCODERS, GeocoderError, find_addresses
from charging.adapters.prices.reading import make_client
from charging.models import PriceArea

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Match:
    """A point that was found: an address whose name says all, or a town with the ISO code of its country.

    `near` names a larger town beside it, where another match has the same name.
    """

    name: str
    latitude: float
    longitude: float
    country: str = ""
    near: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """At most five matches, best first; `is_down` says that the geocoder could not be asked for addresses."""

    matches: tuple[Match, ...]
    is_down: bool = False


def search_places(query: str, *, may_ask: bool = True) -> Found:
    """The addresses that the geocoder knows for a text, else the bundled towns whose names fit.

    Without a geocoder in the settings only towns are found. `may_ask=False` spares the geocoder this question.
    """
    if not settings.READYBY_GEOCODER or not query.strip():
        return Found(_towns(query))
    if not may_ask:
        return Found(_towns(query), is_down=True)
    try:
        with make_client() as client:
            found = find_addresses(settings.READYBY_GEOCODER, settings.READYBY_GEOCODER_URL, query, client=client)
    except GeocoderError as error:
        logger.warning("the geocoder gave no usable answer", extra={"reason": str(error)})
        return Found(_towns(query), is_down=True)
    addresses = tuple(Match(address.label, address.latitude, address.longitude) for address in found)
    return Found(addresses or _towns(query))


def geocoder_host() -> str:
    """Who is asked for addresses, empty where nobody is."""
    kind = settings.READYBY_GEOCODER
    return urlsplit(settings.READYBY_GEOCODER_URL or GEOCODERS[kind].address).netloc if kind else ""


def _towns(query: str) -> tuple[Match, ...]:
    found, language = gazetteer.search(query), get_language() or "en"
    names = Counter((town.name, town.country) for town in found)
    return tuple(
        Match(
            name=well_known_towns.name_in(language, town.name, town.country),
            latitude=town.latitude,
            longitude=town.longitude,
            country=town.country,
            near=(gazetteer.largest_near(town) or "") if names[town.name, town.country] > 1 else "",
        )
        for town in found
    )


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
