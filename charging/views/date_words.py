"""How dates are written: the order of day, month and year, and the dots between them, are the language's own."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import pgettext, pgettext_lazy

# Some languages write the day on which something happens otherwise than the name of the day.
_ON_WEEKDAYS = (
    pgettext_lazy("starts Monday 07:00", "Monday"),
    pgettext_lazy("starts Tuesday 07:00", "Tuesday"),
    pgettext_lazy("starts Wednesday 07:00", "Wednesday"),
    pgettext_lazy("starts Thursday 07:00", "Thursday"),
    pgettext_lazy("starts Friday 07:00", "Friday"),
    pgettext_lazy("starts Saturday 07:00", "Saturday"),
    pgettext_lazy("starts Sunday 07:00", "Sunday"),
)


def day_month(day: date) -> str:
    """Returns `28 November`."""
    return _written(day, pgettext("format of a date such as 28 November", "j F"))


def short_day_month(day: date) -> str:
    """Returns `28 Nov`."""
    return _written(day, pgettext("format of a date such as 28 Nov", "j M"))


def weekday_day_month(day: date) -> str:
    """Returns `Saturday 28 November`."""
    return _written(day, pgettext("format of a date such as Saturday 28 November", "l j F"))


def day_month_year(day: date) -> str:
    """Returns `28 November 2026`."""
    return _written(day, pgettext("format of a date such as 28 November 2026", "j F Y"))


def short_day_month_year(day: date) -> str:
    """Returns `28 Nov 2026`."""
    return _written(day, pgettext("format of a date such as 28 Nov 2026", "j M Y"))


def day_number(day: date) -> str:
    """Returns `9`, to stand before `month_after_days`."""
    return _written(day, pgettext("format of the day in 9 and 10 December 2025", "j"))


def month_after_days(day: date) -> str:
    """Returns `December 2025`, to stand after the numbers of days."""
    return _written(day, pgettext("format of the month in 9 and 10 December 2025", "F Y"))


def on_weekday(day: date) -> str:
    """Returns `Wednesday`, as the day on which something happens."""
    return str(_ON_WEEKDAYS[day.weekday()])


def month_year(day: date) -> str:
    """Returns `November 2026`."""
    return _written(day, "F Y")


def _written(day: date, pattern: str) -> str:
    return date_format(day, pattern, use_l10n=False)
