from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html import unescape
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from charging.core.facts import PriceInterval, Window
from charging.views.plan_figure import PlanFigure, draw_plan, draw_prices
from charging.views.plan_labels import BOLD_LETTER_PX, LETTER_PX
from charging.views.svg import Text

OSLO = ZoneInfo("Europe/Oslo")
QUARTER = timedelta(minutes=15)
NOW = datetime(2025, 12, 9, 21, 4, tzinfo=UTC)
DEADLINE_AT = datetime(2025, 12, 10, 6, 0, tzinfo=UTC)


def make_intervals(
    start: datetime = datetime(2025, 12, 8, 23, 0, tzinfo=UTC),
    count: int = 192,
    price: Callable[[int], float] = lambda index: 0.04 + 0.0001 * index,
    estimated_from: int = 10_000,
) -> list[PriceInterval]:
    return [
        PriceInterval(start + index * QUARTER, start + (index + 1) * QUARTER, price(index), index >= estimated_from)
        for index in range(count)
    ]


def make_window(hour: int, minute: int, minutes: int, *, day: int = 10, is_forced: bool = False) -> Window:
    start = datetime(2025, 12, day, hour, minute, tzinfo=OSLO).astimezone(UTC)
    energy_kwh = 11 * minutes / 60
    return Window(start, start + timedelta(minutes=minutes), energy_kwh, Decimal(str(energy_kwh)) / 10, is_forced)


def make_figure(
    windows: Sequence[Window] = (make_window(1, 45, 195),),
    intervals: Sequence[PriceInterval] | None = None,
    now: datetime = NOW,
    deadline_at: datetime = DEADLINE_AT,
    soc_percent: float | None = 38,
    cost_charged_at_once: Decimal | None = Decimal("5.1"),
) -> PlanFigure:
    return draw_plan(
        intervals=make_intervals() if intervals is None else intervals,
        windows=windows,
        now=now,
        deadline_at=deadline_at,
        timezone=OSLO,
        currency="EUR",
        soc_percent=soc_percent,
        soc_after_percent=80,
        cost_charged_at_once=cost_charged_at_once,
    )


def texts(figure: PlanFigure, css_class: str) -> list[Text]:
    return [text for text in figure.texts if text.css_class == css_class]


def classes(figure: PlanFigure) -> set[str]:
    return {rect.css_class for rect in figure.bars}


def extent(text: Text, letter_px: float) -> tuple[float, float]:
    width = len(text.text) * letter_px / 224 * 100
    x = float(text.x.rstrip("%")) + float(text.dx or 0) / 224 * 100
    left = {"start": x, "middle": x - width / 2, "end": x - width}[text.anchor]
    return left, left + width


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


def test_negative_prices_hang_below_a_raised_zero_line() -> None:
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
def test_a_day_has_as_many_bars_as_it_has_quarters(day: datetime, count: int, twos: int) -> None:
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


def test_a_deadline_25_hours_away_is_still_shown() -> None:
    now = datetime(2026, 10, 24, 5, 0, tzinfo=UTC)
    figure = make_figure([], make_intervals(now, 110), now=now, deadline_at=now + timedelta(hours=25))

    assert figure.flag_x == "100%"


def test_the_sentence_equals_the_table_equals_the_plan() -> None:
    figure = make_figure([make_window(23, 40, 35, day=9), make_window(4, 0, 60)])

    total = figure.table.total
    assert total is not None
    assert [row.times for row in figure.table.windows] == ["23:40–00:15", "04:00–05:00"]
    assert total.cost == "1.74\u00a0EUR"
    assert total.energy == "17.4"
    assert total.battery_after == "80\u00a0%"
    assert unescape(strip_tags(figure.caption)) == (
        "Charges 23:40–00:15 and 04:00–05:00 for about 1.74\u00a0EUR;"
        " charging from plug-in would cost about 5.10\u00a0EUR."
    )
    assert [text.text for text in texts(figure, "when")] == [row.times for row in figure.table.windows]
    assert [row.is_charging for row in figure.table.prices].count(True) == 7


def test_without_windows_the_sentence_says_so() -> None:
    figure = make_figure([])

    assert figure.caption == "No charging is planned until 07:00."
    assert figure.table.total is None


def test_the_battery_rises_in_the_windows_as_their_energy_flows() -> None:
    figure = make_figure([make_window(0, 0, 60), make_window(3, 0, 120)])

    assert [row.battery_after for row in figure.table.windows] == ["52\u00a0%", "80\u00a0%"]
    assert figure.battery is not None
    assert [line.y2 for line in figure.battery.lines] == ["45", "38", "38", "24", "24"]
    assert [text.text for text in figure.battery.texts] == ["38\u00a0%", "80\u00a0%"]


def test_a_window_that_has_ended_has_no_level_and_a_running_one_only_its_rest() -> None:
    figure = make_figure([make_window(20, 0, 60, day=9), make_window(21, 34, 60, day=9), make_window(3, 0, 30)])

    assert [row.battery_after for row in figure.table.windows] == ["", "59\u00a0%", "80\u00a0%"]


def test_without_levels_there_is_no_battery_plot() -> None:
    figure = make_figure(soc_percent=None)

    assert figure.battery is None
    assert figure.table.windows[0].battery_after == ""


def test_the_page_carries_no_inline_style_and_names_the_picture_by_its_sentence() -> None:
    html = render_to_string("components/plan_figure.html", {"figure": make_figure()})

    assert " style=" not in html
    assert 'role="img" aria-labelledby="plan-caption"' in html
    assert "<caption>Charging times until 07:00</caption>" in html
