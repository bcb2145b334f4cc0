"""What a kilowatt-hour is made of, in words and as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charging.core.tariffs import PriceParts
from charging.operations.prices import PricePeriod
from charging.views import formatting
from charging.views.sums import Sum

COLUMNS: tuple[tuple[Promise, Callable[[PriceParts], Decimal]], ...] = (
    (gettext_lazy("Energy"), lambda part: part.energy),
    (gettext_lazy("VAT"), lambda part: part.vat),
    (gettext_lazy("Supplier’s fee"), lambda part: part.supplier_fee),
    (gettext_lazy("Grid fee"), lambda part: part.grid_fee),
)


@dataclass(frozen=True, slots=True)
class PartsRow:
    """A time in which the price is made of the same parts; `values` stand below the table's columns."""

    times: str
    values: tuple[str, ...]
    total: str
    is_estimate: bool


@dataclass(frozen=True, slots=True)
class PartsTable:
    columns: tuple[str, ...]
    rows: tuple[PartsRow, ...]


def parts_in(period: PricePeriod) -> tuple[PriceParts, ...]:
    """The prices taken apart; where the market's price alone counts, it is all there is."""
    if period.terms is not None:
        return period.parts
    return tuple(
        PriceParts(one.start, one.end, Decimal(str(one.price_per_kwh)), is_estimate=one.is_estimate)
        for one in period.intervals
    )


def price_now(period: PricePeriod, now: datetime) -> tuple[Sum, ...]:
    """What a kilowatt-hour costs now and why, the total last; nothing where that is not known."""
    part = next((part for part in parts_in(period) if part.start <= now < part.end), None)
    if part is None:
        return ()
    currency = period.currency
    sums = [*_market(period, part), Sum(_energy_word(period, part), _in_units(part.energy, currency))]
    sums += [Sum(str(word), _in_units(value(part), currency)) for word, value in COLUMNS[1:] if value(part)]
    return (*sums, Sum(_("You pay"), formatting.price(part.price_per_kwh, currency), is_total=True))


def _market(period: PricePeriod, part: PriceParts) -> tuple[Sum, ...]:
    """The market's price as it was published, where that was in another currency."""
    terms = period.terms
    if terms is None or not terms.market_currency or part.market_price is None or part.rate:
        return ()
    return (Sum(_("Market price"), _in_units(part.market_price, terms.market_currency)),)


def _energy_word(period: PricePeriod, part: PriceParts) -> str:
    if part.rate:
        return _("Your price")
    terms = period.terms
    if terms is None or not terms.market_currency or terms.exchange_rate is None:
        return _("Market price")
    names = {"market": terms.market_currency, "currency": period.currency}
    names["rate"] = formatting.exchange_rate(terms.exchange_rate)
    return (_("At 1 %(market)s = %(rate)s %(currency)s") % names).replace(" ", formatting.NO_BREAK)


def _in_units(value: Decimal, currency: str) -> str:
    return f"{formatting.unit_price(value, currency)}{formatting.NO_BREAK}{formatting.price_unit(currency)}"


def parts_table(parts: Sequence[PriceParts], timezone: tzinfo, currency: str) -> PartsTable | None:
    """The parts as a table, with a column for each that is not nothing all day; None where there is only energy."""
    columns = [(word, value) for word, value in COLUMNS if any(value(part) for part in parts)]
    if len(columns) < 2:
        return None

    def shown(part: PriceParts) -> tuple[tuple[str, ...], str, bool]:
        values = tuple(formatting.unit_price(value(part), currency) for _word, value in columns)
        return values, formatting.unit_price(part.price_per_kwh, currency), part.is_estimate

    rows = []
    for (values, total, is_estimate), group in groupby(parts, key=shown):
        same = list(group)
        times = formatting.span(same[0].start, same[-1].end, timezone)
        rows.append(PartsRow(times, values, total, is_estimate))
    return PartsTable(tuple(str(word) for word, _value in columns), tuple(rows))
