"""Rates, fees and tax: what a driver pays beyond, or instead of, the market's price."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from charging.core.weekly_spans import DAY_MINUTES, EVERY_DAY, WeeklySpan, overlap
from charging.models import Client, Location, PlaceCharge, PlaceTerms, Tariff, TariffRate
from charging.models.tariffs import EXCHANGE_RATE_STEP, HIGHEST_EXCHANGE_RATE, HIGHEST_PRICE
from charging.operations.caps import more_rates_issues, one_more_tariff_issues
from charging.operations.issues import Issue, refuse_if_any
from charging.operations.price_arrival import wake_cars_at

MOST_SPANS = 200
OWN_PREFIX = "readyby:"
OWN_TARIFF = OWN_PREFIX + "{place}"
"""The tariff of rates that a driver has typed in for one place; no client's id can be like it by chance."""


@dataclass(frozen=True, slots=True)
class RateSpan:
    """When the rate of that name holds."""

    rate_name: str
    span: WeeklySpan


@dataclass(frozen=True, slots=True)
class GridFee:
    """What the grid takes per kWh in a span, VAT included."""

    name: str
    price_per_kwh: Decimal
    span: WeeklySpan = field(default_factory=WeeklySpan)


@dataclass(frozen=True, slots=True)
class OwnTerms:
    """Everything a driver can say of the price at a place.

    `rates` are prices by name, `rate_spans` when each holds, `other_rate` names the one that holds at all other times;
    without it the market's price with its factor, fee and VAT does. Of grid fees that cover a time the first counts.
    `currency` is empty for that of the price area; for another one `exchange_rate` is what one of the area's is in it.
    Without that rate the market's price tells nothing at times that no rate of the driver's covers.
    """

    currency: str = ""
    exchange_rate: Decimal | None = None
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    rate_spans: Sequence[RateSpan] = ()
    other_rate: str = ""
    grid_fees: Sequence[GridFee] = ()
    spot_factor: Decimal = Decimal(1)
    spot_fee_per_kwh: Decimal = Decimal(0)
    vat_percent: Decimal = Decimal(0)


@transaction.atomic
def set_rates(*, client: Client, external_id: str, rates: Mapping[str, Decimal], at_wall: datetime) -> Tariff:
    """Makes or changes rates by name; names that are not mentioned stay. Cars at places with the tariff look again.

    Raises Refused for prices and names that cannot be, and for more tariffs or rates than there may be.
    """
    refuse_if_any(rate_issues(rates))
    tariff = Tariff.objects.filter(client=client, external_id=external_id).first()
    if tariff is None:
        refuse_if_any(() if external_id.startswith(OWN_PREFIX) else one_more_tariff_issues(client))
        tariff, _was_created = Tariff.objects.get_or_create(client=client, external_id=external_id)
    refuse_if_any(more_rates_issues(tariff, rates.keys()))
    TariffRate.objects.bulk_create(
        [TariffRate(tariff=tariff, name=name, price_per_kwh=price) for name, price in rates.items()],
        update_conflicts=True,
        unique_fields=["tariff", "name"],
        update_fields=["price_per_kwh"],
    )
    wake_cars_at(locations=Location.objects.filter(charges__rate__tariff=tariff), at_wall=at_wall)
    return tariff


def rate_issues(rates: Mapping[str, Decimal]) -> tuple[Issue, ...]:
    """What is wrong with names and prices."""
    issues = []
    for name, price in rates.items():
        if not 1 <= len(name.strip()) <= 100 or "\x00" in name:
            issues.append(Issue("RATE_NAME_INVALID", "name", _("The name of a rate must have 1 to 100 characters")))
        if not (price.is_finite() and abs(price) <= HIGHEST_PRICE):
            issues.append(Issue("PRICE_INVALID", "cost", _("A price must be a number from -1000 to 1000")))
    return tuple(issues)


@transaction.atomic
def set_schedule(
    *, location: Location, tariff: Tariff, spans: Sequence[RateSpan], at_wall: datetime, other_rate: str = ""
) -> None:
    """Says when which rate holds at a place, in place of what was said before; grid fees stay.

    At times that no span covers `other_rate` holds, or the market's price where it is empty.

    Raises Refused for a rate that the tariff does not have, for times that overlap, and for times that cannot be.
    """
    rates = {rate.name: rate for rate in tariff.rates.all()}
    refuse_if_any(schedule_issues(spans, rates))
    others = [RateSpan(other_rate, WeeklySpan())] if other_rate else []
    PlaceTerms.objects.get_or_create(location=location, defaults={"updated_at": at_wall})
    location.charges.filter(rate__isnull=False).delete()
    PlaceCharge.objects.bulk_create(
        PlaceCharge(location=location, rate=rates[one.rate_name], **_columns(one.span)) for one in (*spans, *others)
    )
    wake_cars_at(locations=Location.objects.filter(pk=location.pk), at_wall=at_wall)


