import pytest

from charging.views.battery_bar import BatteryBar, draw_battery, draw_zones


def words(bar: BatteryBar) -> list[str]:
    return [text.text.replace("\u00a0", " ") for text in bar.texts]


def test_the_bar_shows_charge_what_is_to_come_and_the_hatched_part_above_the_limit() -> None:
    bar = draw_battery(soc_percent=38, minimum_percent=20, limit_percent=80)

    places = {(rect.css_class, rect.is_hatched): (rect.x, rect.width) for rect in bar.rects}
    assert places["charge", False] == ("2", "37.5%")
    assert places["ahead", False] == ("38%", "42%")
    assert places["", True] == ("80%", "19.4%")
    assert [line.x1 for line in bar.lines] == ["20%", "80%"]
    assert words(bar) == ["38 %", "minimum 20 %", "car limit 80 %"]


def test_the_sentence_says_the_same_as_the_bar() -> None:
    bar = draw_battery(soc_percent=38, minimum_percent=20, limit_percent=80)

    assert bar.sentence.replace("\u00a0", " ") == "Battery 38 % now. Minimum 20 %. Your car stops at 80 %."


@pytest.mark.parametrize(
    ("minimum", "limit", "expected"),
    [
        pytest.param(20, 56, ["minimum 20 %", "car limit 56 %"], id="far_enough_apart"),
        pytest.param(20, 55, ["car limit 55 %"], id="too_close"),
        pytest.param(0, 80, ["car limit 80 %"], id="no_minimum"),
    ],
)
def test_of_two_close_words_only_the_limit_keeps_its_word(minimum: int, limit: int, expected: list[str]) -> None:
    bar = draw_battery(soc_percent=50, minimum_percent=minimum, limit_percent=limit)

    assert words(bar)[1:] == expected


@pytest.mark.parametrize(("limit", "anchor"), [(60, "middle"), (83, "middle"), (84, "end"), (100, "end")])
def test_a_word_near_the_edge_stays_inside(limit: int, anchor: str) -> None:
    assert draw_battery(soc_percent=50, limit_percent=limit).texts[-1].anchor == anchor


def test_a_small_charge_has_its_number_beside_it() -> None:
    number = draw_battery(soc_percent=5).texts[0]

    assert (number.css_class, number.x, number.dx) == ("strong", "5%", "8")


@pytest.mark.parametrize(
    ("level", "minimum", "css_class", "x"),
    [
        pytest.param(15, 20, "strong", "20%", id="the_minimum_would_cross_it"),
        pytest.param(5, 30, "strong", "5%", id="the_minimum_is_far_away"),
        pytest.param(20, 10, "strong", "20%", id="no_room_within_the_charge"),
        pytest.param(60, 10, "on", "10%", id="room_beside_the_minimum"),
        pytest.param(60, 30, "on", "10", id="room_before_the_minimum"),
    ],
)
def test_the_mark_of_the_minimum_goes_not_through_the_number(
    level: float, minimum: float, css_class: str, x: str
) -> None:
    number = draw_battery(soc_percent=level, minimum_percent=minimum).texts[0]

    assert (number.css_class, number.x) == (css_class, x)


def test_an_unknown_level_draws_no_charge_and_says_so() -> None:
    bar = draw_battery(soc_percent=None, limit_percent=80)

    assert "charge" not in {rect.css_class for rect in bar.rects}
    assert words(bar)[0] == "not known"
    assert bar.sentence.startswith("The battery level is not known.")


def test_a_car_above_its_limit_has_nothing_to_come() -> None:
    bar = draw_battery(soc_percent=90, limit_percent=80)

    assert "ahead" not in {rect.css_class for rect in bar.rects}


@pytest.mark.parametrize(
    ("minimum", "limit", "expected"),
    [
        pytest.param(20, 80, ["Charge", "at once", "Charge when cheap", "Above", "the", "limit"], id="three_zones"),
        pytest.param(10, 80, ["Charge when cheap", "Above", "the", "limit"], id="narrow_minimum"),
        pytest.param(20, 90, ["Charge", "at once", "Charge when cheap"], id="narrow_above"),
        pytest.param(0, 100, ["Charge when cheap"], id="one_zone"),
        pytest.param(80, 80, ["Charge at once", "Above", "the", "limit"], id="nothing_between"),
    ],
)
def test_a_narrow_zone_loses_its_word(minimum: int, limit: int, expected: list[str]) -> None:
    bar = draw_zones(minimum_percent=minimum, limit_percent=limit)

    assert [text for text in words(bar) if "%" not in text] == expected


def test_the_text_twin_of_the_zones_keeps_every_word() -> None:
    bar = draw_zones(minimum_percent=10, limit_percent=90)

    assert bar.sentence.replace("\u00a0", " ") == (
        "From 0 to 10 % we charge at once. From 10 to 90 % we charge when it is cheap. Your car stops at 90 %."
    )


def test_a_minimum_above_the_limit_is_the_limit() -> None:
    assert draw_zones(minimum_percent=90, limit_percent=60) == draw_zones(minimum_percent=60, limit_percent=60)


@pytest.mark.parametrize(("minimum", "limit"), [(m, lim) for m in range(0, 101, 5) for lim in (50, 60, 80, 90, 100)])
def test_every_zone_stays_inside_the_shell(minimum: int, limit: int) -> None:
    for rect in draw_zones(minimum_percent=minimum, limit_percent=limit).rects:
        if rect.css_class != "tip" and rect.x.endswith("%"):
            assert float(rect.width.rstrip("%")) > 0
            assert float(rect.x.rstrip("%")) + float(rect.width.rstrip("%")) <= 99.5
