"""The words on the plan figure, placed so that none touches another in a plot 224 pixels wide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils.translation import gettext

from charging.core.facts import Window
from charging.views import formatting
from charging.views.plan_axes import TimeAxis, hours_shown
from charging.views.svg import Line, Text, horizontal, percent, pixels, vertical

NARROWEST_PX = 224
# Letters of a wide font; on narrow screens the stylesheet makes these words one pixel smaller.
BOLD_LETTER_PX = 8.4
LETTER_PX = 7.8
FIRST_ROW_Y = 34
ROW_PX = 18
WORD_ROW_Y = 226
LOWER_PX = 16
EMPTY_ABOVE_PX = 26
HOUR_CLEARANCE_PERCENT = 5.5


@dataclass(frozen=True, slots=True)
class Words:
    """Placed words with their lines, and the pixels they need above and below the usual plot."""

    lines: tuple[Line, ...]
    texts: tuple[Text, ...]
    extra_above_px: int = 0
    extra_below_px: int = 0


def window_words(windows: Sequence[Window], axis: TimeAxis, timezone: tzinfo) -> Words:
    """Returns a bracket and its times a window; a label that would touch another goes a row higher, with a lead."""
    lines: list[Line] = []
    texts: list[Text] = []
    row_ends: list[float] = []
    for window in windows:
        left, right = axis.x(window.start), axis.x(window.end)
        lines += [horizontal("bracket", 43.5, left, right), *(vertical("bracket", x, 42, 52) for x in (left, right))]
        words = window_label(window, timezone)
        start, x, anchor = _placed(left, right, len(words) * BOLD_LETTER_PX / NARROWEST_PX * 100)
        row = next((row for row, end in enumerate(row_ends) if start > end), len(row_ends))
        row_ends[row : row + 1] = [start + len(words) * BOLD_LETTER_PX / NARROWEST_PX * 100]
        y = FIRST_ROW_Y - ROW_PX * row
        if row > 0:
            lines.append(vertical("lead", (left + right) / 2, y + 4, 42))
        texts.append(Text("when", percent(x), pixels(y), words, anchor))
    # Without windows nothing stands above the bars; each row beyond the second needs room of its own.
    extra_above_px = ROW_PX * max(0, len(row_ends) - 2) if windows else -EMPTY_ABOVE_PX
    return Words(tuple(lines), tuple(texts), extra_above_px=extra_above_px)


def window_label(window: Window, timezone: tzinfo) -> str:
    times = formatting.span(window.start, window.end, timezone)
    return gettext("At once %(times)s") % {"times": times} if window.is_forced else times


def _placed(left: float, right: float, width: float) -> tuple[float, float, str]:
    """Returns where a label begins, its x and its anchor: over the middle of its window, or within it near an edge."""
    middle = (left + right) / 2
    if middle - width / 2 < 0:
        return left, left, "start"
    if middle + width / 2 > 100:
        return right - width, right, "end"
    return middle - width / 2, middle, "middle"


def now_and_deadline(
    now: datetime | None, deadline_at: datetime | None, axis: TimeAxis, timezone: tzinfo, now_words: str = ""
) -> tuple[Words, tuple[float, ...], float | None]:
    """Returns the line of now and the pole of the deadline with their words, x of both, and x of the flag."""
    lines: list[Line] = []
    texts: list[Text] = []
    taken = (200.0, 200.0)
    pole_x = axis.x(deadline_at) if deadline_at is not None and axis.shows(deadline_at) else None
    if deadline_at is not None and pole_x is not None:
        words = gettext("Ready by %(time)s") % {"time": formatting.clock(deadline_at, timezone)}
        text, taken = _beside(pole_x, words, prefers_left=True)
        lines.append(vertical("pole", pole_x, 44, 216))
        texts.append(text)
    lower = 0
    now_x = axis.x(now) if now is not None and axis.shows(now) else None
    if now is not None and now_x is not None:
        words = now_words or gettext("Now %(time)s") % {"time": formatting.clock(now, timezone)}
        text, lower = _now_text(now_x, words, taken)
        lines.append(vertical("nowline", now_x, 52, 216 + lower))
        texts.append(text)
    marked_x = tuple(x for x in (now_x, pole_x) if x is not None)
    return Words(tuple(lines), tuple(texts), extra_below_px=lower), marked_x, pole_x


def _now_text(x: float, words: str, taken: tuple[float, float]) -> tuple[Text, int]:
    """Returns the word right of its line, else left of it, else a row lower, with the pixels that row needs."""
    for prefers_left in (False, True):
        text, (start, end) = _beside(x, words, prefers_left=prefers_left)
        is_free = end < taken[0] or start > taken[1]
        if is_free and start >= 0 and end <= 100:
            return text, 0
    text, _ = _beside(x, words, prefers_left=False)
    return Text(text.css_class, text.x, pixels(WORD_ROW_Y + LOWER_PX), text.text, text.anchor, text.dx), LOWER_PX


def _beside(x: float, words: str, *, prefers_left: bool) -> tuple[Text, tuple[float, float]]:
    """Returns words on one side of a line with the span they take; the other side where they would leave the plot."""
    width = (len(words) * LETTER_PX + 6) / NARROWEST_PX * 100
    is_left = x - width >= 0 if prefers_left else x + width > 100
    if is_left:
        return Text("label", percent(x), pixels(WORD_ROW_Y), words, "end", "-6"), (x - width, x)
    return Text("label", percent(x), pixels(WORD_ROW_Y), words, "start", "6"), (x, x + width)


def hour_words(axis: TimeAxis, timezone: tzinfo, avoid: Sequence[float]) -> Words:
    """Returns ticks and hours along the bottom, none close to the lines of now and the deadline."""
    lines: list[Line] = []
    texts: list[Text] = []
    for at in hours_shown(axis, timezone):
        x = axis.x(at)
        if any(abs(x - other) < HOUR_CLEARANCE_PERCENT for other in avoid):
            continue
        anchor = "start" if x < 2 else "end" if x > 98 else "middle"
        lines.append(vertical("base", x, 186, 191))
        texts.append(Text("", percent(x), "204", f"{at.astimezone(timezone):%H}", anchor))
    return Words(tuple(lines), tuple(texts))
