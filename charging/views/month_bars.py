"""What each month saved, as bars: a number above each, a loss hanging under the line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from charging.models import ChargingSession
from charging.views import formatting
from charging.views.session_rows import local_day
from charging.views.session_words import shown
from charging.views.svg import Line, Rect, Text, horizontal, percent, pixels

MOST_MONTHS = 12
TOP_Y = 38.5
BOTTOM_Y = 160.0
BAR_SHARE = 0.6
WORD_PX = 16.0
NUMBER_ABOVE_PX = 8.0
FROM_HERE_WHOLE = 10
"""From this amount on the numbers at the bars are whole: they must fit a phone."""


@dataclass(frozen=True, slots=True)
class MonthBars:
    """One drawing and its sentence; `id` keeps two of one page apart."""

    id: str
    caption: SafeString
    height: str
    base: Line
    rects: tuple[Rect, ...]
    texts: tuple[Text, ...]


def month_bars(sessions: Iterable[ChargingSession]) -> tuple[MonthBars, ...]:
    """One drawing for each currency in which at least two months have a saving; the last twelve of them."""
    savings: dict[str, dict[date, Decimal]] = {}
    for session in sessions:
        saving = shown(session).saving
        if saving is not None:
            by_month = savings.setdefault(session.currency, {})
            month = local_day(session).replace(day=1)
            by_month[month] = by_month.get(month, Decimal(0)) + saving
    return tuple(_draw(currency, savings[currency]) for currency in sorted(savings) if len(savings[currency]) > 1)


def _draw(currency: str, savings: Mapping[date, Decimal]) -> MonthBars:
    shown = {month: savings.get(month, Decimal(0)) for month in _every_month(min(savings), max(savings))}
    most, least = max(*shown.values(), Decimal(0)), min(*shown.values(), Decimal(0))
    span = (most - least) or Decimal(1)
    base_y = TOP_Y + float(most / span) * (BOTTOM_Y - TOP_Y)
    months_y = BOTTOM_Y + 20 + (WORD_PX if least < 0 else 0)
    decimals = 0 if max(most, -least) >= FROM_HERE_WHOLE else 1
    rects, texts = [], []
    slot = 100 / len(shown)
    for index, (month, amount) in enumerate(shown.items()):
        height = abs(float(amount / span)) * (BOTTOM_Y - TOP_Y)
        x, middle = (index + (1 - BAR_SHARE) / 2) * slot, percent((index + 0.5) * slot)
        top, is_loss = base_y if amount < 0 else base_y - height, amount < 0
        number_y = base_y + height + WORD_PX if is_loss else top - NUMBER_ABOVE_PX
        name = "loss" if is_loss else "saved"
        rects.append(Rect(name, percent(x), pixels(top), percent(BAR_SHARE * slot), pixels(height)))
        texts.append(Text("figure", middle, pixels(number_y), formatting.number(amount, decimals), "middle"))
        texts.append(Text("", middle, pixels(months_y), date_format(month, "M", use_l10n=False), "middle"))
    return MonthBars(
        id=f"bars-{currency.lower()}",
        caption=_caption(currency, shown),
        height=pixels(months_y + 10),
        base=horizontal("base", base_y),
        rects=tuple(rects),
        texts=tuple(texts),
    )


def _every_month(first: date, last: date) -> list[date]:
    """The first days of all months between two, at most the last twelve."""
    months = [last]
    while months[0] > first and len(months) < MOST_MONTHS:
        months.insert(0, (months[0] - timedelta(days=1)).replace(day=1))
    return months


def _caption(currency: str, shown: Mapping[date, Decimal]) -> SafeString:
    best = max(shown, key=lambda month: shown[month])
    if shown[best] <= 0:
        return format_html(_("Saving per month, in {currency}."), currency=currency)
    return format_html(
        _("Saving per month, in {currency}. Most in {month}, {amount}."),
        currency=currency,
        month=date_format(best, "F", use_l10n=False),
        amount=format_html("<b>{}</b>", formatting.money(shown[best], currency)),
    )
