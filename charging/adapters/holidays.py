"""The public holidays of a place. Its time zone names the country, and for a few zones the region."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

import holidays

REGIONS = {
    "Atlantic/Azores": "20",
    "Atlantic/Canary": "CN",
    "Atlantic/Madeira": "30",
    "Australia/Adelaide": "SA",
    "Australia/Brisbane": "QLD",
    "Australia/Darwin": "NT",
    "Australia/Hobart": "TAS",
    "Australia/Lord_Howe": "NSW",
    "Australia/Melbourne": "VIC",
    "Australia/Perth": "WA",
    "Australia/Sydney": "NSW",
}
"""Time zones that lie within one region with holidays of its own."""

LOOK_AHEAD = timedelta(days=366)


def country_of(timezone_name: str) -> str | None:
    """ISO code of the country a time zone lies in; None for one that belongs to no country, such as UTC."""
    return _countries().get(timezone_name)


def calendar_of(timezone_name: str) -> tuple[str, str | None] | None:
    """Country and region, if any, whose public holidays count there; None where they are not known."""
    country = country_of(timezone_name)
    known = holidays.list_supported_countries()
    if country is None or country not in known:
        return None
    region = REGIONS.get(timezone_name)
    return country, region if region in known[country] else None


def is_public_holiday(day: date, timezone_name: str) -> bool:
    """Whether the local day is a public holiday there; never where holidays are not known."""
    return day in _holidays(timezone_name, day.year)


def next_public_holiday(after: date, timezone_name: str) -> tuple[date, str] | None:
    """The first public holiday after the day, within a year, and its English name; None where none is known."""
    coming = {**_holidays(timezone_name, after.year), **_holidays(timezone_name, after.year + 1)}
    day = min((day for day in coming if after < day <= after + LOOK_AHEAD), default=None)
    return None if day is None else (day, coming[day])


@cache
def _countries() -> dict[str, str]:
    lines = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {row[2]: row[0] for row in rows}


@cache
def _holidays(timezone_name: str, year: int) -> Mapping[date, str]:
    calendar = calendar_of(timezone_name)
    if calendar is None:
        return {}
    country, region = calendar
    found = holidays.country_holidays(country, subdiv=region, years=year, language="en_US")
    return dict(found.items())
