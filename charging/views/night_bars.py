"""What each night of a replay would have cost, as bars: an outline for charging at once, a solid one for the plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal
from math import ceil, floor

from charging.core.replay import ReplayedNight
from charging.views import date_words, formatting
from charging.views.svg import Line, Rect, Text, horizontal, percent, pixels

TOP_Y = 16.0
BOTTOM_Y = 166.0
DATES_Y = 190.0
HEIGHT_PX = 200
BAR_SHARE = 0.7
WIDEST_BAR_PERCENT = 6.0
AXIS_X = 28.0
MOST_LINES = 4
NIGHTS_A_DATE = 10
DATE_ENDS_FROM_PERCENT = 80
"""So near to the edge a date ends at its bar, so that it fits a phone."""
STEPS = tuple(Decimal(digit).scaleb(exponent) for exponent in range(-2, 6) for digit in (1, 2, 5))
"""Between two lines, in currency."""


@dataclass(frozen=True, slots=True)
class NightBars:
    """One drawing: amounts beside the lines, and the plot."""

    height: str
    axis_texts: tuple[Text, ...]
    lines: tuple[Line, ...]
    rects: tuple[Rect, ...]
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    """Money upwards: lines at multiples of `step` from `low` to `high`."""

    low: Decimal
    high: Decimal
    step: Decimal

    def y(self, amount: Decimal) -> float:
        return BOTTOM_Y - float((amount - self.low) / (self.high - self.low)) * (BOTTOM_Y - TOP_Y)

    def marks(self) -> Iterator[Decimal]:
        at = self.low
        while at <= self.high:
            yield at
            at += self.step


def night_bars(nights: Sequence[ReplayedNight], timezone: tzinfo) -> NightBars:
    """At least one night, in time order; one that got money for charging hangs under the line."""
    scale = _scale([amount for night in nights for amount in (night.cost, night.cost_charged_at_once)])
    decimals = 2 if scale.step < Decimal("0.1") else int(scale.step < 1)
    slot = 100 / len(nights)
    width = min(BAR_SHARE * slot, WIDEST_BAR_PERCENT)
    rects, texts = [], []
    for index, night in enumerate(nights):
        left = (index + 0.5) * slot - width / 2
        rects += [_bar("win", left, width, night.cost, scale)]
        rects += [_bar("guess", left, width, night.cost_charged_at_once, scale)]
        if index % NIGHTS_A_DATE == 0:
            day = date_words.short_day_month(night.plugged_in_at.astimezone(timezone).date())
            # Below its bar; at the edges inside them. On a phone a date that began at its bar would touch the last one.
            x, anchor = (left, "start") if index == 0 else (left + width / 2, "middle")
            if left > DATE_ENDS_FROM_PERCENT:
                x, anchor = left + width, "end"
            texts.append(Text("", percent(x), pixels(DATES_Y), day, anchor))
    grid = (horizontal("base" if mark == 0 else "grid", scale.y(mark)) for mark in scale.marks())
    return NightBars(
        height=str(HEIGHT_PX),
        axis_texts=tuple(
            Text("", pixels(AXIS_X), pixels(scale.y(mark) + 4), formatting.number(mark, decimals))
            for mark in scale.marks()
        ),
        lines=tuple(grid),
        rects=tuple(rects),
        texts=tuple(texts),
    )


def _scale(amounts: Sequence[Decimal]) -> _Scale:
    """The finest lines of which at most five are needed, nought always one of them."""
    most, least = max(*amounts, Decimal(0)), min(*amounts, Decimal(0))
    step = next((step for step in STEPS if (most - least) / step <= MOST_LINES), STEPS[-1])
    return _Scale(floor(least / step) * step, max(ceil(most / step) * step, Decimal(0)) or step, step)


def _bar(css_class: str, left: float, width: float, amount: Decimal, scale: _Scale) -> Rect:
    top, bottom = sorted((scale.y(amount), scale.y(Decimal(0))))
    return Rect(css_class, percent(left), pixels(top), percent(width), pixels(bottom - top))
