"""How times, money and amounts are written on every page: no-break spaces, en dashes, the reader's decimal sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import get_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy

from charging.views import date_words

NO_BREAK = "\N{NO-BREAK SPACE}"
EN_DASH = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"

# As people who pay in a currency call it and its hundredth part: where a language has nothing shorter, amounts show the
# code. Prices per kWh in other currencies are whole ones, since nobody reckons in their hundredths.
MONEY: dict[str, str | Promise] = {
    "EUR": pgettext_lazy("an amount of euros", "%(amount)s EUR"),
    "NOK": pgettext_lazy("an amount of Norwegian kroner", "%(amount)s NOK"),
    "DKK": pgettext_lazy("an amount of Danish kroner", "%(amount)s DKK"),
    "SEK": pgettext_lazy("an amount of Swedish kronor", "%(amount)s SEK"),
    "GBP": pgettext_lazy("an amount of pounds", "%(amount)s GBP"),
}
MINOR_UNITS: dict[str, str | Promise] = {
    "EUR": pgettext_lazy("hundredths of a euro", "cents"),
    "NOK": pgettext_lazy("hundredths of a Norwegian krone", "øre"),
    "DKK": pgettext_lazy("hundredths of a Danish krone", "øre"),
    "SEK": pgettext_lazy("hundredths of a Swedish krona", "öre"),
    "GBP": pgettext_lazy("hundredths of a pound", "pence"),
    "PLN": pgettext_lazy("hundredths of a złoty", "groszy"),
    "CHF": pgettext_lazy("hundredths of a Swiss franc", "rappen"),
    **dict.fromkeys(("USD", "CAD", "AUD", "NZD"), pgettext_lazy("hundredths of a dollar", "cents")),
}
WHOLE_DECIMALS = {"HUF": 1, "ISK": 1, "JPY": 1, "CZK": 2}
MOST_DECIMALS = 3
"""Of a price per kWh in whole units: a forint buys little, a leu most of a kilowatt-hour."""

Number = Decimal | float | int


def number(value: Number, decimals: int = 0) -> str:
    """Returns the value rounded half up, with the reader's decimal sign and a true minus."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):f}".replace(".", get_format("DECIMAL_SEPARATOR"))
    return f"{MINUS}{text}" if rounded < 0 else text


def exchange_rate(rate: Decimal) -> str:
    """Returns the rate with two decimals, or with as many more as it has: `11.70`, `11.6985`."""
    _sign, _digits, exponent = rate.normalize().as_tuple()
    return number(rate, max(2, -int(exponent)))


def money(amount: Number, currency: str) -> str:
    """Returns `1.34 EUR`, or what the reader's language writes: `1,34 kr`."""
    pattern = str(MONEY.get(currency, f"%(amount)s {currency}"))
    return pattern.replace(" ", NO_BREAK) % {"amount": number(amount, 2)}


def about_money(amount: Number, currency: str) -> str:
    """Returns `about 1.34 EUR`, for every amount that is an estimate."""
    return gettext("about %(amount)s") % {"amount": money(amount, currency)}


def price_unit(currency: str) -> str:
    """Returns what prices per kWh are counted in: `cents`, or `HUF` where no hundredth is in use."""
    return str(MINOR_UNITS.get(currency, currency))


def units_in(currency: str) -> int:
    """Returns how many of them make one of the currency: 100 or 1."""
    return 100 if currency in MINOR_UNITS else 1


def unit_price(price_per_kwh: Number, currency: str) -> str:
    """Returns a price per kWh in that unit: 0.134 EUR -> `13.4`, 40.2 HUF -> `40.2`, 3.4 CZK -> `3.40`."""
    decimals = 1 if currency in MINOR_UNITS else WHOLE_DECIMALS.get(currency, MOST_DECIMALS)
    return number(Decimal(str(price_per_kwh)) * units_in(currency), decimals)


def price(price_per_kwh: Number, currency: str) -> str:
    """Returns `13.4 cents per kWh`."""
    values = {"amount": unit_price(price_per_kwh, currency), "unit": price_unit(currency)}
    return gettext("%(amount)s %(unit)s per kWh").replace(" ", NO_BREAK, 1) % values


def one_line(text: str) -> str:
    """Returns the text without line breaks, as the subject of a mail needs it."""
    return " ".join(text.split())


def percent(value: Number) -> str:
    """Returns `38 %`."""
    return f"{number(value)}{NO_BREAK}%"


def energy(kwh: Number) -> str:
    """Returns `35.8 kWh`."""
    return f"{number(kwh, 1)}{NO_BREAK}kWh"


def power(kw: Number) -> str:
    """Returns `11 kW` or `7.4 kW`."""
    return f"{number(kw, 0 if round(float(kw), 1) == round(float(kw)) else 1)}{NO_BREAK}kW"


def clock(at: datetime, timezone: tzinfo) -> str:
    """Returns the time of day in the zone: `01:15`."""
    return f"{at.astimezone(timezone):%H:%M}"


def span(start: datetime, end: datetime, timezone: tzinfo) -> str:
    """Returns `01:45–05:00`."""
    return f"{clock(start, timezone)}{EN_DASH}{clock(end, timezone)}"


def day_word(at: datetime, now: datetime, timezone: tzinfo) -> str:
    """Returns nothing for today, `tomorrow`, `yesterday`, the weekday within six days, else the date."""
    day = at.astimezone(timezone).date()
    distance_days = (day - now.astimezone(timezone).date()).days
    near = {0: "", 1: pgettext("day of a time", "tomorrow"), -1: pgettext("day of a time", "yesterday")}
    if distance_days in near:
        return near[distance_days]
    return date_words.on_weekday(day) if abs(distance_days) < 7 else date_words.day_month(day)


def day_clock(at: datetime, now: datetime, timezone: tzinfo) -> str:
    """Returns `01:15`, or `tomorrow 01:15` when that is not today in the zone."""
    day = day_word(at, now, timezone).replace(" ", NO_BREAK)
    return f"{day}{NO_BREAK}{clock(at, timezone)}".lstrip(NO_BREAK)


def duration(length: timedelta) -> str:
    """Returns `3 h 41 min`, `2 days 3 h`, or `less than a minute`; the sign is dropped."""
    minutes = int(abs(length).total_seconds() // 60)
    if minutes == 0:
        return gettext("less than a minute")
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [
        (days, ngettext("%(count)s day", "%(count)s days", days)),
        (hours, gettext("%(count)s h")),
        (rest if days == 0 else 0, gettext("%(count)s min")),
    ]
    return NO_BREAK.join((text % {"count": count}).replace(" ", NO_BREAK) for count, text in parts if count)


def enumeration(items: Sequence[str]) -> str:
    """Returns `a`, `a and b`, `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return gettext("%(first)s and %(last)s") % {"first": ", ".join(items[:-1]), "last": items[-1]}
