"""The bars of the plan figure, and what stands behind them: bands, the price axis, the end of known prices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from charging.core.facts import PriceInterval, Window
from charging.views import formatting
from charging.views.plan_axes import BOTTOM_Y, PriceScale, TimeAxis
from charging.views.svg import Line, Rect, Text, percent, pixels, vertical

BAR_SHARE = 0.64
JOIN_PERCENT = 0.35


def axis_texts(scale: PriceScale) -> tuple[Text, ...]:
    decimals = 0 if scale.step >= 1 and scale.step == int(scale.step) else 1
    return tuple(
        Text("", "26", pixels(scale.y(value) + 4), formatting.number(value, decimals)) for value in scale.grid()
    )


def band(window: Window, axis: TimeAxis) -> Rect:
    left, right = axis.x(window.start), axis.x(window.end)
    return Rect("band", percent(left), "44", percent(right - left), pixels(BOTTOM_Y - 44))


def boundary(shown: Sequence[PriceInterval], axis: TimeAxis) -> tuple[Line, ...]:
    """Returns the dotted line where known prices end and estimates begin, where both are shown."""
    for earlier, later in pairwise(shown):
        if later.is_estimate and not earlier.is_estimate:
            return (vertical("base", axis.x(later.start), 60, 186, dashes="2 4"),)
    return ()


def draw_bars(
    shown: Sequence[PriceInterval],
    windows: Sequence[Window],
    fifths: dict[datetime, int],
    axis: TimeAxis,
    scale: PriceScale,
) -> tuple[Rect, ...]:
    """Returns the bars; a quarter that a window covers in part becomes a chosen and a plain bar beside each other."""
    bars: list[Rect] = []
    for interval in shown:
        edges = {interval.start, interval.end}
        edges |= {at for window in windows for at in (window.start, window.end) if interval.start < at < interval.end}
        ordered = sorted(edges)
        for start, end in pairwise(ordered):
            if axis.overlaps(start, end):
                is_chosen = any(window.start <= start and end <= window.end for window in windows)
                bars.append(
                    _bar(interval, axis.x(start), axis.x(end), fifths[interval.start], scale, is_chosen=is_chosen)
                )
    return tuple(bars)


def _bar(interval: PriceInterval, left: float, right: float, fifth: int, scale: PriceScale, *, is_chosen: bool) -> Rect:
    price_y, zero_y = scale.y(float(interval.price_per_kwh) * scale.units), scale.y(0)
    top, height = pixels(min(price_y, zero_y)), pixels(abs(price_y - zero_y))
    width = right - left
    if is_chosen and not interval.is_estimate:
        return Rect("win", percent(left), top, percent(min(width + JOIN_PERCENT, 100 - left)), height)
    css_class = ("winguess" if is_chosen else "guess") if interval.is_estimate else f"p{fifth}"
    margin = width * (1 - BAR_SHARE) / 2
    is_hatched = is_chosen and interval.is_estimate
    return Rect(css_class, percent(left + margin), top, percent(width * BAR_SHARE), height, is_hatched=is_hatched)


def elements(bars: Sequence[Rect], pattern_id: str) -> SafeString:
    """Returns the bars as markup: a page has hundreds of their values, and a template takes its time with each."""
    hatched = format_html(' fill="url(#{})"', pattern_id)
    return format_html_join(
        "",
        '<rect class="{}"{} x="{}" y="{}" width="{}" height="{}"/>',
        ((bar.css_class, hatched if bar.is_hatched else "", bar.x, bar.y, bar.width, bar.height) for bar in bars),
    )
