"""What really flowed, from what the car said of its power and its battery."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from charging.core.facts import PriceInterval
from charging.core.power_profile import power_profile
from charging.core.priced_time import PricedTime
from charging.models import Reading, Vehicle


def cost_of_what_flowed(
    *, vehicle: Vehicle, prices: tuple[PriceInterval, ...], start: datetime, end: datetime
) -> Decimal | None:
    """What the energy that went into the car in `[start, end]` cost, in the currency of the prices.

    None where no price is known of the time in which some of it flowed, and where fewer than two readings tell of any.
    """
    rows = Reading.objects.filter(
        vehicle=vehicle, is_set_aside=False, observed_at__gte=start, observed_at__lte=end
    ).order_by("observed_at", "event_id")
    readings = [row.as_facts() for row in rows]
    telling = [row for row in readings if row.soc_percent is not None or row.charging_power_kw is not None]
    if len(telling) < 2 or not prices:
        return None
    flows = power_profile(readings, vehicle.battery_capacity_kwh)
    priced = PricedTime(prices)
    if not all(priced.has_price_between(flow.start, flow.end) for flow in flows if flow.energy_kwh > 0):
        return None
    return sum((priced.cost_between(flow.start, flow.end, flow.energy_kwh) for flow in flows), Decimal(0))
