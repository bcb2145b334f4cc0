"""Public holidays of a place, by its time zone."""

from __future__ import annotations

from datetime import date
from zoneinfo import available_timezones

import pytest

from charging.adapters import holidays
from charging.adapters.prices.areas import areas


@pytest.mark.parametrize(
    ("zone", "day", "is_holiday"),
    [
        ("Europe/Oslo", date(2027, 5, 17), True),
        ("Europe/Stockholm", date(2027, 5, 17), False),
        ("Europe/Stockholm", date(2027, 6, 26), True),
        ("Europe/Berlin", date(2026, 10, 3), True),
        ("Europe/Berlin", date(2026, 1, 6), False),
        ("Europe/London", date(2026, 4, 3), True),
        ("Europe/London", date(2026, 4, 6), False),
        ("Europe/Helsinki", date(2026, 12, 6), True),
        ("Africa/Casablanca", date(2026, 7, 30), True),
        ("Pacific/Apia", date(2026, 6, 1), True),
        ("UTC", date(2026, 12, 25), False),
        ("Nowhere/Atall", date(2026, 12, 25), False),
    ],
)
def test_holidays_are_those_of_the_country_of_the_time_zone(zone: str, day: date, is_holiday: bool) -> None:
    assert holidays.is_public_holiday(day, zone) is is_holiday


def test_an_ordinary_sunday_is_not_called_a_holiday() -> None:
    assert not holidays.is_public_holiday(date(2026, 1, 18), "Europe/Stockholm")
    assert not holidays.is_public_holiday(date(2026, 1, 18), "Europe/Oslo")


def test_holidays_of_a_region_count_where_the_time_zone_names_it() -> None:
    canary_day = date(2028, 5, 30)

    assert holidays.is_public_holiday(canary_day, "Atlantic/Canary")
    assert not holidays.is_public_holiday(canary_day, "Europe/Madrid")


def test_every_region_is_one_that_the_calendar_has() -> None:
    for zone, region in holidays.REGIONS.items():
        assert holidays.calendar_of(zone) == (holidays.country_of(zone), region)


def test_the_next_holiday_is_looked_for_into_the_next_year() -> None:
    assert holidays.next_public_holiday(date(2025, 12, 9), "Europe/Oslo") == (date(2025, 12, 25), "Christmas Day")
    assert holidays.next_public_holiday(date(2025, 12, 26), "Europe/Oslo") == (date(2026, 1, 1), "New Year's Day")
    assert holidays.next_public_holiday(date(2025, 12, 9), "UTC") is None


def test_holidays_are_known_for_every_place_with_prices() -> None:
    zones = {zone for area in areas().values() for zone in area.timezone_names}

    assert [zone for zone in sorted(zones) if holidays.calendar_of(zone) is None] == []


def test_countries_are_those_of_the_price_areas() -> None:
    for area in areas().values():
        assert holidays.country_of(area.timezone_name) == area.country


def test_a_zone_of_no_country_or_without_a_calendar_has_no_holidays_and_no_error() -> None:
    unknown = [zone for zone in sorted(available_timezones()) if holidays.calendar_of(zone) is None]

    assert "UTC" in unknown
    assert not any(holidays.is_public_holiday(date(2026, 12, 25), zone) for zone in unknown)
