"""The plan figure: prices as bars, charging hours joined and bracketed, the deadline's flag, the battery below.

Everything is placed by one rule, x in percent and y in pixels. Drawing, sentence and table come from the same windows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from charging.core.facts import PriceInterval, Window
from charging.views import formatting, plan_bars
from charging.views.battery_line import BatteryLine, draw_battery_line, levels_after
from charging.views.plan_axes import TimeAxis, plan_axis, price_fifths, price_scale
from charging.views.plan_labels import hour_words, now_and_deadline, window_words
from charging.views.plan_table import PlanTable, make_table, plan_caption
from charging.views.svg import Line, Rect, Text, horizontal, percent

PLOT_HEIGHT_PX = 236


@dataclass(frozen=True, slots=True)
class PlanFigure:
    """All of components/plan_figure.html: the drawing, its sentence, its key and its table.

    The plot is `height` pixels high; what is in it stands `shift` pixels lower than the rules say.
    """

    id: str
    caption: SafeString
    unit: str
    height: int
    shift: int
    axis_texts: tuple[Text, ...]
    bands: tuple[Rect, ...]
    grid: tuple[Line, ...]
    bars: tuple[Rect, ...]
    lines: tuple[Line, ...]
    texts: tuple[Text, ...]
    flag_x: str
    battery: BatteryLine | None
    has_estimates: bool
    has_windows: bool
    table: PlanTable
    table_caption: str
    prices_caption: str

    @property
    def drawn_bars(self) -> SafeString:
        return plan_bars.elements(self.bars, f"{self.id}-hatch")


@dataclass(frozen=True, slots=True)
class Scene:
    """What is drawn: the shown period, and what is known in and around it."""

    axis: TimeAxis
    intervals: Sequence[PriceInterval]
    windows: Sequence[Window]
    now: datetime | None
    deadline_at: datetime | None
    timezone: tzinfo
    currency: str
    now_words: str = ""
    scaled_to: Sequence[PriceInterval] = ()
    """What the axis of prices has room for, where that is more than what is shown."""


def draw_plan(
    *,
    intervals: Sequence[PriceInterval],
    windows: Sequence[Window],
    now: datetime,
    deadline_at: datetime,
    timezone: tzinfo,
    currency: str,
    now_words: str = "",
    soc_percent: float | None = None,
    soc_after_percent: float | None = None,
    cost_charged_at_once: Decimal | None = None,
    figure_id: str = "plan",
) -> PlanFigure:
    """Returns the figure from the quarter of `now`, or of another instant that `now_words` names, to an hour after.

    `intervals` are the quarters of the two days around, whose prices decide the five colors; `windows` the whole plan.
    The battery is drawn where both levels are known: it rises in the windows as their energy flows.
    """
    axis = plan_axis(now, deadline_at)
    levels = levels_after(windows, now, soc_percent, soc_after_percent)
    return _draw(
        Scene(axis, intervals, windows, now, deadline_at, timezone, currency, now_words),
        levels=levels,
        battery=draw_battery_line(axis, windows, now, soc_percent, levels),
        caption=plan_caption(
            windows=windows,
            cost_charged_at_once=cost_charged_at_once,
            deadline_at=deadline_at,
            timezone=timezone,
            currency=currency,
        ),
        table_caption=_table_caption(deadline_at, timezone),
        figure_id=figure_id,
    )


def _table_caption(deadline_at: datetime, timezone: tzinfo) -> str:
    return gettext("Charging times until %(time)s") % {"time": formatting.clock(deadline_at, timezone)}


def draw_past_plan(
    *,
    intervals: Sequence[PriceInterval],
    windows: Sequence[Window],
    starts_at: datetime,
    deadline_at: datetime,
    timezone: tzinfo,
    currency: str,
    caption: SafeString,
    figure_id: str = "plan",
) -> PlanFigure:
    """Returns the figure of a plan that has ended, from the quarter it was made in, without a line for now."""
    return _draw(
        Scene(plan_axis(starts_at, deadline_at), intervals, windows, None, deadline_at, timezone, currency),
        levels=(None,) * len(windows),
        battery=None,
        caption=caption,
        table_caption=_table_caption(deadline_at, timezone),
        figure_id=figure_id,
    )


def draw_prices(
    *,
    intervals: Sequence[PriceInterval],
    starts_at: datetime,
    ends_at: datetime,
    now: datetime | None,
    timezone: tzinfo,
    currency: str,
    caption: SafeString,
    table_caption: str,
    figure_id: str = "prices",
) -> PlanFigure:
    """Returns the prices of `[starts_at, ends_at)`, for example a local day of 92 or 100 quarters.

    All `intervals`, also those outside, decide the scale and the five colors, so that several days can be compared.
    """
    return _draw(
        Scene(TimeAxis(starts_at, ends_at), intervals, (), now, None, timezone, currency, scaled_to=intervals),
        levels=(),
        battery=None,
        caption=caption,
        table_caption="",
        prices_caption=table_caption,
        figure_id=figure_id,
    )


def _draw(
    scene: Scene,
    *,
    levels: Sequence[float | None],
    battery: BatteryLine | None,
    caption: SafeString,
    table_caption: str,
    figure_id: str,
    prices_caption: str = "",
) -> PlanFigure:
    axis, timezone = scene.axis, scene.timezone
    shown = tuple(interval for interval in scene.intervals if axis.overlaps(interval.start, interval.end))
    windows = [window for window in scene.windows if axis.overlaps(window.start, window.end)]
    scale = price_scale(scene.scaled_to or shown, formatting.units_in(scene.currency))
    marks, marked_x, flag_x = now_and_deadline(scene.now, scene.deadline_at, axis, timezone, scene.now_words)
    brackets = window_words(windows, axis, timezone)
    hours = hour_words(axis, timezone, marked_x)
    base = horizontal("base", scale.y(0))
    return PlanFigure(
        id=figure_id,
        caption=caption,
        unit=formatting.price_unit(scene.currency),
        height=PLOT_HEIGHT_PX + brackets.extra_above_px + marks.extra_below_px,
        shift=brackets.extra_above_px,
        axis_texts=plan_bars.axis_texts(scale),
        bands=tuple(plan_bars.band(window, axis) for window in windows),
        grid=tuple(horizontal("grid", scale.y(value)) for value in scale.grid() if value),
        bars=plan_bars.draw_bars(shown, windows, price_fifths(scene.intervals), axis, scale),
        lines=(base, *brackets.lines, *hours.lines, *plan_bars.boundary(shown, axis), *marks.lines),
        texts=(*brackets.texts, *hours.texts, *marks.texts),
        flag_x="" if flag_x is None else percent(flag_x),
        battery=battery,
        has_estimates=any(interval.is_estimate for interval in shown),
        has_windows=bool(windows),
        table=make_table(scene.windows, levels, shown, timezone=timezone, currency=scene.currency),
        table_caption=table_caption,
        prices_caption=prices_caption or gettext("All prices"),
    )
