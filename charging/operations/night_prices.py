"""The market's prices of nights in which others charged a car: read only where something is to be told from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from charging.core.nights import Night
from charging.core.patterns import NIGHTS_OF_AN_OPTIMISER
from charging.core.seen_charging import is_foreign_start
from charging.core.seen_controllers import LONGEST_CHOICE
from charging.models import Driver, Location
from charging.operations.place_prices import prices_for

PlacedNight = tuple[Night, Location | None]
"""A night and the place it was at."""


def with_prices(nights: Sequence[PlacedNight], driver: Driver, now: datetime) -> tuple[Night, ...]:
    """The nights; where others began charging on three of them or more, those with the prices from plug-in on."""
    foreign = {index for index, (night, place) in enumerate(nights) if place is not None and _is_foreign(night)}
    if len(foreign) < NIGHTS_OF_AN_OPTIMISER:
        return tuple(night for night, _place in nights)
    return tuple(
        _priced(night, place, driver, now) if place is not None and index in foreign else night
        for index, (night, place) in enumerate(nights)
    )


def _is_foreign(night: Night) -> bool:
    return any(is_foreign_start(night, spell) for spell in night.spells)


def _priced(night: Night, place: Location, driver: Driver, now: datetime) -> Night:
    start = night.plugged_in_at
    period = prices_for(location=place, driver=driver, start=start, end=start + LONGEST_CHOICE, now=now)
    if period is None:
        return night
    return replace(night, prices=period.intervals if period.terms is None else period.spot)
