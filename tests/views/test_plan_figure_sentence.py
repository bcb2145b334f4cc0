import re
from html import unescape

from django.template.loader import render_to_string
from django.utils.html import strip_tags

from tests.views.figures import make_figure, make_window, texts


def test_ux_26_the_sentence_equals_the_table_equals_the_plan() -> None:
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


def test_ux_27_the_table_alone_tells_it_all_in_the_order_of_time() -> None:
    figure = make_figure([make_window(23, 40, 35, day=9), make_window(4, 0, 60)])
    html = render_to_string("components/plan_figure.html", {"figure": figure})

    windows, prices = re.findall(r"<table.*?</table>", html, flags=re.DOTALL)

    for table in (windows, prices):
        assert table.count("<caption>") == 1
        assert all(" scope=" in cell for cell in re.findall(r"<th\b[^>]*>", table))
    assert [row.times for row in figure.table.windows] == re.findall(r'scope="row" class="nowrap">([\d:–]+)', windows)
    quarters = re.findall(r'scope="row" class="nowrap">(\d\d:\d\d)', prices)
    begin = quarters.index("00:00")
    assert quarters == sorted(quarters[:begin]) + sorted(quarters[begin:])
    energies = [float(row.energy) for row in figure.table.windows]
    foot = windows[windows.index("<tfoot") :]
    assert f">{sum(energies):.1f}<" in foot
    assert ">1.74\u00a0EUR<" in foot
    # Read without a stylesheet: the summary is the control of the browser itself, and nothing in the table is empty.
    assert "<summary>Show as table</summary>" in html
    assert "<td></td>" not in re.sub(r' (class|role|data-label)="[^"]*"', "", prices)


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
