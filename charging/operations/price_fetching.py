"""Fetches published prices from the sources of each area in their order. No transaction waits for a service."""

from __future__ import annotations

from datetime import datetime
from time import monotonic

import httpx
from django.conf import settings

from charging.adapters.prices.areas import areas
from charging.adapters.prices.price_day import PriceAnswerError, PriceDay
from charging.adapters.prices.reading import fetch_day, make_client
from charging.adapters.prices.source import Source, SourceOptions
from charging.adapters.prices.source_order import sources_of
from charging.core.price_calls import Outcome
from charging.models import PriceCall, PriceDocument, PriceService
from charging.operations import price_services
from charging.operations.price_arrival import HandOut, prices_arrived
from charging.operations.price_calls import areas_in_use, finish_call, plan_calls, take_call
from charging.operations.price_doubts import refuse_repeated_day, tell_disagreement
from charging.operations.prices import store_price_day

SECONDS_A_RUN = 20
"""In the one-process mode nothing else happens meanwhile. What is left waits for the next run."""
RESTING = "rests"


def fetch_prices(
    *, now: datetime, client: httpx.Client | None = None, hand_out: HandOut | None = None
) -> tuple[PriceDocument, ...]:
    """Asks for every day of prices whose turn it is, in all areas in use; returns what is new.

    A day comes from the first source that has it. One that is stored is asked for again now and then, of its source and
    of those before it, for a correction. A failure leaves what is stored as it is. `hand_out` gets the parts of areas
    with new prices where somebody else plans them.
    """
    if client is None:
        with make_client() as own_client:
            return fetch_prices(now=now, client=own_client, hand_out=hand_out)
    options = source_options()
    codes = [code for code in areas_in_use() if sources_of(code, options)]
    plan_calls(area_codes=codes, now=now)
    stored: list[PriceDocument] = []
    end = monotonic() + SECONDS_A_RUN
    while monotonic() < end and (call := take_call(area_codes=codes, now=now)) is not None:
        document = _carry_out(call, options, client, now)
        if document is not None:
            stored.append(document)
    new_in = {document.area.code for document in stored}
    prices_arrived(area_codes=new_in, at_wall=now, hand_out=hand_out)
    return tuple(stored)


def source_options() -> SourceOptions:
    """What the settings allow and provide."""
    return SourceOptions(
        entsoe_token=settings.READYBY_ENTSOE_TOKEN,
        allows_nord_pool=settings.READYBY_NORD_POOL,
        octopus_product=settings.READYBY_OCTOPUS_PRODUCT,
    )


def _carry_out(call: PriceCall, options: SourceOptions, client: httpx.Client, now: datetime) -> PriceDocument | None:
    sources = sources_of(call.area.code, options)
    stored = _stored_sources(call)
    # The best source that has the day, and those before it: who comes later cannot change anything.
    known = next((number for number, source in enumerate(sources) if source.name in stored), len(sources) - 1)
    asked = sources[: known + 1]
    day, reasons = _ask(call, asked, options, client, now)
    document = None
    if day is not None:
        document = store_price_day(day=day, now=now)
        stored |= {day.source}
        if document is not None:
            tell_disagreement(day=day)
    rests = [until for name, until in PriceService.objects.resting(now).items() if name in reasons]
    are_all_resting = bool(rests) and len(rests) == len(asked)
    not_before = min(rests) if are_all_resting else None
    finish_call(call=call, outcome=_outcome(sources, stored), reasons=reasons, not_before=not_before, now=now)
    return document


def _stored_sources(call: PriceCall) -> set[str]:
    documents = PriceDocument.objects.filter(area=call.area, delivery_date=call.delivery_date)
    return set(documents.values_list("source", flat=True))


def _outcome(sources: tuple[Source, ...], stored: set[str]) -> Outcome:
    if sources[0].name in stored:
        return Outcome.BEST
    return Outcome.SECOND_BEST if any(source.name in stored for source in sources) else Outcome.NOTHING


def _ask(
    call: PriceCall, sources: tuple[Source, ...], options: SourceOptions, client: httpx.Client, now: datetime
) -> tuple[PriceDay | None, dict[str, str]]:
    """The day from the first source that has it, and by source why those before it gave nothing."""
    area, reasons = areas()[call.area.code], {}
    resting = PriceService.objects.resting(now)
    for source in sources:
        if source.name in resting:
            reasons[source.name] = RESTING
            continue
        try:
            day = fetch_day(source, area, call.delivery_date, options=options, client=client)
            refuse_repeated_day(day=day)
        except PriceAnswerError as error:
            reasons[source.name] = error.reason
            if error.is_of_service:
                price_services.note_failure(name=source.name, error=error, now=now)
            continue
        price_services.note_success(name=source.name, now=now)
        return day, reasons
    return None, reasons
