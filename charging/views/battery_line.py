"""The battery's level through a plan: the second, small plot below the prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from charging.core.facts import Window
from charging.views import formatting
from charging.views.plan_axes import TimeAxis
from charging.views.svg import Line, Text, percent, pixels

FULL_Y = 14.0
EMPTY_Y = 64.0
LABEL_PERCENT = 17.0


@dataclass(frozen=True, slots=True)
class BatteryLine:
    lines: tuple[Line, ...]
    texts: tuple[Text, ...]


def levels_after(
    windows: Sequence[Window], now: datetime, soc_percent: float | None, soc_after_percent: float | None
) -> tuple[float | None, ...]:
    """Returns the level after each window; None for windows that have ended, and where a level is not known.

    What is still to come, from now to the level after the plan, is shared out by the energy still to flow.
    """
    ahead_kwh = [window.energy_kwh * _share_ahead(window, now) for window in windows]
    total_kwh = sum(ahead_kwh)
    if soc_percent is None or soc_after_percent is None or total_kwh <= 0:
        return (None,) * len(windows)
    levels: list[float | None] = []
    flowed_kwh = 0.0
    for window, energy_kwh in zip(windows, ahead_kwh, strict=True):
        flowed_kwh += energy_kwh
        rise = (soc_after_percent - soc_percent) * flowed_kwh / total_kwh
        levels.append(soc_percent + rise if window.end > now else None)
    return tuple(levels)


def _share_ahead(window: Window, now: datetime) -> float:
    if window.end <= window.start:
        return 0.0
    return max(0.0, (window.end - max(window.start, now)) / (window.end - window.start))


def draw_battery_line(
    axis: TimeAxis,
    windows: Sequence[Window],
    now: datetime,
    soc_percent: float | None,
    levels: Sequence[float | None],
) -> BatteryLine | None:
    """Returns the line from now to the right edge with the level at both ends of its rise, or None without levels."""
    ahead = [(window, level) for window, level in zip(windows, levels, strict=True) if level is not None]
    if soc_percent is None or not ahead:
        return None
    points = [(axis.x(now), soc_percent)]
    for window, level in ahead:
        points += [(axis.x(max(window.start, now)), points[-1][1]), (axis.x(window.end), level)]
    end_x, end_level = points[-1]
    points.append((100.0, end_level))
    lines = tuple(
        Line("level", percent(x1), pixels(_y(level1)), percent(x2), pixels(_y(level2)))
        for (x1, level1), (x2, level2) in pairwise(points)
        if x2 > x1
    )
    texts = [_label(end_x, end_level)]
    if end_x - points[0][0] > LABEL_PERCENT or abs(_y(end_level) - _y(soc_percent)) > 16:
        texts.insert(0, _label(points[0][0], soc_percent))
    return BatteryLine(lines, tuple(texts))


def _y(level_percent: float) -> float:
    return EMPTY_Y - (EMPTY_Y - FULL_Y) * level_percent / 100


def _label(x: float, level_percent: float) -> Text:
    is_at_edge = x > 100 - LABEL_PERCENT
    anchor, dx = ("end", "-2") if is_at_edge else ("start", "2")
    return Text("label", percent(x), pixels(_y(level_percent) - 7), formatting.percent(level_percent), anchor, dx)
