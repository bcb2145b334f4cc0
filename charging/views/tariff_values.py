"""Stored terms of a place as the values of their form, and in words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from charging.core.tariffs import Charge
from charging.core.weekly_spans import WeeklySpan
from charging.models import Location, PlaceTerms
from charging.operations.exchange_rates import own_currency_of, rate_of_operator
from charging.operations.place_prices import CURRENCY_WITHOUT_AREA, terms_of
from charging.operations.tariffs import is_own_tariff
from charging.views import formatting
from charging.views.tariff_form import DAYS, FIXED, OTHER_TIMES, ROWS, SEASONS


def initial_values(location: Location) -> dict[str, str]:
    """What the form shows at first: what is stored, as far as the form could have stored it."""
    row, market = terms_of(location), market_currency_of(location)
    if row is None:
        own = own_currency_of(location)
        proposed = rate_of_operator(market_currency=market, currency=own)
        return {
            "kind": "spot" if market else "",
            "currency": own if proposed is not None else currency_of(location),
            "exchange_rate": "" if proposed is None else formatting.exchange_rate(proposed),
        }
    terms, currency = row.as_terms(market), currency_of(location)
    values = {"kind": _kind(terms.rates), "vat": _plain(terms.vat_percent), "currency": currency}
    values["fee"] = _in_units(terms.spot_fee_per_kwh, currency)
    rate = terms.exchange_rate or rate_of_operator(market_currency=market, currency=currency)
    if terms.market_currency and rate is not None:
        values["exchange_rate"] = formatting.exchange_rate(rate)
    if values["kind"] == "fixed":
        values["fixed"] = _in_units(terms.rates[0].price_per_kwh, currency)
    else:
        values |= _lines("rate", terms.rates, currency)
    return values | _lines("grid", terms.grid_fees, currency)


def _kind(rates: tuple[Charge, ...]) -> str:
    if not rates:
        return "spot"
    return "fixed" if [rate.name for rate in rates] == [FIXED] else "by_time"


def _lines(table: str, charges: tuple[Charge, ...], currency: str) -> dict[str, str]:
    values: dict[str, str] = {}
    numbers = iter(ROWS)
    for charge in charges:
        price = _in_units(charge.price_per_kwh, currency)
        if charge.name == OTHER_TIMES:
            values[f"{table}_other"] = price
            continue
        number = next(numbers, None)
        if number is None:
            break
        name = f"{table}_{number}"
        values |= {
            name: price,
            f"{name}_from": clock(charge.span.from_minute),
            f"{name}_to": clock(charge.span.to_minute),
        }
        values |= {
            f"{name}_days": _key(DAYS, charge.span.weekdays),
            f"{name}_season": _key(SEASONS, charge.span.months),
        }
    return values


def _key(choices: Mapping[str, tuple[object, frozenset[int]]], days: frozenset[int]) -> str:
    return next((key for key, (_words, chosen) in choices.items() if chosen == days), next(iter(choices)))


def clock(minute: int) -> str:
    """Returns `06:00`, and `24:00` for the end of a day."""
    return f"{minute // 60:02}:{minute % 60:02}"


def currency_of(location: Location) -> str:
    """The currency that prices are in at a place."""
    row = terms_of(location)
    return (row.currency if row is not None else "") or market_currency_of(location) or CURRENCY_WITHOUT_AREA


def market_currency_of(location: Location) -> str:
    """The currency of the market price at a place; empty where there is none."""
    area = location.pricing_area
    return area.currency if area is not None else ""


def is_set_elsewhere(location: Location) -> bool:
    """Whether the rates of a place were set by an app, and may be more than the form can show."""
    rates = [charge.rate for charge in location.charges.select_related("rate__tariff") if charge.rate is not None]
    return any(not is_own_tariff(rate.tariff) for rate in rates)


def in_words(location: Location) -> str:
    """How power is priced at a place, in one line: `24.5 cents per kWh, with a grid fee`."""
    row = terms_of(location)
    if row is None:
        return _("Market price only") if location.pricing_area is not None else _("No prices here yet")
    return _with_grid(row, _energy_in_words(row, location))


def _energy_in_words(row: PlaceTerms, location: Location) -> str:
    terms = row.as_terms(market_currency_of(location))
    rates = terms.rates
    if len(rates) == 1 and rates[0].span == WeeklySpan():
        return formatting.price(rates[0].price_per_kwh, currency_of(location))
    if rates:
        return _("Prices by time of day")
    if terms.exchange_rate is None:
        names = {"market": terms.market_currency, "currency": row.currency}
        return _("No price in %(currency)s while you have not said what 1 %(market)s is") % names
    parts = [
        pgettext("market price with VAT", "VAT") if row.vat_percent else "",
        _("your supplier’s fee") if row.spot_fee_per_kwh else "",
    ]
    added = formatting.enumeration([part for part in parts if part])
    return _("Market price with %(added)s") % {"added": added} if added else _("Market price")


def _with_grid(row: PlaceTerms, energy: str) -> str:
    return _("%(price)s, with grid fees") % {"price": energy} if row.as_terms().grid_fees else energy


def _in_units(price_per_kwh: Decimal, currency: str) -> str:
    return _plain(price_per_kwh * formatting.units_in(currency))


def _plain(value: Decimal) -> str:
    return number_format(value.normalize() if value else Decimal(0), use_l10n=True, force_grouping=False)
