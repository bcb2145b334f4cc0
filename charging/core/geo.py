"""Distances on the earth."""

from __future__ import annotations

from math import asin, cos, isfinite, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the earth (IUGG)."""


def distance_m(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Great-circle distance in meters by the haversine formula; 180 and -180 degrees are the same meridian.

    Raises ValueError where a coordinate is not a finite number.
    """
    if not all(map(isfinite, (latitude, longitude, other_latitude, other_longitude))):
        raise ValueError("coordinates must be finite numbers")
    height = sin(radians(other_latitude - latitude) / 2) ** 2
    width = sin(radians(other_longitude - longitude) / 2) ** 2
    haversine = height + cos(radians(latitude)) * cos(radians(other_latitude)) * width
    # Rounding may carry the value a hair outside of [0, 1], where asin(sqrt()) is not defined.
    return 2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, max(0.0, haversine))))
