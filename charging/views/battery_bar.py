"""The two battery bars: the dashboard's line of 22 pixels, and the wizard's large bar with three zones."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from django.utils.translation import gettext

from charging.views import formatting
from charging.views.svg import Line, Rect, Text, percent, pixels, vertical

# Reckoned for the narrowest drawing, 254 pixels wide on a phone of 320: what a word of 12 pixels needs beside its tick.
WORD_HALF_PERCENT = 17.0
WORDS_APART_PERCENT = 36.0
NARROWEST_ZONE_PERCENT = 18.0
LETTER_PERCENT = 2.5


@dataclass(frozen=True, slots=True)
class BatteryBar:
    """One drawing and its sentence; `id` keeps two bars of one page apart."""

    id: str
    height: int
    sentence: str
    rects: tuple[Rect, ...]
    lines: tuple[Line, ...]
    texts: tuple[Text, ...]


def draw_battery(
    *, soc_percent: float | None, minimum_percent: float = 0, limit_percent: float = 100, bar_id: str = "battery"
) -> BatteryBar:
    """Returns the dashboard's bar: charge, what is still to come, and above the car's limit hatched."""
    soc = min(max(soc_percent or 0.0, 0.0), 100.0)
    rects = [Rect("shell", "0", "9", "100%", "22", rx="6")]
    if limit_percent > soc:
        rects.append(Rect("ahead", percent(soc), "11", percent(min(limit_percent, 99.4) - soc), "18"))
    if limit_percent < 99:
        above = ("11", percent(99.4 - limit_percent), "18")
        rects += [
            Rect("plate", percent(limit_percent), *above),
            Rect("", percent(limit_percent), *above, is_hatched=True),
        ]
    if soc > 1:
        rects.append(Rect("charge", "2", "11", percent(soc - 0.5 if soc < 99 else 99), "18", rx="4"))
    return BatteryBar(
        id=bar_id,
        height=58,
        sentence=_battery_sentence(soc_percent, minimum_percent, limit_percent),
        rects=tuple(rects),
        lines=tuple(vertical("tick", at, 3, 37) for at in (minimum_percent, limit_percent) if 0 < at < 100),
        texts=(*_charge_word(soc_percent, minimum_percent), *_tick_words(minimum_percent, limit_percent)),
    )


def _battery_sentence(soc_percent: float | None, minimum_percent: float, limit_percent: float) -> str:
    now = (
        gettext("The battery level is not known.")
        if soc_percent is None
        else gettext("Battery %(level)s now.") % {"level": formatting.percent(soc_percent)}
    )
    minimum = gettext("Minimum %(level)s.") % {"level": formatting.percent(minimum_percent)} if minimum_percent else ""
    limit = gettext("Your car stops at %(level)s.") % {"level": formatting.percent(limit_percent)}
    return " ".join(part for part in (now, minimum, limit) if part)


def _charge_word(soc_percent: float | None, minimum_percent: float) -> tuple[Text, ...]:
    """The level, beside the tick of the minimum where that would go through it."""
    if soc_percent is None:
        return (Text("strong", "10", "24", gettext("not known")),)
    word = formatting.percent(soc_percent)
    if soc_percent >= NARROWEST_ZONE_PERCENT and not 0 < minimum_percent < NARROWEST_ZONE_PERCENT:
        return (Text("on", "10", "24", word),)
    if soc_percent - minimum_percent >= NARROWEST_ZONE_PERCENT:
        return (Text("on", percent(minimum_percent), "24", word, dx="8"),)
    is_crossed = soc_percent <= minimum_percent < soc_percent + NARROWEST_ZONE_PERCENT
    return (Text("strong", percent(minimum_percent if is_crossed else soc_percent), "24", word, dx="8"),)


def _tick_words(minimum_percent: float, limit_percent: float) -> tuple[Text, ...]:
    limit = gettext("car limit %(level)s") % {"level": formatting.percent(limit_percent)}
    words = [_tick_word(limit_percent, limit)]
    if minimum_percent > 0 and limit_percent - minimum_percent >= WORDS_APART_PERCENT:
        minimum = gettext("minimum %(level)s") % {"level": formatting.percent(minimum_percent)}
        words.insert(0, _tick_word(minimum_percent, minimum))
    return tuple(words)


def _tick_word(at_percent: float, word: str) -> Text:
    if at_percent < WORD_HALF_PERCENT:
        return Text("", "0", "52", word)
    if at_percent > 100 - WORD_HALF_PERCENT:
        return Text("", "100%", "52", word, anchor="end")
    return Text("", percent(at_percent), "52", word, anchor="middle")


def draw_zones(*, minimum_percent: float, limit_percent: float = 100, bar_id: str = "zones") -> BatteryBar:
    """Returns the wizard's bar: charge at once, when cheap, above the car's limit; a narrow zone has no word."""
    minimum, limit = min(minimum_percent, limit_percent), limit_percent
    rects = [Rect("shell", "1", "1", "99%", "78", rx="10")]
    if minimum > 1:
        rects.append(Rect("charge", "4", "4", percent(minimum - 1), "72", rx="7"))
    if limit - minimum > 1:
        left, right = minimum + 0.6, min(limit - 0.6, 98.4)
        if minimum <= 1:
            # The end is as near to the shell as the charge's, on a phone and on a desk; the straight part lies over it.
            left = right / 4
            rects.append(Rect("ahead", "4", "4", percent(right / 2), "72", rx="7"))
        rects.append(Rect("ahead", percent(left), "4", percent(right - left), "72"))
    if limit < 98:
        rects.append(Rect("", percent(limit), "4", percent(98.4 - limit), "72", is_hatched=True))
    rects.append(Rect("tip", "99.1%", "26", "6", "28", rx="2"))
    above = _zone_words("strong", gettext("Above the limit"), limit, 98.4)
    if above:
        rects.append(Rect("plate", percent(limit + 1), "17", percent(96.4 - limit), "50", rx="4"))
    return BatteryBar(
        id=bar_id,
        height=116,
        sentence=_zones_sentence(minimum, limit),
        rects=tuple(rects),
        lines=tuple(vertical("tick", at, 1, 92) for at in {minimum: 0, limit: 0} if 0 < at < 100),
        texts=(
            *_zone_words("on", gettext("Charge at once"), 0.8, minimum),
            *_zone_words("strong", gettext("Charge when cheap"), minimum, limit),
            *above,
            *_level_words(minimum, limit),
        ),
    )


def _zones_sentence(minimum: float, limit: float) -> str:
    values = {"minimum": formatting.number(minimum), "limit": formatting.percent(limit)}
    values["minimum_percent"] = formatting.percent(minimum)
    at_once = gettext("From 0 to %(minimum_percent)s we charge at once.") if minimum else ""
    cheap = gettext("From %(minimum)s to %(limit)s we charge when it is cheap.") if limit > minimum else ""
    stops = gettext("Your car stops at %(limit)s.")
    return " ".join(sentence % values for sentence in (at_once, cheap, stops) if sentence)


def _zone_words(css_class: str, words: str, left: float, right: float) -> tuple[Text, ...]:
    """Returns the words in at most three lines in the middle of their zone, or nothing where they do not fit."""
    lines = _balanced_lines(words, int((right - left) / LETTER_PERCENT))
    if right - left < NARROWEST_ZONE_PERCENT or not 1 <= len(lines) <= 3:
        return ()
    leading = 15 if len(lines) == 3 else 17
    first_y = 44.5 - leading * (len(lines) - 1) / 2
    middle = percent((left + right) / 2)
    return tuple(
        Text(css_class, middle, pixels(first_y + leading * index), line, anchor="middle")
        for index, line in enumerate(lines)
    )


def _balanced_lines(words: str, letters: int) -> list[str]:
    """Returns as few lines as fit, each as short as that number allows; none where one word is too long."""
    if max(map(len, words.split())) > letters:
        return []
    fewest = len(textwrap.wrap(words, letters, break_long_words=False))
    widths = range(max(map(len, words.split())), letters + 1)
    return next(lines for width in widths if len(lines := textwrap.wrap(words, width)) == fewest)


def _level_words(minimum: float, limit: float) -> tuple[Text, ...]:
    words = []
    if minimum > 15 or minimum == 0:
        words.append(Text("strong" if minimum == 0 else "", "0", "109", formatting.percent(0)))
    if minimum > 0 and (limit - minimum >= 14 or limit >= 100):
        words.append(Text("strong", percent(minimum), "109", formatting.percent(minimum), anchor="middle"))
    if 0 < limit < 100:
        words.append(Text("strong", percent(limit), "109", formatting.percent(limit), anchor="middle"))
    if limit < 82 or limit >= 100:
        words.append(Text("", "100%", "109", formatting.percent(100), anchor="end"))
    return tuple(words)
