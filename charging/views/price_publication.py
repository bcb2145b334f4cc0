"""Who published the prices of a day, and since when they are here, in one sentence."""

from __future__ import annotations

from datetime import datetime, tzinfo

from django.utils.translation import gettext as _

from charging.operations.price_documents import Publication, publications
from charging.operations.prices import PricePeriod
from charging.views import formatting

NAMES = {
    "nord-pool": "Nord Pool",
    "entsoe": "ENTSO-E",
    "energy-charts": "Energy-Charts",
    "elering": "Elering",
    "octopus-agile": "Octopus Energy",
}
"""Names as their owners write them; what somebody loaded from a file goes by the name they gave it."""


def published(period: PricePeriod, start: datetime, end: datetime, now: datetime, timezone: tzinfo) -> str:
    """The sentences about `[start, end)`; empty where no published price counts there."""
    if not _is_from_the_market(period, start, end):
        return ""
    found = publications(area_code=period.area_code, start=start, end=end)
    return " ".join(_sentence(each, now, timezone) for each in found)


def _is_from_the_market(period: PricePeriod, start: datetime, end: datetime) -> bool:
    """Whether any price of the time is known, was no sample, and was not told by the driver."""
    prices = zip(period.intervals, period.recorded_on, strict=True)
    own = {part.start for part in period.parts if part.market_price is None}
    return any(
        recorded is None and not price.is_estimate and price.start not in own and start <= price.start < end
        for price, recorded in prices
    )


def _sentence(publication: Publication, now: datetime, timezone: tzinfo) -> str:
    source = NAMES.get(publication.source, publication.source)
    if publication.licence and publication.licence not in source:
        source = f"{source} ({publication.licence})"
    received = formatting.day_clock(publication.received_at, now, timezone)
    return _("Published by %(source)s, here since %(received)s.") % {"source": source, "received": received}
