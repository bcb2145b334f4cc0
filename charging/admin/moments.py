"""Instants as operators read them: in UTC, and beside it as the driver's own wall shows them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.core.exceptions import ObjectDoesNotExist

from charging.models import Vehicle

Column = Callable[[Any], str]


def utc_and_local(instant: datetime | None, timezone_name: str = "UTC") -> str:
    """Returns `2026-01-13 18:00:00 UTC (Tue 19:00 Europe/Oslo)`, in UTC alone without another zone, `-` for None."""
    if instant is None:
        return "-"
    utc = f"{instant.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    if timezone_name == "UTC":
        return utc
    return f"{utc} ({instant.astimezone(ZoneInfo(timezone_name)):%a %H:%M} {timezone_name})"


def zone_where_it_stands(vehicle: Vehicle | None) -> str:
    """Returns the time zone of the place the car stands at, UTC elsewhere. No query with `view__location` loaded."""
    try:
        location = vehicle.view.location if vehicle is not None else None
    except ObjectDoesNotExist:
        return "UTC"
    return location.timezone_name if location is not None else "UTC"


def zone_of_its_vehicle(row: Any) -> str:
    """Returns the time zone of the place where the row's car stands."""
    return zone_where_it_stands(row.vehicle)


def moment(field: str, label: Any, zone: Callable[[Any], str] = zone_of_its_vehicle) -> Column:
    """Returns a column (or a read-only field) with the row's instant `field`, in UTC and in the zone of the row."""

    @admin.display(description=label, ordering=field)
    def column(row: Any) -> str:
        return utc_and_local(getattr(row, field), zone(row))

    column.__name__ = field
    return column
