"""Which days of prices are wanted, and whose turn it is. A call that is taken is nobody else's for a while."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from charging.adapters.prices.areas import areas
from charging.adapters.prices.price_day import NOT_PUBLISHED
from charging.core.market_time import market_day
from charging.core.price_calls import Outcome, next_call_at
from charging.models import Location, PriceArea, PriceCall, PriceDocument

logger = structlog.get_logger(__name__)

PAST_DAYS = timedelta(days=7)
"""Prices of a week tell what those that are not published may be like."""
TAKEN_FOR = timedelta(minutes=5)


def areas_in_use() -> tuple[str, ...]:
    """Codes of the areas that price any charging location, in alphabetical order."""
    columns = ("price_area_id", "example_area_id")
    used = {pk for row in Location.objects.values_list(*columns).distinct() for pk in row if pk is not None}
    return tuple(PriceArea.objects.filter(pk__in=used).order_by("code").values_list("code", flat=True))


@transaction.atomic
def plan_calls(*, area_codes: Collection[str], now: datetime) -> None:
    """Writes a call for today, for tomorrow once it should be out, and for days of the past week that are missing."""
    oldest = market_day(now) - PAST_DAYS
    PriceCall.objects.filter(delivery_date__lt=oldest).delete()
    planned = set(PriceCall.objects.values_list("area__code", "delivery_date"))
    documents = PriceDocument.objects.filter(delivery_date__range=(oldest, market_day(now) - timedelta(days=1)))
    planned |= set(documents.values_list("area__code", "delivery_date"))
    keys = dict(PriceArea.objects.filter(code__in=area_codes).values_list("code", "pk"))
    rows = []
    for code in area_codes:
        last = areas()[code].market_day(now) + timedelta(days=1)
        if now < areas()[code].published_at(last):
            last -= timedelta(days=1)
        days = [oldest + timedelta(days=number) for number in range((last - oldest).days + 1)]
        rows += [
            PriceCall(area_id=keys[code], delivery_date=day, next_at=now) for day in days if (code, day) not in planned
        ]
    PriceCall.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def take_call(*, area_codes: Collection[str], now: datetime) -> PriceCall | None:
    """Returns the call whose turn it is and keeps others from it; None when nobody has to be asked.

    Today and tomorrow come before the past. A call that its taker never finishes comes back after a while.
    """
    ripe = PriceCall.objects.filter(next_at__lte=now, area__code__in=area_codes).select_related("area")
    if connection.features.has_select_for_update_skip_locked:
        ripe = ripe.select_for_update(of=("self",), skip_locked=True)
    coming = ripe.filter(delivery_date__gte=market_day(now)).order_by("area__code", "delivery_date")
    call = coming.first() or ripe.order_by("-delivery_date", "area__code").first()
    if call is not None:
        call.next_at = now + TAKEN_FOR
        call.calls = min(call.calls + 1, 10_000)
        call.save(update_fields=["next_at", "calls"])
    return call


@transaction.atomic
def finish_call(
    *, call: PriceCall, outcome: Outcome, reasons: dict[str, str], not_before: datetime | None, now: datetime
) -> None:
    """Writes how a call went and when the next one is due. Whatever is wrong is logged once, until it changes.

    `reasons` say, by source, why it gave nothing; `not_before` is when the first of them may be asked again, where all
    of them rest.
    """
    area = areas()[call.area.code]
    call.next_at = not_before or next_call_at(
        outcome,
        calls=call.calls,
        published_at=area.published_at(call.delivery_date),
        day_end=area.day_bounds(call.delivery_date)[1],
        now=now,
        chance=chance_of(f"{call}:{call.calls}"),
    )
    reason = "; ".join(f"{source}: {why}" for source, why in reasons.items())[:200]
    if reason not in ("", call.reason):
        is_expected = set(reasons.values()) == {NOT_PUBLISHED}
        log = logger.info if is_expected else logger.warning
        log("prices not fetched", price_area=area.code, delivery_date=call.delivery_date.isoformat(), reason=reason)
    call.reason = reason
    call.save(update_fields=["next_at", "reason"])


def chance_of(key: str) -> float:
    """A number from 0 to 1 that is always the same for a key here, and another one on every other installation."""
    return int(salted_hmac("charging.price_calls", key, algorithm="sha256").hexdigest()[:8], 16) / 2**32
