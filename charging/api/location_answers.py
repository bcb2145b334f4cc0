"""A charging location, as the API shows it."""

from __future__ import annotations

from charging.api import schemas
from charging.models import Location


def location_answer(location: Location) -> schemas.Location:
    """Returns the location; its driver and its price area should be loaded."""
    return schemas.Location(
        id=str(location.public_id),
        user_id=location.driver.external_id,
        name=location.name,
        latitude=location.latitude,
        longitude=location.longitude,
        timezone_name=location.timezone_name,
        radius_meters=location.radius_meters,
        price_area=location.price_area.code if location.price_area is not None else None,
    )
