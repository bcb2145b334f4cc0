"""The currency that a place's power is paid in, where the market's is another one."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings

from charging.core.facts import Thresholds
from charging.models import Location
from charging.operations.prices import PricePeriod

EURO = "EUR"

OWN_CURRENCIES = {
    "CH": "CHF",
    "CZ": "CZK",
    "DK": "DKK",
    "GB": "GBP",
    "HU": "HUF",
    "NO": "NOK",
    "PL": "PLN",
    "RO": "RON",
    "SE": "SEK",
}
"""By country, where it is not the euro."""

ROUGHLY = {
    "NOK": Decimal(12),
    "SEK": Decimal(11),
    "DKK": Decimal("7.5"),
    "PLN": Decimal(4),
    "CZK": Decimal(25),
    "HUF": Decimal(400),
    "RON": Decimal(5),
}
"""What a euro is about, where that is not about one: for thresholds only, so that 0.05 EUR never means 0.05 HUF."""


def own_currency_of(location: Location) -> str:
    """The currency of the country that a place is in; empty where that is not known."""
    area = location.price_area
    return OWN_CURRENCIES.get(area.country, EURO) if area is not None else ""


def rate_of_operator(*, market_currency: str, currency: str) -> Decimal | None:
    """What the operator says one of the market's currency is; None for what they have not named."""
    rates: dict[str, Decimal] = settings.READYBY_EXCHANGE_RATES
    return rates.get(currency) if market_currency == EURO else None


def in_money_of(limits: Thresholds, period: PricePeriod | None) -> Thresholds:
    """The thresholds in the currency of these prices: they are set in the market's.

    Where rates alone make up the price nobody need have said what that is: a rough measure will do.
    """
    if period is None or period.terms is None:
        return limits
    rate = period.terms.exchange_rate
    if rate is None:
        rate = rate_of_operator(market_currency=EURO, currency=period.currency) or ROUGHLY.get(period.currency)
    return limits if rate is None else limits.times(rate)
