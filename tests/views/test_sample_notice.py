"""The line that says what is not real."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from charging.views.sample_notice import days, sample_notice

NINTH = date(2025, 12, 9)


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ([NINTH], "9 December 2025"),
        ([NINTH + timedelta(days=1), NINTH, NINTH], "9 and 10 December 2025"),
        ([date(2025, 12, 31), date(2026, 1, 1)], "31 December 2025 and 1 January 2026"),
        ([NINTH + timedelta(days=n) for n in range(5)], "9 to 13 December 2025"),
        ([NINTH + timedelta(days=2 * n) for n in range(7)], "9, 11, 13, 15, 17, 19 and 21 December 2025"),
        ([NINTH + timedelta(days=2 * n) for n in range(8)], "9 to 23 December 2025"),
        (
            [NINTH, NINTH + timedelta(days=3), NINTH + timedelta(days=6), NINTH + timedelta(days=9)],
            "9, 12, 15 and 18 December 2025",
        ),
    ],
    ids=["one", "two, unordered and repeated", "two years", "a row of days", "seven", "too many to name", "with gaps"],
)
def test_days_read_as_a_person_says_them(dates: list[date], expected: str) -> None:
    assert days(dates) == expected


@pytest.mark.parametrize(
    ("is_simulated", "dates", "expected"),
    [
        (True, [NINTH], "This car is simulated. Prices are sample prices from 9 December 2025."),
        (True, [], "This car is simulated."),
        (False, [NINTH], "Prices are sample prices from 9 December 2025."),
        (False, [], ""),
    ],
    ids=["both", "car", "prices", "all real"],
)
def test_the_notice_names_only_what_is_not_real(is_simulated: bool, dates: list[date], expected: str) -> None:
    assert sample_notice(is_simulated=is_simulated, recorded_on=dates) == expected
