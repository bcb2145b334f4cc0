"""Whether two sources say the same of a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from charging.core.facts import PriceInterval
from charging.core.price_agreement import ROUNDING, largest_difference, repeats

START = datetime(2026, 1, 20, 23, tzinfo=UTC)


def make_prices(*prices: str, minutes: int = 15, start: datetime = START) -> list[PriceInterval]:
    unit = timedelta(minutes=minutes)
    return [PriceInterval(start + n * unit, start + (n + 1) * unit, Decimal(price)) for n, price in enumerate(prices)]


def test_the_largest_difference_of_the_hours_is_told() -> None:
    one = make_prices("0.1", "0.2", "0.3", minutes=60)
    other = make_prices("0.1", "0.25", "0.28", minutes=60)

    assert largest_difference(one, other) == Decimal("0.05")


@pytest.mark.parametrize("minutes", [15, 30], ids=["quarters", "half hours"])
def test_parts_of_an_hour_are_compared_by_their_mean(minutes: int) -> None:
    parts = make_prices(*["0.1", "0.3"] * (30 // minutes), minutes=minutes)

    assert largest_difference(parts, make_prices("0.2", minutes=60)) == 0


def test_a_mean_of_rounded_prices_is_rounding() -> None:
    quarters = make_prices("0.10001", "0.10002", "0.10002", "0.10002")

    assert 0 < largest_difference(quarters, make_prices("0.10001", minutes=60)) <= ROUNDING


def test_hours_that_one_of_them_has_not_whole_are_left_out() -> None:
    assert largest_difference(make_prices("0.1", "0.1", "0.1"), make_prices("9", minutes=60)) == 0
    assert largest_difference([], make_prices("9", minutes=60)) == 0


def test_floats_are_compared_as_they_are_written() -> None:
    assert (
        largest_difference([PriceInterval(START, START + timedelta(hours=1), 0.1)], make_prices("0.1", minutes=60)) == 0
    )


@pytest.mark.parametrize(
    ("prices", "before", "is_repeated"),
    [
        (("1", "2"), ("1", "2"), True),
        (("1", "2"), ("1", "3"), False),
        (("1", "2"), ("1", "2", "2"), False),
        (("1", "1"), ("1", "1"), False),
        ((), (), False),
    ],
    ids=["the same", "another price", "a longer day", "one price all day", "nothing"],
)
def test_a_day_repeats_another_when_all_its_prices_do(
    prices: tuple[str, ...], before: tuple[str, ...], is_repeated: bool
) -> None:
    yesterday = make_prices(*before, start=START - timedelta(days=1))

    assert repeats(make_prices(*prices), yesterday) is is_repeated
