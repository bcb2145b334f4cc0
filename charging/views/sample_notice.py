"""The line that says what is not real: a simulated car, and prices that were recorded earlier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from django.conf import settings
from django.utils.translation import gettext as _

from charging.models import Location
from charging.operations.place_prices import terms_of
from charging.views import date_words, formatting

MOST_DAYS_NAMED = 7
"""More days than this in one month are named by the first and the last of them."""


def sample_notice(*, is_simulated: bool, recorded_on: Sequence[date]) -> str:
    """The sentences for a page that shows prices recorded on these days; empty where everything is real."""
    parts = [_("This car is simulated.")] if is_simulated else []
    if recorded_on:
        parts.append(sample_sentence(recorded_on))
    return " ".join(parts)


def general_notice(*, is_simulated: bool) -> str:
    """The sentences for a page that does not know which prices it shows, if any."""
    if not is_simulated:
        return ""
    if settings.READYBY_LIVE_PRICES:
        return _("This car is simulated.")
    return _("This car is simulated. Prices are sample prices, recorded in December 2025.")


def sample_sentence(recorded_on: Sequence[date]) -> str:
    return _("Prices are sample prices from %(days)s.") % {"days": days(recorded_on)}


def is_spot_only_at(location: Location | None) -> bool:
    """Whether the market's price alone counts at a place."""
    row = terms_of(location) if location is not None else None
    return row is None or row.as_terms().is_spot_only


def price_note(recorded_on: Sequence[date], *, is_spot_only: bool = True) -> str:
    """The note under a picture of prices: what they leave out, and where they are from."""
    included = _("Spot price only.") if is_spot_only else _("With the fees and taxes that you told us of.")
    return f"{included} {sample_sentence(recorded_on)}" if recorded_on else included


def days(dates: Sequence[date]) -> str:
    """Returns `9 and 10 December 2025`, `31 December 2025 and 1 January 2026`, `1 to 14 December 2025`."""
    parts = []
    for _month, group in groupby(sorted(set(dates)), key=lambda day: (day.year, day.month)):
        month = list(group)
        numbers = [date_words.day_number(day) for day in month]
        is_unbroken = (month[-1] - month[0]).days == len(month) - 1
        if (len(month) > 3 and is_unbroken) or len(month) > MOST_DAYS_NAMED:
            numbers = [_("%(first)s to %(last)s") % {"first": numbers[0], "last": numbers[-1]}]
        parts.append(f"{formatting.enumeration(numbers)} {date_words.month_after_days(month[0])}")
    return formatting.enumeration(parts)
