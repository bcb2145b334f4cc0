"""The few shapes our drawings are made of: x in percent, y in pixels, so they fit any width without a script.

All coordinates are text: a template would write numbers in the reader's language, and SVG knows only the point.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rect:
    css_class: str
    x: str
    y: str
    width: str
    height: str
    rx: str = ""
    is_hatched: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    css_class: str
    x1: str
    y1: str
    x2: str
    y2: str
    dashes: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    css_class: str
    x: str
    y: str
    text: str
    anchor: str = "start"
    dx: str = ""


def pixels(value: float) -> str:
    """Returns at most two decimals, without trailing zeros: `43.5`."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def percent(value: float) -> str:
    """Returns a share of the width: `37.5%`."""
    return f"{pixels(value)}%"


def vertical(css_class: str, x_percent: float, top: float, bottom: float, dashes: str = "") -> Line:
    return Line(css_class, percent(x_percent), pixels(top), percent(x_percent), pixels(bottom), dashes)


def horizontal(css_class: str, y: float, left_percent: float = 0, right_percent: float = 100) -> Line:
    return Line(css_class, percent(left_percent), pixels(y), percent(right_percent), pixels(y))
