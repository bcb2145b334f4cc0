"""Measuring a plug-in: what flowed by whose wish, at which prices, and what it cost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from charging.core.charge_parts import Takeover, divide
from charging.core.facts import PriceInterval, Reading
from charging.core.plug_ins import PlugIn
from charging.core.power_profile import Flow, power_profile
from charging.core.savings import Bill, QuarterUse, bill_of
from charging.models import ChargingSession, Plan, SmartOverride
from charging.models.plans import MOST
from charging.models.sessions import EnergySource, OverrideSource
from charging.operations.place_prices import prices_at

MOST_KWH = 2000
"""No plug-in takes more: what says so is not believed."""

KnownPrices = dict[datetime, tuple[PriceInterval, date | None]]
"""By the start of each quarter its price, and the day it was recorded on where it is a sample."""


def measure(*, session: ChargingSession, plug_in: PlugIn, now: datetime) -> None:
    """Sets on `session` what its readings tell of energy, battery and money. Writes nothing.

    What it steers by must be set already: place, price area and the minimum from each instant on.
    """
    end = plug_in.unplugged_at or now
    overrides = _overrides_in(session, end)
    flows = divide(
        power_profile(plug_in.readings, session.vehicle.battery_capacity_kwh),
        session.as_steering(),
        [_takeover(row, end) for row in overrides],
    )
    known = _known_prices(session, end, now)
    bill = bill_of(flows, session.plugged_in_at, [known[at][0] for at in sorted(known)])
    session.unplugged_at, session.measured_at = plug_in.unplugged_at, end
    session.soc_from_percent, session.soc_to_percent = _levels(plug_in.readings, plug_in.unplugged_at is not None)
    _set_energy(session, bill, flows, plug_in.readings)
    session.override_source = _source(overrides) if session.override_energy_kwh else OverrideSource.NONE
    _set_plan(session, end)
    _set_costs(session, bill)
    session.quarters = [_stored(use, known[use.start][1]) for use in bill.quarters]
    session.prices_recorded_on = sorted({row[-1] for row in session.quarters if row[-1] is not None})


def _overrides_in(session: ChargingSession, end: datetime) -> list[SmartOverride]:
    rows = SmartOverride.objects.filter(
        vehicle=session.vehicle, created_at__gte=session.plugged_in_at, created_at__lt=end
    )
    return list(rows.order_by("created_at", "pk"))


def _takeover(override: SmartOverride, end: datetime) -> Takeover:
    """A start that the driver has claimed was noticed as late as any other that did not come from here."""
    is_foreign = override.is_from_elsewhere or override.is_claimed
    return Takeover(override.created_at, min(override.ended_at or end, end), is_foreign)


def _source(overrides: Sequence[SmartOverride]) -> OverrideSource:
    kinds = {row.is_from_elsewhere for row in overrides}
    if kinds == {True}:
        return OverrideSource.ELSEWHERE
    return OverrideSource.BOTH if True in kinds else OverrideSource.HERE


def _known_prices(session: ChargingSession, end: datetime, now: datetime) -> KnownPrices:
    """The published prices, or the sample, of the plug-in; what a session that is over rests on stays as it was.

    Where the driver pays in another currency by now, no price of today can be added to it.
    """
    period = prices_at(
        area_code=session.price_area_code,
        location=session.location,
        driver=session.vehicle.driver,
        start=session.plugged_in_at,
        end=end,
        now=now,
    )
    if period is None:
        return {}
    if session.currency not in ("", period.currency):
        if session.unplugged_at is not None:
            return _kept_prices(session)
        session.planned_cost = None
    session.currency = period.currency
    if session.unplugged_at is None:
        session.is_spot_only = period.terms is None or period.terms.is_spot_only
    rows = zip(period.intervals, period.recorded_on, strict=True)
    known: KnownPrices = {interval.start: (interval, day) for interval, day in rows}
    return known if session.unplugged_at is None else known | _kept_prices(session)


def _kept_prices(session: ChargingSession) -> KnownPrices:
    days = [date.fromisoformat(row[-1]) if row[-1] is not None else None for row in session.quarters]
    return {
        use.start: (PriceInterval(use.start, use.end, use.price_per_kwh), day)
        for use, day in zip(session.as_quarters(), days, strict=True)
    }


def _levels(readings: Sequence[Reading], has_ended: bool) -> tuple[float | None, float | None]:
    """The first level and the last; that of the reading without the cable only where the car has not driven since."""
    told = [reading.soc_percent for reading in readings[: -1 if has_ended else None] if reading.soc_percent is not None]
    if not told:
        return None, None
    after = readings[-1].soc_percent
    return told[0], told[-1] if after is None else max(told[-1], after)


def _set_energy(session: ChargingSession, bill: Bill, flows: Sequence[Flow], readings: Sequence[Reading]) -> None:
    is_told = any(reading.charging_power_kw is not None for reading in readings) or session.soc_from_percent is not None
    is_believed = is_told and bill.whole.energy_kwh <= MOST_KWH
    is_metered = all(flow.is_metered for flow in flows if flow.energy_kwh > 0)
    source = EnergySource.METERED if is_metered else EnergySource.ESTIMATED
    session.energy_source = source if is_believed else EnergySource.UNKNOWN
    session.energy_kwh = bill.whole.energy_kwh if is_believed else 0.0
    session.protective_energy_kwh = bill.protective.energy_kwh if is_believed else 0.0
    session.override_energy_kwh = bill.override.energy_kwh if is_believed else 0.0


def _set_plan(session: ChargingSession, end: datetime) -> None:
    """Whether a plan had a part in it, and what the first one whose prices were all known was to cost."""
    plans = Plan.objects.filter(vehicle=session.vehicle, created_at__gte=session.plugged_in_at, created_at__lte=end)
    session.has_plan = plans.exists()
    if session.planned_cost is None and session.currency:
        running = plans.filter(ended_at__isnull=True, smart_cost__isnull=False, currency=session.currency)
        session.planned_cost = running.values_list("smart_cost", flat=True).first()


def _set_costs(session: ChargingSession, bill: Bill) -> None:
    is_known = session.currency != "" and session.energy_source != EnergySource.UNKNOWN
    session.cost = _money(bill.whole.cost, is_known)
    session.cost_charged_at_once = _money(bill.cost_charged_at_once, is_known)
    session.protective_cost = _money(bill.protective.cost, is_known)
    session.override_cost = _money(bill.override.cost, is_known)
    session.has_all_prices = session.cost is not None and session.cost_charged_at_once is not None
    session.saving = _money(bill.saving, session.has_all_prices and session.has_plan)


def _money(amount: Decimal | None, is_known: bool) -> Decimal | None:
    """The amount as it is stored; None beyond what anything costs."""
    return round(amount, 4) if is_known and amount is not None and abs(amount) <= MOST else None


def _stored(use: QuarterUse, recorded_on: date | None) -> list[object]:
    day = recorded_on.isoformat() if recorded_on is not None else None
    energies = (round(use.energy_kwh, 6), round(use.energy_at_once_kwh, 6))
    return [use.start.isoformat(), use.end.isoformat(), str(use.price_per_kwh), *energies, day]
