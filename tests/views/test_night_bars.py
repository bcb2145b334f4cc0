"""The drawing of a replayed month."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from charging.core.replay import ReplayedNight
from charging.views.night_bars import BOTTOM_Y, TOP_Y, night_bars

OSLO = ZoneInfo("Europe/Oslo")


def make_nights(costs: Sequence[tuple[str, str]]) -> list[ReplayedNight]:
    """Nights from 1 December on, each with its cost and what it would have cost at once."""
    first = datetime(2025, 12, 1, 16, tzinfo=UTC)
    return [
        ReplayedNight(
            plugged_in_at=first + timedelta(days=number),
            deadline_at=first + timedelta(days=number, hours=14),
            energy_kwh=13,
            cost=Decimal(cost),
            cost_charged_at_once=Decimal(at_once),
            is_full=True,
        )
        for number, (cost, at_once) in enumerate(costs)
    ]


def test_each_night_is_a_solid_bar_in_an_outline() -> None:
    figure = night_bars(make_nights([("1", "2"), ("0.5", "0.5")]), OSLO)

    heights = [(rect.css_class, float(rect.height)) for rect in figure.rects]
    whole = BOTTOM_Y - TOP_Y
    assert heights == [("win", whole / 2), ("guess", whole), ("win", whole / 4), ("guess", whole / 4)]


def test_a_night_that_turned_out_dearer_stands_above_its_outline() -> None:
    solid, outline = night_bars(make_nights([("2", "1")]), OSLO).rects

    assert float(solid.y) < float(outline.y)
    assert float(solid.height) == 2 * float(outline.height)


def test_a_night_that_was_paid_for_hangs_under_the_line() -> None:
    figure = night_bars(make_nights([("-1", "1")]), OSLO)
    solid, outline = figure.rects
    line = next(line for line in figure.lines if line.css_class == "base")

    assert solid.y == line.y1
    assert float(outline.y) + float(outline.height) == float(line.y1)
    assert figure.axis_texts[0].text == "−1.0"


@pytest.mark.parametrize(
    ("most", "words"),
    [
        ("0", ["0.00", "0.01"]),
        ("0.07", ["0.00", "0.02", "0.04", "0.06", "0.08"]),
        ("1.9", ["0.0", "0.5", "1.0", "1.5", "2.0"]),
        ("37", ["0", "10", "20", "30", "40"]),
        ("123456", ["0", "50000", "100000", "150000"]),
    ],
)
def test_the_lines_are_round_amounts(most: str, words: list[str]) -> None:
    assert [text.text for text in night_bars(make_nights([("0", most)]), OSLO).axis_texts] == words


@pytest.mark.parametrize(
    ("nights", "names", "anchors"),
    [
        (30, ["1 Dec", "11 Dec", "21 Dec"], ["start", "middle", "middle"]),
        (21, ["1 Dec", "11 Dec", "21 Dec"], ["start", "middle", "end"]),
        (3, ["1 Dec"], ["start"]),
    ],
)
def test_a_month_names_every_tenth_night_and_the_last_name_stays_within(
    nights: int, names: list[str], anchors: list[str]
) -> None:
    figure = night_bars(make_nights([("1", "2")] * nights), OSLO)

    assert [text.text for text in figure.texts] == names
    assert [text.anchor for text in figure.texts] == anchors


@pytest.mark.parametrize("nights", [21, 25, 30, 31])
def test_no_name_of_a_night_touches_another_on_a_phone(nights: int) -> None:
    plot, word, gap = 260, 42, 12
    before = {"start": 0.0, "middle": word / 2, "end": float(word)}

    texts = night_bars(make_nights([("1", "2")] * nights), OSLO).texts
    begins = [float(text.x.removesuffix("%")) / 100 * plot - before[text.anchor] for text in texts]

    assert all(later - earlier > word + gap for earlier, later in itertools.pairwise(begins))
    assert begins[0] >= 0
    assert begins[-1] + word <= plot


def test_the_bars_of_few_nights_are_no_walls() -> None:
    assert {rect.width for rect in night_bars(make_nights([("1", "2")] * 3), OSLO).rects} == {"6%"}
