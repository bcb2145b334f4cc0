"""What the running plan of a car rests on beside its prices: enough to plan it again when those change, and no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from charging.core.decision import Decision
from charging.core.facts import Facts, RunningPlan, Window
from charging.core.need import Need, need_of
from charging.core.renewal import Standing
from charging.core.states import WAITING, State


@dataclass(frozen=True, slots=True)
class PlanningFacts:
    """A car with a plan that nothing but prices stands to change until somebody looks at it again.

    `power_kw` is constant, taper included; `duration` is the whole charging time, counted from `observed_at` while the
    car charges. Of a car that waits that instant says nothing: it is the one of the plan, so that readings which bring
    nothing new change nothing here. `max_windows` counts the starts that are left in this plug-in.
    """

    created_at: datetime
    deadline_at: datetime
    observed_at: datetime
    is_charging: bool
    energy_kwh: float
    power_kw: float
    duration: timedelta
    reserve: timedelta
    max_windows: int
    min_window: timedelta
    prices_hash: str
    windows: tuple[Window, ...]

    @property
    def standing(self) -> Standing:
        """The part of the plan that prices can change."""
        return Standing(self.windows, self.created_at, self.deadline_at)


def planning_facts(facts: Facts, decision: Decision, now: datetime) -> PlanningFacts | None:
    """What is to be kept of a car after this decision; None where more than prices decide how it goes on.

    That is so for a car that is being started or stopped, is overridden, has to reach its minimum, or has only the
    hours that somebody else's schedule leaves.
    """
    plan, need = decision.plan, need_of(facts.car, facts.policy)
    if plan is None or need is None or facts.car.observed_at is None:
        return None
    if not _is_calm(facts, decision, plan, need, now):
        return None
    return PlanningFacts(
        created_at=plan.created_at,
        deadline_at=plan.deadline_at,
        observed_at=facts.car.observed_at if facts.car.is_charging else plan.created_at,
        is_charging=facts.car.is_charging is True,
        energy_kwh=need.energy_kwh,
        power_kw=need.power_kw,
        duration=need.duration,
        reserve=need.reserve,
        max_windows=windows_left(facts),
        min_window=facts.policy.min_window,
        prices_hash=plan.prices_hash,
        windows=plan.windows,
    )


def windows_left(facts: Facts) -> int:
    """How many windows a plan may have: what the policy allows, as long as starts are left in this plug-in."""
    return min(facts.policy.max_windows, max(1, facts.thresholds.max_starts - facts.this_plug_in.starts))


def _is_calm(facts: Facts, decision: Decision, plan: RunningPlan, need: Need, now: datetime) -> bool:
    is_charging = facts.car.is_charging is True
    is_as_planned = decision.state in (frozenset({State.STARTED}) if is_charging else WAITING)
    has_own_rules = bool(facts.foreign_window) or facts.override is not None
    has_forced_part = need.forced_energy_kwh > 0 or decision.is_protecting or facts.is_protecting
    is_forced_ahead = any(window.is_forced and window.end > now for window in plan.windows)
    return (
        is_as_planned
        and plan.ended_at is None
        and plan.deadline_at == facts.policy.deadline_at
        and facts.location_id is not None
        and not (has_own_rules or has_forced_part or is_forced_ahead)
    )
