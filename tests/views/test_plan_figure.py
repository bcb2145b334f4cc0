import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from charging.views.plan_figure import draw_prices
from charging.views.plan_labels import BOLD_LETTER_PX, LETTER_PX
from tests.views.figures import (
    DEADLINE_AT,
    NOW,
    OSLO,
    classes,
    extent,
    make_figure,
    make_intervals,
    make_window,
    texts,
)


def test_the_figure_runs_from_the_quarter_of_now_to_an_hour_after_the_deadline() -> None:
    figure = make_figure()

    rows = figure.table.prices
    assert (rows[0].times, rows[-1].times) == ("22:00–22:15", "07:45–08:00")
    assert figure.flag_x == "90%"


def test_chosen_hours_are_joined_banded_and_bracketed() -> None:
    figure = make_figure()

    chosen = [rect for rect in figure.bars if rect.css_class == "win"]
    assert len(chosen) == 13
    assert {rect.width for rect in chosen} == {"2.85%"}
    assert [(band.x, band.width, band.y) for band in figure.bands] == [("37.5%", "32.5%", "44")]
    assert [(line.x1, line.x2) for line in figure.lines if line.css_class == "bracket"] == [
        ("37.5%", "70%"),
        ("37.5%", "37.5%"),
        ("70%", "70%"),
    ]
    assert [(text.text, text.x, text.y) for text in texts(figure, "when")] == [("01:45–05:00", "53.75%", "34")]


def test_a_plain_bar_fills_64_percent_of_its_slot() -> None:
    first = make_figure().bars[0]

    assert (first.x, first.width) == ("0.45%", "1.6%")


def test_a_quarter_chosen_in_part_is_drawn_in_two_pieces() -> None:
    figure = make_figure([make_window(1, 50, 60)])

    chosen = [rect for rect in figure.bars if rect.css_class == "win"]
    assert len(figure.bars) == 42
    assert (chosen[0].x, chosen[0].width) == ("38.33%", "2.02%")


def test_colors_are_fifths_of_all_prices_given_not_only_of_those_shown() -> None:
    figure = make_figure([], make_intervals(count=192))

    assert [rect.css_class for rect in figure.bars] == ["p3"] * 28 + ["p4"] * 12


def test_equal_prices_have_one_color() -> None:
    figure = make_figure([], make_intervals(price=lambda _: 0.05))

    assert classes(figure) == {"p1"}


def test_estimates_are_outlined_and_hatched_where_chosen_and_the_known_end_is_dotted() -> None:
    figure = make_figure(intervals=make_intervals(estimated_from=96))

    hatched = [rect for rect in figure.bars if rect.is_hatched]
    assert {rect.css_class for rect in hatched} == {"winguess"}
    assert len(hatched) == 13
    assert "guess" in classes(figure)
    assert [line.x1 for line in figure.lines if line.dashes] == ["20%"]
    assert figure.has_estimates
    assert figure.drawn_bars.count("<rect ") == len(figure.bars)
    assert figure.drawn_bars.count(f'<rect class="winguess" fill="url(#{figure.id}-hatch)" x="') == 13
    assert figure.drawn_bars.count("fill=") == 13


def test_a_part_below_the_minimum_says_at_once() -> None:
    figure = make_figure([make_window(22, 5, 30, day=9, is_forced=True), make_window(1, 45, 195)])

    assert [text.text for text in texts(figure, "when")] == ["At once 22:05–22:35", "01:45–05:00"]


WINDOWS = [make_window(22, 15, 30, day=9), *(make_window(hour, 0, 30) for hour in (0, 1, 2, 3, 4, 6))]


@pytest.mark.parametrize("count", [2, 3, 4])
def test_no_window_label_touches_another_of_its_row_or_leaves_the_plot(count: int) -> None:
    for windows in combinations(WINDOWS, count):
        figure = make_figure(windows)
        labels = texts(figure, "when")
        for text in labels:
            left, right = extent(text, BOLD_LETTER_PX)
            assert left >= -0.01
            assert right <= 100.01
        for one, other in combinations(labels, 2):
            if one.y == other.y:
                assert extent(one, BOLD_LETTER_PX)[1] < extent(other, BOLD_LETTER_PX)[0]
        assert min(float(text.y) for text in labels) + figure.shift >= 12


@pytest.mark.parametrize("minutes_left", [20, 40, 60, 90, 120, 180, 300, 540, 900, 1400])
def test_the_words_of_now_and_the_deadline_never_touch(minutes_left: int) -> None:
    figure = make_figure([], deadline_at=NOW + timedelta(minutes=minutes_left))

    deadline, now = texts(figure, "label")
    assert now.text == "Now 22:04"
    is_apart = (
        extent(now, LETTER_PX)[1] <= extent(deadline, LETTER_PX)[0]
        or extent(deadline, LETTER_PX)[1] <= extent(now, LETTER_PX)[0]
    )
    assert is_apart or float(now.y) - float(deadline.y) == 16


@pytest.mark.parametrize(
    ("deadline_at", "expected"),
    [
        pytest.param(DEADLINE_AT, ["00", "02", "04", "06", "08"], id="every_second_hour_of_a_night"),
        pytest.param(datetime(2025, 12, 10, 16, 0, tzinfo=UTC), ["00", "04", "08", "12"], id="every_fourth_of_a_day"),
    ],
)
def test_hours_stand_below_and_none_close_to_now_or_the_deadline(deadline_at: datetime, expected: list[str]) -> None:
    figure = make_figure([], deadline_at=deadline_at)

    assert [text.text for text in texts(figure, "")] == expected


