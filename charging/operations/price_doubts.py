"""What makes a whole and believable day of prices doubtful: others that are stored."""

from __future__ import annotations

from datetime import date, timedelta

import structlog
from django.db.models import QuerySet

from charging.adapters.prices.price_day import PriceAnswerError, PriceDay
from charging.core.facts import PriceInterval
from charging.core.price_agreement import ROUNDING, largest_difference, repeats
from charging.models import PriceDocument

logger = structlog.get_logger(__name__)


def refuse_repeated_day(*, day: PriceDay) -> None:
    """Raises PriceAnswerError for a day with exactly the prices of the day before: an old answer with a new date."""
    before = _newest_first(day.area_code, day.delivery_date - timedelta(days=1)).first()
    if before is not None and repeats(day.intervals, intervals_of(before)):
        raise PriceAnswerError("same as the day before")


def tell_disagreement(*, day: PriceDay) -> tuple[str, ...]:
    """Returns the other sources whose newest version of this day differs by more than rounding, and logs each.

    Called when a day is stored, so that each version is told of once. Who is right is not judged: the first source in
    the order wins.
    """
    documents = {document.source: document for document in reversed(_newest_first(day.area_code, day.delivery_date))}
    documents.pop(day.source, None)
    differing = []
    for source, document in sorted(documents.items()):
        difference = largest_difference(day.intervals, intervals_of(document))
        if difference > ROUNDING:
            differing.append(source)
            logger.warning(
                "price sources disagree",
                price_area=day.area_code,
                delivery_date=day.delivery_date.isoformat(),
                sources=[day.source, source],
                difference=f"{difference:.5f}",
            )
    return tuple(differing)


def intervals_of(document: PriceDocument) -> list[PriceInterval]:
    """The prices of a document in time order."""
    rows = document.prices.order_by("start").values_list("start", "end", "price_per_kwh")
    return [PriceInterval(*row) for row in rows]


def _newest_first(area_code: str, delivery_date: date) -> QuerySet[PriceDocument]:
    documents = PriceDocument.objects.filter(area__code=area_code, delivery_date=delivery_date)
    return documents.order_by("-version", "-fetched_at", "-pk")