def schedule_issues(spans: Sequence[RateSpan], names: Iterable[str]) -> tuple[Issue, ...]:
    """What is wrong with a schedule of rates with these names."""
    known, issues = frozenset(names), list(_span_issues([one.span for one in spans]))
    unknown = sorted({one.rate_name for one in spans} - known)
    issues += [
        Issue("RATE_UNKNOWN", "tariffIntervals", _("The tariff has no rate named %(name)s") % {"name": name[:100]})
        for name in unknown
    ]
    if len(spans) > MOST_SPANS:
        issues.append(Issue("TOO_MANY_INTERVALS", "tariffIntervals", _("Use 200 times or fewer")))
    elif not issues and overlap([one.span for one in spans]):
        issues.append(Issue("INTERVALS_OVERLAP", "tariffIntervals", _("Two of the times overlap")))
    return tuple(issues)


@transaction.atomic
def set_terms(*, location: Location, terms: OwnTerms, at_wall: datetime) -> PlaceTerms:
    """Sets everything that a driver says of the price at a place. Raises Refused; then nothing is changed."""
    refuse_if_any(
        (
            *rate_issues(terms.rates),
            *schedule_issues(terms.rate_spans, terms.rates),
            *_grid_issues(terms.grid_fees),
            *exchange_issues(terms.exchange_rate),
        )
    )
    row, _was_created = PlaceTerms.objects.update_or_create(
        location=location,
        defaults={
            "currency": terms.currency,
            **_exchange(location, terms),
            "spot_factor": terms.spot_factor,
            "spot_fee_per_kwh": terms.spot_fee_per_kwh,
            "vat_percent": terms.vat_percent,
            "updated_at": at_wall,
        },
    )
    location.charges.all().delete()
    tariff = OWN_TARIFF.format(place=location.public_id)
    Tariff.objects.filter(client_id=location.driver.client_id, external_id=tariff).delete()
    if terms.rates:
        own = set_rates(client=location.driver.client, external_id=tariff, rates=terms.rates, at_wall=at_wall)
        other = terms.other_rate
        set_schedule(location=location, tariff=own, spans=terms.rate_spans, other_rate=other, at_wall=at_wall)
    PlaceCharge.objects.bulk_create(
        PlaceCharge(location=location, name=fee.name, grid_fee_per_kwh=fee.price_per_kwh, **_columns(fee.span))
        for fee in terms.grid_fees
    )
    wake_cars_at(locations=Location.objects.filter(pk=location.pk), at_wall=at_wall)
    return row


def exchange_issues(rate: Decimal | None) -> tuple[Issue, ...]:
    """What is wrong with an exchange rate; nothing where there is none."""
    if rate is None or (rate.is_finite() and EXCHANGE_RATE_STEP <= rate < HIGHEST_EXCHANGE_RATE):
        return ()
    message = _("An exchange rate must be a number above 0 and below 1000")
    return (Issue("EXCHANGE_RATE_INVALID", "exchangeRate", message),)


def _exchange(location: Location, terms: OwnTerms) -> dict[str, object]:
    """The rate with the currency that it starts from, so that it never counts for a market in another one."""
    area, rate = location.pricing_area, terms.exchange_rate
    if area is None or rate is None or terms.currency in ("", area.currency):
        return {"exchange_from": "", "exchange_rate": None}
    return {"exchange_from": area.currency, "exchange_rate": round(rate, 6)}


@transaction.atomic
def remove_terms(*, location: Location, at_wall: datetime) -> None:
    """The market's price alone counts again."""
    PlaceTerms.objects.filter(location=location).delete()
    location.charges.all().delete()
    own = OWN_TARIFF.format(place=location.public_id)
    Tariff.objects.filter(client_id=location.driver.client_id, external_id=own).delete()
    wake_cars_at(locations=Location.objects.filter(pk=location.pk), at_wall=at_wall)


def is_own_tariff(tariff: Tariff) -> bool:
    """Whether the rates are what a driver has typed in, not what an app has set."""
    return tariff.external_id.startswith(OWN_PREFIX)


def _columns(span: WeeklySpan) -> dict[str, object]:
    return {
        "from_minute": span.from_minute,
        "to_minute": span.to_minute,
        "weekdays": sorted(span.weekdays),
        "months": sorted(span.months),
    }


def _span_issues(spans: Iterable[WeeklySpan]) -> list[Issue]:
    is_wrong = any(
        not (0 <= span.from_minute < DAY_MINUTES and 0 <= span.to_minute <= DAY_MINUTES)
        or not span.weekdays <= EVERY_DAY
        or not span.weekdays
        or not span.months
        for span in spans
    )
    message = _("Times must be from 00:00 to 24:00, on days of the week")
    return [Issue("INTERVAL_INVALID", "tariffIntervals", message)] if is_wrong else []


def _grid_issues(fees: Sequence[GridFee]) -> list[Issue]:
    issues = _span_issues([fee.span for fee in fees])
    if any(not (fee.price_per_kwh.is_finite() and abs(fee.price_per_kwh) <= HIGHEST_PRICE) for fee in fees):
        issues.append(Issue("PRICE_INVALID", "gridFees", _("A price must be a number from -1000 to 1000")))
    if len(fees) > MOST_SPANS:
        issues.append(Issue("TOO_MANY_INTERVALS", "gridFees", _("Use 200 times or fewer")))
    return issues
