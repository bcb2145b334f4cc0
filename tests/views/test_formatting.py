from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from charging.views import formatting

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2025, 12, 9, 21, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        pytest.param(Decimal("1.335"), "1.34\u00a0EUR", id="half_up"),
        pytest.param(1.005, "1.01\u00a0EUR", id="a_float_as_it_is_written"),
        pytest.param(Decimal("-0.2"), "−0.20\u00a0EUR", id="true_minus"),
        pytest.param(Decimal("-0.004"), "0.00\u00a0EUR", id="no_minus_before_zero"),
    ],
)
def test_money_has_two_decimals_and_a_no_break_space(amount: Decimal | float, expected: str) -> None:
    assert formatting.money(amount, "EUR") == expected


def test_an_estimate_says_about() -> None:
    assert formatting.about_money(Decimal("1.34"), "EUR") == "about 1.34\u00a0EUR"


@pytest.mark.parametrize(
    ("currency", "expected"),
    [("EUR", "13.4\u00a0cents per kWh"), ("NOK", "13.4\u00a0øre per kWh"), ("USD", "13.4\u00a0cents per kWh")],
)
def test_prices_are_in_hundredths_of_their_currency(currency: str, expected: str) -> None:
    assert formatting.price(0.134, currency) == expected


@pytest.mark.parametrize(
    ("currency", "amount", "expected"),
    [
        ("HUF", "40.25", "40.3\u00a0HUF per kWh"),
        ("CZK", "3.4", "3.40\u00a0CZK per kWh"),
        ("RON", "0.6345", "0.635\u00a0RON per kWh"),
    ],
)
def test_prices_are_whole_where_no_hundredth_is_in_use(currency: str, amount: str, expected: str) -> None:
    assert formatting.price(Decimal(amount), currency) == expected


def test_numbers_carry_the_decimal_sign_of_the_reader() -> None:
    with translation.override("de"):
        assert formatting.number(35.84, 1) == "35,8"


def test_a_span_is_local_time_with_an_en_dash() -> None:
    start = datetime(2025, 12, 10, 0, 45, tzinfo=UTC)

    assert formatting.span(start, start + timedelta(hours=3, minutes=15), OSLO) == "01:45–05:00"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param(datetime(2025, 12, 9, 22, 30, tzinfo=UTC), "23:30", id="today"),
        pytest.param(datetime(2025, 12, 9, 23, 15, tzinfo=UTC), "tomorrow\u00a000:15", id="after_local_midnight"),
        pytest.param(datetime(2025, 12, 8, 22, 0, tzinfo=UTC), "yesterday\u00a023:00", id="yesterday"),
        pytest.param(datetime(2025, 12, 12, 6, 0, tzinfo=UTC), "Friday\u00a007:00", id="this_week"),
        pytest.param(datetime(2025, 12, 20, 6, 0, tzinfo=UTC), "20\u00a0December\u00a007:00", id="later"),
    ],
)
def test_a_time_names_its_day_unless_it_is_today(at: datetime, expected: str) -> None:
    assert formatting.day_clock(at, NOW, OSLO) == expected


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (timedelta(hours=3, minutes=41), "3\u00a0h\u00a041\u00a0min"),
        (timedelta(minutes=4, seconds=59), "4\u00a0min"),
        (timedelta(hours=2), "2\u00a0h"),
        (timedelta(days=1, hours=3, minutes=5), "1\u00a0day\u00a03\u00a0h"),
        (timedelta(seconds=20), "less than a minute"),
    ],
)
def test_a_duration_is_written_with_its_units(length: timedelta, expected: str) -> None:
    assert formatting.duration(length) == expected


@pytest.mark.parametrize(("kw", "expected"), [(11, "11\u00a0kW"), (7.4, "7.4\u00a0kW"), (10.98, "11\u00a0kW")])
def test_power_has_a_decimal_only_where_it_says_something(kw: float, expected: str) -> None:
    assert formatting.power(kw) == expected


@pytest.mark.parametrize(
    ("items", "expected"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_an_enumeration_ends_with_and(items: list[str], expected: str) -> None:
    assert formatting.enumeration(items) == expected
