"""What really flowed, from what the car said of its battery."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from charging.core.energy import energy_at_plug_kwh
from charging.core.facts import PriceInterval
from charging.core.planning import cost_between
from charging.models import Reading, Vehicle


def cost_of_what_flowed(
    *, vehicle: Vehicle, prices: tuple[PriceInterval, ...], start: datetime, end: datetime
) -> Decimal | None:
    """What the energy that went into the car in `[start, end]` cost, in the currency of the prices.

    The energy between two readings is what raised the battery, at the plug, drawn evenly between them. None without
    prices, and where fewer than two readings tell a level.
    """
    readings = (
        Reading.objects.filter(vehicle=vehicle, observed_at__gte=start, observed_at__lte=end, soc_percent__isnull=False)
        .order_by("observed_at")
        .values_list("observed_at", "soc_percent")
    )
    steps = list(pairwise(readings))
    if not steps or not prices:
        return None
    total = Decimal(0)
    for (before_at, before), (after_at, after) in steps:
        energy_kwh = energy_at_plug_kwh(before or 0.0, after or 0.0, vehicle.battery_capacity_kwh)
        if energy_kwh > 0:
            total += cost_between(prices, before_at, after_at, energy_kwh)
    return total
