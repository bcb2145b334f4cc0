"""The taper that the readings of one plug-in showed."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import linear_regression

from charging.core.energy import FLOOR_FRACTION, Taper

FALLEN = 0.97
"""A share of the full power below this has begun to fall; the rest is noise."""
LEAST_READINGS = 3
LEAST_SPAN_PERCENT = 2.0
SEEN_FLAT_PERCENT = 95.0
SEEN_END_PERCENT = 98.0
KNEES = (50.0, 99.0)
FLOORS = (0.05, 0.95)


def fit_taper(seen: Sequence[tuple[float, float]]) -> Taper | None:
    """The taper behind readings at high levels: (level in percent, share of the full power).

    A line of least squares through the shares that have begun to fall: its knee is where it reaches 1. Where none has
    begun up to SEEN_FLAT_PERCENT, the power falls later: from the highest level seen on. An end that was not seen is
    never taken for better than the assumed one. None where too little was seen.
    """
    fallen = [(level, share) for level, share in seen if share < FALLEN]
    highest = max((level for level, _ in seen), default=0.0)
    if not fallen and len(seen) >= LEAST_READINGS and highest >= SEEN_FLAT_PERCENT:
        return Taper(_within(KNEES, highest), FLOOR_FRACTION)
    levels = [level for level, _ in fallen]
    if len(fallen) < LEAST_READINGS or max(levels) - min(levels) < LEAST_SPAN_PERCENT:
        return None
    line = linear_regression(levels, [share for _, share in fallen])
    if line.slope >= 0:
        return None
    floor = _within(FLOORS, line.intercept + line.slope * 100.0)
    knee = _within(KNEES, (1.0 - line.intercept) / line.slope)
    return Taper(knee, floor if highest >= SEEN_END_PERCENT else min(floor, FLOOR_FRACTION))


def _within(bounds: tuple[float, float], value: float) -> float:
    return min(max(value, bounds[0]), bounds[1])
