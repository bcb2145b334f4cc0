"""What a kilowatt-hour really costs at a place: the market's price or the driver's own rates, fees and tax included.

    with the market's price:   spot x exchange rate x factor x (1 + VAT) + supplier's fee + grid fee
    with a rate of one's own:  rate + grid fee

The market publishes prices without VAT and in its own currency. Rates and fees are what the driver pays, VAT included,
in the currency of the bill. Where no rate of the driver's covers a time, the market's price holds (API_CONTRACT 10.2).
Rates and fees follow the clock on the wall.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from charging.core.facts import PriceInterval
from charging.core.market_time import QUARTER, floor_to_quarter, time_zone
from charging.core.weekly_spans import WeeklySpan

PRICE_STEP = Decimal("0.00001")


@dataclass(frozen=True, slots=True)
class Charge:
    """A price per kWh that holds in a span: a rate of energy, or a grid fee. VAT is in it."""

    name: str
    price_per_kwh: Decimal
    span: WeeklySpan


@dataclass(frozen=True)
class PriceTerms:
    """The terms of a place, in the currency of the bill. Of several charges that cover a time, the first counts.

    `exchange_rate` is what one of the market's currency is in the bill's; None where nobody has said it, so that the
    market's price tells nothing. `market_currency` is empty where both are the same.
    """

    timezone_name: str
    rates: tuple[Charge, ...] = ()
    grid_fees: tuple[Charge, ...] = ()
    spot_factor: Decimal = Decimal(1)
    spot_fee_per_kwh: Decimal = Decimal(0)
    vat_percent: Decimal = Decimal(0)
    exchange_rate: Decimal | None = Decimal(1)
    market_currency: str = ""

    @property
    def is_spot_only(self) -> bool:
        """Whether the price is the market's, with nothing added; in whatever currency."""
        is_plain = self.spot_factor == 1 and not self.spot_fee_per_kwh and not self.vat_percent
        return is_plain and not self.rates and not self.grid_fees

    @cached_property
    def zone(self) -> ZoneInfo:
        return time_zone(self.timezone_name)


@dataclass(frozen=True, slots=True)
class PriceParts:
    """What makes up a price, each in the bill's currency per kWh. A rate of one's own is all `energy`, named by `rate`.

    `market_price` is the market's own, in its currency, where any of `energy` rests on it, None where a rate covers the
    whole quarter; `is_estimate` says that the market has not published it.
    """

    start: datetime
    end: datetime
    energy: Decimal
    vat: Decimal = Decimal(0)
    supplier_fee: Decimal = Decimal(0)
    grid_fee: Decimal = Decimal(0)
    rate: str = ""
    market_price: Decimal | None = None
    is_estimate: bool = False

    @property
    def price_per_kwh(self) -> Decimal:
        """The price of everything, in whole steps of 1e-5."""
        return (self.energy + self.vat + self.supplier_fee + self.grid_fee).quantize(PRICE_STEP)

    def as_interval(self) -> PriceInterval:
        """The price as plans are made from it."""
        return PriceInterval(self.start, self.end, self.price_per_kwh, self.is_estimate)


def price_parts(
    terms: PriceTerms, spot: Sequence[PriceInterval], *, start: datetime, end: datetime
) -> tuple[PriceParts, ...]:
    """The quarters of an hour that touch `[start, end)` and have a price, in time order, taken apart.

    `spot`: quarters of the market, in any order. A quarter that no rate covers and the market has no price for is left
    out. A rate or fee that changes within a quarter counts by its share of the quarter. Raises ValueError for an
    unknown time zone.
    """
    market = {interval.start: interval for interval in spot if terms.exchange_rate is not None}
    parts = (_parts_of(terms, mark, market.get(mark)) for mark in _marks(start, end))
    return tuple(part for part in parts if part is not None)


def _marks(start: datetime, end: datetime) -> Iterator[datetime]:
    mark = floor_to_quarter(start)
    while mark < end:
        yield mark
        mark += QUARTER


def _parts_of(terms: PriceTerms, mark: datetime, market: PriceInterval | None) -> PriceParts | None:
    local = mark.astimezone(terms.zone)
    minutes = [local + timedelta(minutes=n) for n in range(QUARTER // timedelta(minutes=1))]
    if not _changes_within(terms, local):
        minutes = minutes[:1]
    rates = [_first(terms.rates, minute) for minute in minutes]
    if None in rates and market is None:
        return None
    grid = _mean([_price(_first(terms.grid_fees, minute)) for minute in minutes])
    share = Decimal(rates.count(None)) / len(rates)
    published = None if market is None or not share else Decimal(str(market.price_per_kwh))
    spot = (published or Decimal(0)) * (terms.exchange_rate or Decimal(0)) * terms.spot_factor * share
    own = [rate for rate in rates if rate is not None]
    return PriceParts(
        start=mark,
        end=mark + QUARTER,
        energy=spot + sum((rate.price_per_kwh for rate in own), Decimal(0)) / len(rates),
        vat=spot * terms.vat_percent / 100,
        supplier_fee=terms.spot_fee_per_kwh * share,
        grid_fee=grid,
        rate=own[0].name if own else "",
        market_price=published,
        is_estimate=market is not None and published is not None and market.is_estimate,
    )


def _changes_within(terms: PriceTerms, local: datetime) -> bool:
    """Whether a rate or fee begins or ends inside of the quarter, which few do."""
    first = local.hour * 60 + local.minute
    edges = (edge for one in (*terms.rates, *terms.grid_fees) for edge in (one.span.from_minute, one.span.to_minute))
    return any(first < edge < first + QUARTER // timedelta(minutes=1) for edge in edges)


def _first(charges: tuple[Charge, ...], local: datetime) -> Charge | None:
    return next((charge for charge in charges if charge.span.covers(local)), None)


def _price(charge: Charge | None) -> Decimal:
    return Decimal(0) if charge is None else charge.price_per_kwh


def _mean(values: Sequence[Decimal]) -> Decimal:
    return sum(values, Decimal(0)) / len(values)
