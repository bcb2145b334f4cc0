"""Tariffs: what energy costs at a place, in place of the market's price."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Body, P, PathEx, Router
from pydantic import WithJsonSchema

from charging.api import schemas
from charging.api.access import PlaceId, own_location
from charging.api.bearer import client_of
from charging.api.bodies import issues_of
from charging.api.json_body import is_storable
from charging.api.tariff_schemas import Interval, PlaceTariff, Rate, ScheduleRow
from charging.core.weekly_spans import EVERY_DAY, WeeklySpan
from charging.models import Client, Location, PlaceCharge, Tariff, TariffRate
from charging.operations import tariffs
from charging.operations.clocks import wall_now
from charging.operations.issues import Issue, refuse_if_any

router = Router(tags=["Tariffs"], by_alias=True)
ChosenId = Annotated[str, WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 200})]
TariffId = PathEx[ChosenId, P(alias="tariffId")]


@router.put(
    "/tariffs/{tariffId}",
    response={204: None, 400: schemas.Problem, 401: schemas.Problem},
    operation_id="sendTariffInformation",
    summary="Set the rates of a tariff",
)
def put_tariff(request: HttpRequest, tariff_id: TariffId, rates: Body[list[Rate]]) -> HttpResponse:
    """Makes or changes rates by name; names that are not sent stay. The currency is that of the place."""
    refuse_if_any((*_id_issues(tariff_id), *_rate_issues(rates)))
    prices = {rate.name: Decimal(rate.cost) for rate in rates}
    tariffs.set_rates(client=client_of(request), external_id=tariff_id, rates=prices, at_wall=wall_now())
    return HttpResponse(status=204)


def _id_issues(tariff_id: str) -> list[Issue]:
    if (
        1 <= len(tariff_id) <= 200
        and is_storable(tariff_id)
        and not tariffs.is_own_tariff(Tariff(external_id=tariff_id))
    ):
        return []
    return [
        Issue("TARIFF_INVALID", "tariffId", _("Use an id of 1 to 200 characters that does not begin with readyby:"))
    ]


def _rate_issues(rates: list[Rate]) -> list[Issue]:
    names = [rate.name for rate in rates]
    if len(set(names)) < len(names):
        return [Issue("NAME_REPEATED", "", _("Send each name once."))]
    return []


@router.get(
    "/tariffs/{tariffId}",
    response={200: list[Rate], 401: schemas.Problem, 404: schemas.Problem},
    operation_id="getTariffInformation",
    summary="Get the rates of a tariff",
)
def get_tariff(request: HttpRequest, tariff_id: TariffId) -> list[Rate]:
    """The rates in the order of their names."""
    tariff = _own_tariff(client_of(request), tariff_id)
    return [Rate(name=rate.name, cost=_written(rate.price_per_kwh)) for rate in tariff.rates.order_by("name")]


def _own_tariff(client: Client, tariff_id: str) -> Tariff:
    if not is_storable(tariff_id):
        raise Http404
    found: Tariff = get_object_or_404(Tariff, client=client, external_id=tariff_id)
    return found


def _written(price: Decimal) -> str:
    """The number without zeros at its end."""
    text = f"{price:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@router.put(
    "/locations/{locationId}/tariff",
    response={204: None, 400: schemas.Problem, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="associateUserLocationWithTariff",
    summary="Set the tariff of a location",
)
def put_place_tariff(request: HttpRequest, location_id: PlaceId, body: PlaceTariff) -> HttpResponse:
    """Says when which rate holds, in place of what was said before. Tariffs win over market prices."""
    location = own_location(request, location_id)
    refuse_if_any(issues_of(body))
    tariff = _own_tariff(location.driver.client, body.tariff_id)
    spans = [tariffs.RateSpan(one.name, _span(one)) for one in body.tariff_intervals]
    refuse_if_any(_interval_issues(body.tariff_intervals))
    tariffs.set_schedule(location=location, tariff=tariff, spans=spans, at_wall=wall_now())
    return HttpResponse(status=204)


def _interval_issues(intervals: list[Interval]) -> list[Issue]:
    message = _("A time ends after it begins; use 00:00 to 24:00 for the whole day.")
    return [
        Issue("INTERVAL_INVALID", f"tariffIntervals.{number}.to", message)
        for number, one in enumerate(intervals)
        if one.from_ == one.to
    ]


def _span(one: Interval) -> WeeklySpan:
    return WeeklySpan(_minutes(one.from_), _minutes(one.to), frozenset(one.weekdays or EVERY_DAY))


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


@router.get(
    "/locations/{locationId}/tariff",
    response={200: list[ScheduleRow], 401: schemas.Problem, 404: schemas.Problem},
    operation_id="getUserLocationTariff",
    summary="Get the tariff of a location",
)
def get_place_tariff(request: HttpRequest, location_id: PlaceId) -> list[ScheduleRow]:
    """One row for each weekday of each span, in local time as it was put. 404 where the market's price alone counts."""
    location = own_location(request, location_id)
    rates = Prefetch("rate", TariffRate.objects.select_related("tariff"))
    charges = list(location.charges.filter(rate__isnull=False).prefetch_related(rates).order_by("pk"))
    if not charges:
        raise Http404
    rows = [_row(location, charge, weekday) for charge in charges for weekday in sorted(charge.weekdays)]
    return sorted(rows, key=lambda row: (row.weekday, row.from_hour_minute))


def _row(location: Location, charge: PlaceCharge, weekday: int) -> ScheduleRow:
    assert charge.rate is not None, "only rates are asked for"
    return ScheduleRow(
        weekday=weekday,
        from_hour_minute=_clock_time(charge.from_minute),
        to_hour_minute=_clock_time(charge.to_minute),
        tariff_id=charge.rate.tariff.external_id,
        tariff_name=charge.rate.name,
        timezone_name=location.timezone_name,
    )


def _clock_time(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
