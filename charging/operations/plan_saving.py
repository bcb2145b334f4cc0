"""What a running plan costs and saves, with what was charged against it in the same plug-in counted as paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from charging.core.cents import cents
from charging.core.facts import Window
from charging.models import ChargingSession, Plan, SmartOverride


@dataclass(frozen=True, slots=True)
class PlanMoney:
    """`cost` and `energy_kwh` are what the plan itself charges; `beside` is what was paid against it since it was made.

    All is in the plan's currency, against `at_once`: the whole need of the plug-in when the plan was made, charged
    from then on. `cost` is None while prices are missing, `beside` where what was charged against it has no price.
    """

    cost: Decimal | None
    energy_kwh: float
    beside: Decimal | None
    at_once: Decimal

    @property
    def saving(self) -> Decimal | None:
        """What is left as the saving of the plug-in; negative where it costs more, None where it is not known.

        In whole hundredths, as the amounts beside it are told: what is read adds up.
        """
        if self.cost is None or self.beside is None:
            return None
        return cents(self.at_once) - cents(self.cost) - cents(self.beside)


def plan_money(*, plan: Plan, windows: Sequence[Window], session: ChargingSession | None, now: datetime) -> PlanMoney:
    """Returns the money of a plan and of the plug-in `session` that it belongs to. Reads only.

    What was charged before the plan was made, and below the minimum, is the same on both sides: at once it would have
    been charged then as well. A window of the plan in which somebody else charged was not carried out, and is left out.
    """
    planned_kwh = sum(window.energy_kwh for window in windows)
    if session is None or session.override_energy_kwh <= 0:
        return PlanMoney(plan.smart_cost, planned_kwh, Decimal(0), plan.non_smart_cost)
    spans = _spans(session, now)
    lasting = sum((end - start for start, end in spans), timedelta())
    since = sum((_shared(span, (plan.created_at, now)) for span in spans), timedelta())
    part = Decimal(str(since / lasting)) if lasting else Decimal(1)
    taken_kwh, taken = 0.0, Decimal(0)
    for window in windows:
        if not window.is_forced:
            share = sum((_shared(span, (window.start, window.end)) for span in spans), timedelta())
            lost = share / (window.end - window.start)
            taken_kwh, taken = taken_kwh + window.energy_kwh * lost, taken + window.cost * Decimal(str(lost))
    beside = Decimal(0) if not part else None if session.override_cost is None else session.override_cost * part
    cost = None if plan.smart_cost is None else plan.smart_cost - taken
    return PlanMoney(cost, planned_kwh - taken_kwh, beside, plan.non_smart_cost)


def session_of(plan: Plan) -> ChargingSession | None:
    """Returns the plug-in that a running plan belongs to; None where nothing is measured of it yet."""
    newest = ChargingSession.objects.filter(vehicle_id=plan.vehicle_id).newest_first().defer("quarters").first()
    return newest if newest is not None and newest.plugged_in_at <= plan.created_at else None


def _spans(session: ChargingSession, now: datetime) -> list[tuple[datetime, datetime]]:
    """When somebody decided against the plan in this plug-in."""
    rows = SmartOverride.objects.filter(vehicle_id=session.vehicle_id, created_at__gte=session.plugged_in_at)
    return [(row.created_at, row.ended_at or now) for row in rows if row.created_at < (row.ended_at or now)]


def _shared(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> timedelta:
    return max(min(one[1], other[1]) - max(one[0], other[0]), timedelta())
