"""Which sources have the prices of which areas, and who is asked first."""

from __future__ import annotations

from functools import cache

from charging.adapters.prices import elering, energy_charts, entsoe, nord_pool, octopus
from charging.adapters.prices.source import Source, SourceOptions

SOURCES = {module.NAME: module.SOURCE for module in (nord_pool, entsoe, energy_charts, elering, octopus)}

ORDER = (
    # The exchange itself, the platform of all grid operators, then those who pass their prices on.
    (("NO1", "NO2", "NO3", "NO4", "NO5"), ("nord-pool", "entsoe", "energy-charts")),
    (("SE1", "SE2", "SE3", "SE4"), ("nord-pool", "entsoe", "energy-charts")),
    (("DK1", "DK2"), ("nord-pool", "entsoe", "energy-charts")),
    (("FI", "EE", "LV", "LT"), ("nord-pool", "entsoe", "energy-charts", "elering")),
    (("DE-LU", "NL", "BE", "FR", "AT", "PL"), ("nord-pool", "entsoe", "energy-charts")),
    (("CH", "CZ", "SK", "HU", "SI", "HR", "RO", "BG", "GR", "ES", "PT"), ("entsoe", "energy-charts")),
    (("IT-NORD", "IT-CNOR", "IT-CSUD", "IT-SUD", "IT-CALA", "IT-SICI", "IT-SARD"), ("entsoe", "energy-charts")),
    (tuple(octopus.CODES), ("octopus-agile",)),
)


@cache
def order_of(area_code: str) -> tuple[str, ...]:
    """The names of the sources of an area, the first one first; none for an area of the operator's own."""
    return next((names for codes, names in ORDER if area_code in codes), ())


def rank_of(area_code: str, source: str) -> int:
    """How far back in the order a source stands; before all of them where it is none of them.

    What somebody loaded from a file of their own was loaded on purpose.
    """
    names = order_of(area_code)
    return names.index(source) if source in names else -1


def sources_of(area_code: str, options: SourceOptions) -> tuple[Source, ...]:
    """The sources that may be asked for the prices of an area, the first one first."""
    return tuple(source for name in order_of(area_code) if (source := SOURCES[name]).is_allowed(options))
