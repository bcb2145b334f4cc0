"""Statistics: what was charged, when and for how much."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router

from charging.api import schemas
from charging.api.access import UserId, own_driver
from charging.api.statistics_schemas import Bucket, Session, SessionsQuery, StatisticsQuery
from charging.models import ChargingSession, Driver
from charging.operations import statistics
from charging.operations.clocks import own_now
from charging.operations.issues import Issue, refuse_if_any
from charging.operations.statistics import Spread, Use

router = Router(tags=["Statistics"], by_alias=True)
NOTHING = {"min": None, "max": None, "mean": None}
ZEROS = {"min": 0.0, "max": 0.0, "mean": 0.0}


@router.get(
    "/users/{userId}/statistics/charging",
    response={200: list[Bucket], 400: schemas.Problem, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="getChargingStatistics",
    summary="Get charging statistics",
)
def get_statistics(request: HttpRequest, user_id: UserId, ask: Query[StatisticsQuery]) -> list[Bucket]:
    """What was charged in each span of time. Spans in which nothing was charged are left out."""
    driver = own_driver(request, user_id)
    end = _end(driver, ask)
    found = statistics.by_bucket(
        _sessions(driver, ask, end),
        start=ask.start_date,
        end=end,
        resolution=ask.resolution,
        offset=ask.utc_offset,
    )
    return [Bucket.model_validate({"date": date, **_charged(use)}) for date, use in found]


@router.get(
    "/users/{userId}/statistics/charging/sessions",
    response={200: list[Session], 400: schemas.Problem, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="getChargingSessionsStatistics",
    summary="Get charging sessions",
)
def get_sessions(request: HttpRequest, user_id: UserId, ask: Query[SessionsQuery]) -> list[Session]:
    """The plug-ins in which something was charged and that touch the time asked for, oldest first."""
    driver = own_driver(request, user_id)
    found = statistics.by_session(_sessions(driver, ask, _end(driver, ask)))
    return [Session.model_validate(_whose(session) | _charged(use)) for session, use in found]


def _end(driver: Driver, ask: SessionsQuery) -> datetime:
    end = ask.end_date or own_now(driver=driver)
    if ask.start_date > end:
        refuse_if_any([Issue("DATES_INVALID", "startDate", _("The start must not be after the end."))])
    return end


def _sessions(driver: Driver, ask: SessionsQuery, end: datetime) -> list[ChargingSession]:
    if ask.type != "vehicle" or not (_is_id(ask.location_id) and _is_id(ask.id)):
        return []
    return statistics.sessions_between(
        driver=driver, start=ask.start_date, end=end, location_id=ask.location_id, vehicle_id=ask.id
    )


def _is_id(text: str | None) -> bool:
    try:
        return text is None or bool(UUID(text))
    except ValueError:
        return False


def _whose(session: ChargingSession) -> dict[str, Any]:
    pieces = [piece for pieces in statistics.pieces_of(session) for piece in pieces]
    return {
        "id": str(session.vehicle.public_id),
        "location_id": str(session.location.public_id) if session.location is not None else None,
        "from": max(session.plugged_in_at, min(piece.start for piece in pieces)),
        "to": min(session.unplugged_at or session.measured_at, max(piece.end for piece in pieces)),
    }


def _charged(use: Use) -> dict[str, Any]:
    return {
        "kw": _spread(use.power),
        "kwh_sum": round(use.energy_kwh, 3),
        "price": ZEROS if use.price is None else _spread(use.price),
        "cost_sum": round(use.cost, 4),
        "non_smart_price": NOTHING if use.price_at_once is None else _spread(use.price_at_once),
        "estimated_savings": None if use.saving is None else round(use.saving, 4),
        "currency": use.currency or None,
        "priced": use.price is not None,
    }


def _spread(spread: Spread) -> dict[str, float]:
    return {"min": round(spread.least, 5), "max": round(spread.greatest, 5), "mean": round(spread.mean, 5)}
