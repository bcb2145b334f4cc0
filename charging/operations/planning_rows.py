"""Keeping the narrow row from which a price area is planned in step with every evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from charging.core.decision import Decision
from charging.core.facts import Facts
from charging.core.facts_json import fingerprint
from charging.core.planning_facts import planning_facts
from charging.core.tariffs import Charge, PriceTerms
from charging.models import Plan, PlanningRow, Vehicle
from charging.operations.prices import PricePeriod


@transaction.atomic(savepoint=False)
def keep_planning_row(
    *,
    vehicle: Vehicle,
    facts: Facts,
    decision: Decision,
    plan: Plan | None,
    period: PricePeriod | None,
    now: datetime,
) -> None:
    """Writes, changes or deletes the row of a car that has just been evaluated; writes nothing where it is right.

    Cars whose clock is not the wall's live on sample prices and have no row.
    """
    known: PlanningRow | None = getattr(vehicle, "planning_row", None)
    values = planning_values(vehicle=vehicle, facts=facts, decision=decision, plan=plan, period=period, now=now)
    if values is None:
        if known is not None:
            known.delete()
    elif known is None:
        PlanningRow.objects.create(vehicle=vehicle, **values)
    elif any(getattr(known, name) != value for name, value in values.items()):
        PlanningRow.objects.filter(pk=vehicle.pk).update(**values, version=known.version + 1)


def planning_values(
    *, vehicle: Vehicle, facts: Facts, decision: Decision, plan: Plan | None, period: PricePeriod | None, now: datetime
) -> dict[str, Any] | None:
    """What the row of a car says after its evaluation, by column; None where it has none."""
    kept = planning_facts(facts, decision, now) if vehicle.driver.clock.shows_wall_time else None
    if kept is None or plan is None or period is None or not period.area_code:
        return None
    return PlanningRow.values_of(kept) | {
        "plan_id": plan.pk,
        "location_id": facts.location_id,
        "area_code": period.area_code,
        "terms_key": terms_key(period),
        "minimum_percent": facts.policy.minimum_percent,
    }


def terms_key(period: PricePeriod) -> str:
    """Equal for places where the same terms hold; empty where the market's price alone counts."""
    terms = period.terms
    return "" if terms is None else fingerprint([*_terms(terms), period.currency])


def _terms(terms: PriceTerms) -> list[object]:
    known = (terms.spot_factor, terms.spot_fee_per_kwh, terms.vat_percent, terms.exchange_rate)
    amounts = ["" if amount is None else str(amount.normalize()) for amount in known]
    return [terms.timezone_name, *amounts, _charges(terms.rates), _charges(terms.grid_fees)]


def _charges(charges: Sequence[Charge]) -> list[object]:
    return [
        [
            str(charge.price_per_kwh.normalize()),
            charge.span.from_minute,
            charge.span.to_minute,
            sorted(charge.span.weekdays),
            sorted(charge.span.months),
        ]
        for charge in charges
    ]
