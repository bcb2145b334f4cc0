"""How the services that publish prices behave: one in trouble is left alone, longer each time."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction

from charging.adapters.prices.price_day import PriceAnswerError
from charging.core.price_calls import rest_of
from charging.models import PriceService
from charging.operations.price_calls import chance_of

logger = structlog.get_logger(__name__)

MOST_FAILURES = 10_000


@transaction.atomic
def note_success(*, name: str, now: datetime) -> None:
    """Writes that a service answers. One that rested is back, and that is logged."""
    service = _locked(name)
    if service.failures:
        logger.info("price service is back", source=name)
    service.failures, service.rests_until, service.reason, service.succeeded_at = 0, None, "", now
    service.save()


@transaction.atomic
def note_failure(*, name: str, error: PriceAnswerError, now: datetime) -> datetime:
    """Lets a service rest and returns until when. The first failure of a row is logged."""
    service = _locked(name)
    service.failures = min(service.failures + 1, MOST_FAILURES)
    chance = chance_of(f"{name}:{service.failures}")
    service.rests_until = now + rest_of(failures=service.failures, wanted=error.retry_after, chance=chance)
    service.reason = str(error)[:200]
    service.save()
    if service.failures == 1:
        logger.warning("price service rests", source=name, reason=service.reason, until=service.rests_until.isoformat())
    return service.rests_until


def _locked(name: str) -> PriceService:
    service, _ = PriceService.objects.select_for_update().get_or_create(name=name)
    return service
