"""Unpublished prices are guessed from days that were alike."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from charging.core.facts import PriceInterval
from charging.core.price_estimates import estimate_unpublished

QUARTER = timedelta(minutes=15)
FRIDAY = datetime(2026, 1, 9, tzinfo=UTC)
SATURDAY = FRIDAY + timedelta(days=1)
MONDAY = FRIDAY + timedelta(days=3)


def make_day(start: datetime, price: str, quarters: int = 96) -> list[PriceInterval]:
    """Quarters at `price`, each a ten-thousandth dearer than the one before."""
    step = Decimal("0.0001")
    return [
        PriceInterval(start + n * QUARTER, start + (n + 1) * QUARTER, Decimal(price) + n * step)
        for n in range(quarters)
    ]


def estimate(
    known: list[PriceInterval], until: datetime, zone: str = "UTC", premium: str = "0", since: datetime | None = None
) -> tuple[PriceInterval, ...]:
    return estimate_unpublished(known, until=until, timezone_name=zone, premium=Decimal(premium), since=since)


def test_a_working_day_looks_back_to_working_days_not_to_the_weekend() -> None:
    known = make_day(FRIDAY, "0.5") + make_day(SATURDAY, "0.1") + make_day(SATURDAY + timedelta(days=1), "0.1")

    guesses = estimate(known, MONDAY + timedelta(hours=1))

    assert [guess.price_per_kwh for guess in guesses] == [Decimal("0.5") + n * Decimal("0.0001") for n in range(4)]
    assert guesses[0].start == MONDAY
    assert guesses[-1].end == MONDAY + timedelta(hours=1)


def test_a_holiday_looks_back_to_days_off_and_days_after_it_do_not_look_back_to_it() -> None:
    holiday = date(2026, 1, 9)
    known = make_day(FRIDAY - timedelta(days=1), "0.5") + make_day(FRIDAY, "0.1") + make_day(SATURDAY, "0.2")

    monday_after = estimate_unpublished(
        known, until=MONDAY + QUARTER, timezone_name="UTC", premium=Decimal(0), is_holiday=lambda day: day == holiday
    )[-1]
    holiday_after = estimate_unpublished(
        known,
        until=MONDAY + QUARTER,
        timezone_name="UTC",
        premium=Decimal(0),
        is_holiday=lambda day: day in {holiday, MONDAY.date()},
    )[-1]

    assert monday_after.price_per_kwh == Decimal("0.5")
    assert holiday_after.price_per_kwh == Decimal("0.15")


def test_every_estimate_is_marked() -> None:
    assert all(guess.is_estimate for guess in estimate(make_day(FRIDAY, "0.5"), MONDAY))


def test_without_a_day_of_the_kind_any_recent_day_serves() -> None:
    (first, *_) = estimate(make_day(FRIDAY, "0.5"), SATURDAY + timedelta(hours=1))

    assert first.price_per_kwh == Decimal("0.5")


def test_a_quarter_that_no_day_has_is_the_mean_of_what_is_known() -> None:
    known = [PriceInterval(FRIDAY, FRIDAY + QUARTER, 0.1), PriceInterval(FRIDAY + QUARTER, FRIDAY + 2 * QUARTER, 0.3)]

    (guess,) = estimate(known, FRIDAY + 3 * QUARTER)

    assert guess == PriceInterval(FRIDAY + 2 * QUARTER, FRIDAY + 3 * QUARTER, Decimal("0.2"), is_estimate=True)


def test_the_mean_of_the_latest_three_days_of_the_kind_is_taken() -> None:
    days = [FRIDAY - timedelta(days=back) for back in range(4)]
    known = [
        price for day, level in zip(days, ["0.1", "0.2", "0.6", "9"], strict=True) for price in make_day(day, level)
    ]

    guess = estimate(known, MONDAY + QUARTER)[-1]

    assert guess.price_per_kwh == Decimal("0.3")


def test_a_gap_between_known_prices_is_filled() -> None:
    day = make_day(FRIDAY, "0.5")
    known = make_day(FRIDAY - timedelta(days=1), "0.4") + day[:10] + day[12:]

    guesses = estimate(known, SATURDAY)

    assert [guess.start for guess in guesses] == [day[10].start, day[11].start]


@pytest.mark.parametrize(("price", "raised"), [("0.2", "0.22"), ("-0.2", "-0.18")], ids=["above zero", "below zero"])
def test_the_premium_makes_an_estimate_dearer_whatever_its_sign(price: str, raised: str) -> None:
    known = [PriceInterval(FRIDAY, FRIDAY + QUARTER, Decimal(price))]

    (guess,) = estimate(known, FRIDAY + 2 * QUARTER, premium="0.1")

    assert guess.price_per_kwh == Decimal(raised)


def test_the_same_local_quarter_is_looked_for_across_a_change_of_clocks() -> None:
    friday = datetime(2026, 3, 27, tzinfo=UTC)
    known = make_day(friday, "0.5")

    guess = estimate(known, datetime(2026, 3, 30, 4, 15, tzinfo=UTC), zone="Europe/Oslo")[-1]

    assert guess.price_per_kwh == Decimal("0.5") + 20 * Decimal("0.0001")


def test_the_hour_that_autumn_repeats_is_estimated_twice() -> None:
    known = make_day(datetime(2026, 10, 24, tzinfo=UTC), "0.5")
    sunday = datetime(2026, 10, 25, tzinfo=UTC)

    guesses = estimate(known, sunday + timedelta(hours=2), zone="Europe/Oslo")

    assert [guess.price_per_kwh for guess in guesses[:4]] == [guess.price_per_kwh for guess in guesses[4:]]


def test_estimates_are_no_source_of_estimates() -> None:
    guessed = [PriceInterval(FRIDAY, FRIDAY + QUARTER, 9, is_estimate=True)]

    assert estimate(guessed, SATURDAY) == ()


def test_hours_are_a_source_for_quarters_and_a_known_end_between_marks_is_kept() -> None:
    end = FRIDAY + timedelta(minutes=70)

    guesses = estimate([PriceInterval(FRIDAY, end, Decimal("0.3"))], FRIDAY + timedelta(minutes=80))

    assert [(guess.start, guess.end) for guess in guesses] == [
        (end, end + timedelta(minutes=5)),
        (end + timedelta(minutes=5), end + timedelta(minutes=10)),
    ]


def test_only_what_is_asked_for_is_estimated() -> None:
    known = make_day(FRIDAY, "0.5")

    assert estimate(known, SATURDAY) == ()
    assert estimate(known, SATURDAY + timedelta(hours=1), since=SATURDAY + timedelta(minutes=45))[0].start == (
        SATURDAY + timedelta(minutes=45)
    )


def test_nothing_known_means_nothing_estimated() -> None:
    assert estimate([], SATURDAY) == ()