def test_ux_26_negative_prices_hang_below_a_raised_zero_line() -> None:
    figure = make_figure([], make_intervals(price=lambda index: -0.02 if index % 2 else 0.06))

    zero_y = next(line.y1 for line in figure.lines if line.css_class == "base" and line.x2 == "100%")
    below, above = {rect.y for rect in figure.bars if rect.y == zero_y}, {rect.y for rect in figure.bars}
    assert (zero_y, below) == ("155", {"155"})
    assert above == {"62", "155"}
    assert [text.text for text in figure.axis_texts] == ["−2", "0", "2", "4", "6"]


@pytest.mark.parametrize(
    ("highest", "expected"),
    [
        (0.98, ["0", "25", "50", "75"]),
        (1.13, ["0", "50", "100"]),
        (0.15, ["0", "5", "10", "15"]),
        (0.09, ["0", "5", "10"]),
        (0.001, ["0.0"]),
    ],
)
def test_the_axis_has_few_round_numbers(highest: float, expected: list[str]) -> None:
    figure = make_figure([], make_intervals(price=lambda _: highest))

    assert [text.text for text in figure.axis_texts][: len(expected)] == expected
    assert len(figure.axis_texts) <= 6


def test_where_no_hundredth_is_in_use_the_axis_counts_whole_ones_and_the_bars_are_as_high() -> None:
    euros = make_figure(intervals=make_intervals(price=lambda index: 0.04 * (4 + index % 7)))
    forints = make_figure(intervals=make_intervals(price=lambda index: 4.0 * (4 + index % 7)), currency="HUF")

    assert forints.bars == euros.bars
    assert (forints.axis_texts, forints.unit) == (euros.axis_texts, "HUF")
    assert forints.table.prices[0].price == euros.table.prices[0].price


def test_without_prices_the_figure_stands_and_says_so() -> None:
    figure = make_figure([], [])

    assert (figure.bars, figure.table.prices) == ((), ())
    assert "No prices are known for this time." in render_to_string("components/plan_figure.html", {"figure": figure})


@pytest.mark.parametrize(
    ("day", "count", "twos"),
    [
        pytest.param(datetime(2026, 3, 29, tzinfo=OSLO), 92, 0, id="spring"),
        pytest.param(datetime(2026, 4, 1, tzinfo=OSLO), 96, 1, id="ordinary"),
        pytest.param(datetime(2026, 10, 25, tzinfo=OSLO), 100, 2, id="autumn"),
    ],
)
def test_ux_26_a_day_has_as_many_bars_as_it_has_quarters(day: datetime, count: int, twos: int) -> None:
    start, end = day.astimezone(UTC), (day + timedelta(days=1)).astimezone(UTC)

    figure = draw_prices(
        intervals=make_intervals(start, 140),
        starts_at=start,
        ends_at=end,
        now=None,
        timezone=OSLO,
        currency="EUR",
        caption=SafeString("Prices"),
        table_caption="",
    )

    assert len(figure.bars) == count
    assert sum(row.times == "02:00–02:15" for row in figure.table.prices) == twos


def test_the_windows_become_blocks_on_a_phone_whose_cells_name_their_column() -> None:
    html = render_to_string("components/plan_figure.html", {"figure": make_figure()})

    table = html.split('<table class="stack"', 1)[1].split("</table>", 1)[0]
    columns = re.findall(r'<th role="columnheader"[^>]*>([^<]+)</th>', table)
    rows = re.findall(r'<tr (?:class="picked" )?role="row"><th role="rowheader".*?</tr>', table)
    assert columns[0] == "From–to"
    assert [re.findall(r'<td role="cell" class="num" data-label="([^"]+)"', row) for row in rows] == [columns[1:]] * 2


def test_two_days_share_one_scale_and_one_name_each() -> None:
    start = datetime(2026, 4, 1, tzinfo=OSLO).astimezone(UTC)
    cheap, dear = make_intervals(start, 96), make_intervals(start + timedelta(days=1), 96)
    dear = [replace(interval, price_per_kwh=interval.price_per_kwh * 5) for interval in dear]

    figures = [
        draw_prices(
            intervals=[*cheap, *dear],
            starts_at=start + timedelta(days=day),
            ends_at=start + timedelta(days=day + 1),
            now=None,
            timezone=OSLO,
            currency="EUR",
            caption=SafeString("Prices"),
            table_caption=f"Prices on day {day}",
        )
        for day in range(2)
    ]

    assert figures[0].axis_texts == figures[1].axis_texts
    assert [len(figure.bars) for figure in figures] == [96, 96]
    assert [figure.prices_caption for figure in figures] == ["Prices on day 0", "Prices on day 1"]


def test_a_deadline_25_hours_away_is_still_shown() -> None:
    now = datetime(2026, 10, 24, 5, 0, tzinfo=UTC)
    figure = make_figure([], make_intervals(now, 110), now=now, deadline_at=now + timedelta(hours=25))

    assert figure.flag_x == "100%"
