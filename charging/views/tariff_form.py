"""What a driver can say of the price at a place, in the units of the bill: VAT included."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charging.core.weekly_spans import DAY_MINUTES, EVERY_DAY, EVERY_MONTH, WeeklySpan
from charging.models.tariffs import EXCHANGE_RATE_STEP, HIGHEST_PRICE
from charging.operations.tariffs import GridFee, OwnTerms, RateSpan, exchange_issues
from charging.views import formatting
from charging.views.field_faults import not_a_percentage, not_a_price, not_a_time
from charging.views.number_input import NotANumber, parse_number
from charging.views.time_input import NotATime, parse_time

ROWS = range(1, 5)
KINDS = (
    ("spot", gettext_lazy("The market price of the hour, plus fees")),
    ("fixed", gettext_lazy("One price at all times")),
    ("by_time", gettext_lazy("Prices by time of day")),
)
DAYS = {
    "every": (gettext_lazy("Every day"), EVERY_DAY),
    "working": (gettext_lazy("Monday to Friday"), frozenset(range(5))),
    "weekend": (gettext_lazy("Saturday and Sunday"), frozenset({5, 6})),
}
SEASONS = {
    "year": (gettext_lazy("All year"), EVERY_MONTH),
    "oct_mar": (gettext_lazy("October to March"), frozenset({10, 11, 12, 1, 2, 3})),
    "apr_sep": (gettext_lazy("April to September"), frozenset(range(4, 10))),
    "nov_mar": (gettext_lazy("November to March"), frozenset({11, 12, 1, 2, 3})),
    "apr_oct": (gettext_lazy("April to October"), frozenset(range(4, 11))),
}
CURRENCIES = ("EUR", "NOK", "SEK", "DKK", "GBP", "CHF", "PLN", "CZK", "HUF", "RON", "USD", "CAD", "AUD", "NZD")
FIXED, OTHER_TIMES = "all day", "other times"


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of one line of a table, bound."""

    price: forms.BoundField
    begins: forms.BoundField
    ends: forms.BoundField
    days: forms.BoundField
    season: forms.BoundField | None

    @property
    def is_used(self) -> bool:
        return any(field.value() for field in (self.price, self.begins, self.ends))


def _text(label: Any, hint: Any = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "decimal"})
    return forms.CharField(label=label, help_text=hint, required=False, max_length=40, widget=widget)


def _choice(label: Any, choices: dict[str, Any]) -> forms.ChoiceField:
    named = [(key, words) for key, (words, _days) in choices.items()]
    return forms.ChoiceField(label=label, choices=named, required=False)


