"""The places where cars charge."""

from __future__ import annotations

import math
import zoneinfo
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from charging.adapters import geography
from charging.models import Driver, Location, PriceArea, Vehicle
from charging.operations import evaluation, simulation
from charging.operations.caps import one_more_place_issues
from charging.operations.issues import Issue, refuse_if_any
from charging.operations.names import LONGEST_NAME, is_seen_whole, says_something, tidy_name
from charging.operations.telemetry import locate, lose_sight

TIMEZONES = frozenset(zoneinfo.available_timezones()) - {"Factory", "localtime"}


def location_issues(values: dict[str, Any]) -> tuple[Issue, ...]:
    """Returns what is wrong with these values of a place; a value that is absent is not judged."""
    issues: list[Issue] = []
    if "name" in values:
        issues += _name_issues(tidy_name(values["name"]))
    for key, most, code, message in (
        ("latitude", 90, "LATITUDE_INVALID", _("Latitude must be a number from -90 to 90")),
        ("longitude", 180, "LONGITUDE_INVALID", _("Longitude must be a number from -180 to 180")),
    ):
        if key in values and not (math.isfinite(values[key]) and -most <= values[key] <= most):
            issues.append(Issue(code, key, message))
    if "timezone_name" in values and values["timezone_name"] not in TIMEZONES:
        issues.append(Issue("TIMEZONE_INVALID", "timezoneName", _("Choose a time zone such as Europe/Oslo")))
    if "radius_meters" in values and not 50 <= values["radius_meters"] <= 500:
        issues.append(Issue("RADIUS_INVALID", "radiusMeters", _("Radius must be from 50 to 500 meters")))
    for key in ("price_area_code", "example_area_code"):
        area = values.get(key)
        if area is not None and not PriceArea.objects.filter(code=area).exists():
            issues.append(Issue("PRICE_AREA_UNKNOWN", "priceArea", _("Choose one of the price areas")))
    return tuple(issues)


def _name_issues(name: str) -> list[Issue]:
    if not says_something(name):
        return [Issue("NAME_MISSING", "name", _("Enter a name for this place"))]
    if len(name) > LONGEST_NAME:
        return [Issue("NAME_TOO_LONG", "name", _("Name must be 100 characters or fewer"))]
    if not is_seen_whole(name):
        return [Issue("NAME_INVALID", "name", _("Name must be letters, numbers and spaces that can be seen"))]
    return []


@transaction.atomic
def create_location(
    *,
    driver: Driver,
    name: str,
    latitude: float,
    longitude: float,
    now: datetime,
    radius_meters: int = 150,
    timezone_name: str | None = None,
    price_area_code: str | None = None,
    example_area_code: str | None = None,
) -> Location:
    """Makes a place; time zone and price area are those of the point unless given. Raises Refused.

    A simulated car that stands nowhere yet arrives there, plugged in.
    """
    point = {"name": name, "latitude": latitude, "longitude": longitude, "radius_meters": radius_meters}
    codes = {"price_area_code": price_area_code, "example_area_code": example_area_code}
    zone = {} if timezone_name is None else {"timezone_name": timezone_name}
    refuse_if_any((*location_issues({**point, **codes, **zone}), *one_more_place_issues(driver)))
    location = Location.objects.create(
        driver=driver,
        name=tidy_name(name),
        latitude=latitude,
        longitude=longitude,
        radius_meters=radius_meters,
        timezone_name=timezone_name or _timezone_name(latitude, longitude),
        price_area=_area(price_area_code or geography.price_area_of(latitude, longitude)),
        is_area_hand_set=price_area_code is not None,
        example_area=_area(example_area_code),
        created_at=now,
    )
    for vehicle in driver.vehicles.filter(gateway="simulator"):
        simulation.arrive(vehicle=vehicle, location=location, now=now)
    _reconsider(driver, now)
    return location


def _area(code: str | None) -> PriceArea | None:
    return PriceArea.objects.filter(code=code).first() if code else None


@transaction.atomic
def update_location(*, location: Location, now: datetime, **changes: Any) -> Location:
    """Changes the values that are given: name, latitude, longitude, radius_meters, timezone_name, price_area_code,
    example_area_code. Raises Refused.

    A moved point finds its price area and its time zone anew, unless they were set by hand. With `finds_area` true an
    area that was set by hand gives way to that of the point.
    """
    refuse_if_any(location_issues(changes))
    location = Location.objects.select_for_update(of=("self",)).select_related("driver").get(pk=location.pk)
    was_at, was_wide = (location.latitude, location.longitude), location.radius_meters
    is_zone_of_point = location.timezone_name == _timezone_name(*was_at)
    for key in ("name", "latitude", "longitude", "radius_meters", "timezone_name"):
        if key in changes:
            setattr(location, key, tidy_name(changes[key]) if key == "name" else changes[key])
    is_at = (location.latitude, location.longitude)
    if is_at != was_at and is_zone_of_point and "timezone_name" not in changes:
        location.timezone_name = _timezone_name(*is_at)
    if "price_area_code" in changes:
        location.price_area = _area(changes["price_area_code"])
        location.is_area_hand_set = changes["price_area_code"] is not None
    elif changes.get("finds_area") or (is_at != was_at and not location.is_area_hand_set):
        location.price_area = _area(geography.price_area_of(*is_at))
        location.is_area_hand_set = False
    if "example_area_code" in changes:
        location.example_area = _area(changes["example_area_code"])
    location.save()
    if is_at != was_at or location.radius_meters < was_wide:
        lose_sight(location=location)
    _reconsider(location.driver, now)
    return location


def _timezone_name(latitude: float, longitude: float) -> str:
    return geography.timezone_of(latitude, longitude) or "UTC"


@transaction.atomic
def delete_location(*, location: Location, now: datetime) -> None:
    """Removes a place. A plan that runs there ends, and a car held there is released."""
    driver = location.driver
    location.delete()
    _reconsider(driver, now)


def _reconsider(driver: Driver, now: datetime) -> None:
    for vehicle in Vehicle.objects.of_driver(driver).order_by("pk"):
        locate(vehicle=vehicle)
        evaluation.evaluate(vehicle=vehicle, now=now, trigger="place")