class TariffForm(forms.Form):
    """Cleaned: `terms`, an OwnTerms. `market_currency` is that of the place's price area, empty without one.

    It comes first among the currencies, then `own_currency`, that of the country.
    """

    use_required_attribute = False
    kind = forms.ChoiceField(
        label=gettext_lazy("How is your power priced?"),
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select how your power is priced")},
    )
    currency = forms.ChoiceField()
    exchange_rate = forms.CharField()
    vat = _text(
        gettext_lazy("VAT on the market price"), gettext_lazy("In percent. Markets publish prices without VAT.")
    )
    fee = _text(gettext_lazy("Your supplier’s fee"), gettext_lazy("Per kWh, on top of the market price."))
    fixed = _text(gettext_lazy("Your price"), gettext_lazy("Per kWh."))
    rate_other = _text(gettext_lazy("Price at all other times"))
    grid_other = _text(gettext_lazy("Grid fee at all other times"))

    def __init__(self, *args: Any, market_currency: str, own_currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.market_currency = market_currency
        codes = [code for code in (market_currency, own_currency, *CURRENCIES) if code]
        self.units = {code: formatting.price_unit(code) for code in codes}
        self.fields["currency"] = forms.ChoiceField(
            label=_("Currency of your bill"), choices=[(code, code) for code in self.units], required=False
        )
        self._name_the_market()
        for number in ROWS:
            for table in ("rate", "grid"):
                self.fields[f"{table}_{number}"] = _text(gettext_lazy("Price"))
                self.fields[f"{table}_{number}_from"] = _text(gettext_lazy("From"))
                self.fields[f"{table}_{number}_to"] = _text(gettext_lazy("To"))
                self.fields[f"{table}_{number}_days"] = _choice(gettext_lazy("Days"), DAYS)
            self.fields[f"grid_{number}_season"] = _choice(gettext_lazy("Months"), SEASONS)

    def _name_the_market(self) -> None:
        names = {"market": self.market_currency}
        hint = _(
            "In the currency of your bill; your bank or a converter on the web shows it. It stays as you enter it "
            "until you change it here. It is used to show prices and to add fees. Which hours are cheapest depends on "
            "it only where a fee changes with the hour."
        )
        self.fields["exchange_rate"] = _text(_("1 %(market)s is") % names, hint)
        if self.market_currency:
            self.fields["currency"].help_text = (
                _("Prices below are in it. The market publishes its prices here in %(market)s.") % names
            )

    @property
    def shown_currency(self) -> str:
        """The currency that is chosen, or else the first."""
        chosen = str(self["currency"].value())
        return chosen if chosen in self.units else next(iter(self.units))

    @property
    def unit(self) -> str:
        """What prices are counted in: a hundredth of it, where that is in use."""
        return self.units[self.shown_currency]

    @property
    def units_as_json(self) -> str:
        return json.dumps(self.units)

    @property
    def rate_rows(self) -> list[Row]:
        return [self._row(f"rate_{number}", None) for number in ROWS]

    @property
    def grid_rows(self) -> list[Row]:
        return [self._row(f"grid_{number}", self[f"grid_{number}_season"]) for number in ROWS]

    @property
    def has_more_rates(self) -> bool:
        return any(row.is_used for row in self.rate_rows[1:])

    @property
    def has_more_grids(self) -> bool:
        return any(row.is_used for row in self.grid_rows[1:])

    def _row(self, name: str, season: forms.BoundField | None) -> Row:
        return Row(self[name], self[f"{name}_from"], self[f"{name}_to"], self[f"{name}_days"], season)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = data.get("kind")
        grid = tuple(self._grid_rows(data))
        rates, spans, other = self._rates(kind, data)
        is_spot = kind == "spot"
        if is_spot and not self.market_currency:
            self.add_error("kind", _("There is no market price at this place: choose prices of your own"))
        currency = data.get("currency") or self.market_currency
        currency = "" if currency == self.market_currency else currency
        data["terms"] = OwnTerms(
            currency=currency,
            exchange_rate=self._exchange_rate(data, currency) if is_spot and currency else None,
            rates=rates,
            rate_spans=tuple(spans),
            other_rate=other,
            grid_fees=grid,
            spot_fee_per_kwh=self._price("fee", data) or Decimal(0) if is_spot else Decimal(0),
            vat_percent=self._vat(data) if is_spot else Decimal(0),
        )
        return data

    def _exchange_rate(self, data: dict[str, Any], currency: str) -> Decimal | None:
        """What one of the market's currency is in that of the bill; None where that is missing or faulty."""
        text = data.get("exchange_rate", "").strip()
        if not text:
            names = {"market": self.market_currency, "currency": currency}
            self.add_error("exchange_rate", _("Enter what 1 %(market)s is in %(currency)s") % names)
            return None
        message = _("The exchange rate must be a number above 0 and below 1000, such as 11.70")
        found = self._number("exchange_rate", text, message)
        rate = None if found is None else found.quantize(EXCHANGE_RATE_STEP)
        if rate is not None and exchange_issues(rate):
            self.add_error("exchange_rate", message)
            return None
        return rate

    def _rates(self, kind: str | None, data: dict[str, Any]) -> tuple[dict[str, Decimal], list[RateSpan], str]:
        """The rates by name, when they hold, and the name of the one that holds at all other times."""
        if kind == "fixed":
            price = self._price("fixed", data, missing=_("Enter your price per kWh"))
            return ({} if price is None else {FIXED: price}), [], FIXED
        if kind != "by_time":
            return {}, [], ""
        rates, spans = {}, []
        for number in ROWS:
            found = self._line(f"rate_{number}", data)
            if found is not None:
                price, span = found
                name = _span_name(span, data.get(f"rate_{number}_days"))
                rates[name] = price
                spans.append(RateSpan(name, span))
        price = self._price("rate_other", data, missing=_("Enter the price at all other times"))
        return (rates if price is None else {**rates, OTHER_TIMES: price}), spans, OTHER_TIMES

    def _grid_rows(self, data: dict[str, Any]) -> Iterable[GridFee]:
        for number in ROWS:
            found = self._line(f"grid_{number}", data)
            if found is not None:
                price, span = found
                _words, months = SEASONS[data.get(f"grid_{number}_season") or "year"]
                span = WeeklySpan(span.from_minute, span.to_minute, span.weekdays, months)
                yield GridFee(_span_name(span, data.get(f"grid_{number}_days")), price, span)
        other = self._price("grid_other", data)
        if other is not None:
            yield GridFee(OTHER_TIMES, other)

    def _line(self, name: str, data: dict[str, Any]) -> tuple[Decimal, WeeklySpan] | None:
        """Price and time of a line; None for one that is empty, or has a fault that is now named beside it."""
        texts = [data.get(f"{name}{part}", "").strip() for part in ("", "_from", "_to")]
        if not any(texts):
            return None
        price = self._price(name, data, missing=_("Enter the price for this time, or leave the line empty"))
        begins, ends = self._minute(f"{name}_from", data), self._minute(f"{name}_to", data)
        if price is None or begins is None or ends is None:
            return None
        _words, weekdays = DAYS[data.get(f"{name}_days") or "every"]
        return price, WeeklySpan(begins % DAY_MINUTES, ends, weekdays)

    def _minute(self, name: str, data: dict[str, Any]) -> int | None:
        text = data.get(name, "").strip()
        if text.replace(".", ":") in {"24", "24:00"}:
            return DAY_MINUTES
        try:
            at: time = parse_time(text)
        except NotATime:
            self.add_error(name, not_a_time(self, name))
            return None
        return at.hour * 60 + at.minute

    def _vat(self, data: dict[str, Any]) -> Decimal:
        message = not_a_percentage(self, "vat")
        percent = self._number("vat", data.get("vat", "").removesuffix("%"), message)
        if percent is not None and not 0 <= percent <= 100:
            self.add_error("vat", message)
        return percent if percent is not None and 0 <= percent <= 100 else Decimal(0)

    def _price(self, name: str, data: dict[str, Any], *, missing: str = "") -> Decimal | None:
        """The price in currency per kWh; None where the field is empty or faulty, with `missing` named if given."""
        text = data.get(name, "").strip()
        if not text:
            if missing:
                self.add_error(name, missing)
            return None
        message = not_a_price(self, name)
        price = self._number(name, text, message)
        if price is not None and abs(price) > HIGHEST_PRICE:
            self.add_error(name, message)
            return None
        return None if price is None else price / formatting.units_in(self.shown_currency)

    def _number(self, name: str, text: str, message: str) -> Decimal | None:
        try:
            return Decimal(str(parse_number(text or "0")))
        except NotANumber:
            self.add_error(name, message)
            return None


def _span_name(span: WeeklySpan, days: str | None) -> str:
    clock = [f"{minute // 60:02}:{minute % 60:02}" for minute in (span.from_minute, span.to_minute)]
    return f"{clock[0]}-{clock[1]} {days or 'every'}"
