"""What must hold before a plan, and why a car without one has none."""

from __future__ import annotations

from datetime import timedelta

from charging.core.case import Case
from charging.core.decision import Considerations


def consider(case: Case) -> Considerations:
    """The conditions for a plan, in the names of API_CONTRACT 7.4."""
    need, car = case.need, case.facts.car
    capacity = car.battery_capacity_kwh or 0.0
    return Considerations(
        is_plugged_in=case.is_plugged_in,
        is_charging=case.is_charging,
        at_charging_location=case.is_at_place,
        has_time_estimate=need is not None,
        is_smart_charge_capable=car.is_capable,
        needs_significant_charge=(
            need is not None and need.duration > timedelta(minutes=60) and need.energy_kwh > 0.05 * capacity
        ),
        has_charge_above_threshold=need is not None and not case.is_below_minimum,
        single_user=case.facts.is_single_user,
        wont_stop_existing_charging_session=not case.is_old_session,
        likely_to_generate_savings=case.has_running_plan or case.candidate_saves,
    )


def allows_plan(case: Case) -> bool:
    """Whether a plan may be made at all; whether it would save is another question."""
    return (
        case.is_at_place
        and case.need is not None
        and not case.is_full
        and case.facts.car.is_capable
        and case.facts.is_single_user
        and not case.is_below_minimum
        and not case.is_old_session
        and not case.override_is_active
        and case.is_heard
        and case.is_level_of_this_plug_in
    )


def reason_without_plan(case: Case) -> str:
    """A code for why a considered car has no plan; pages word it (UX 2.3). The first that applies."""
    return next(code for code, applies in _REASONS if applies(case))


_REASONS = (
    ("charge_now", lambda case: case.override_is_active),
    ("another_account", lambda case: not case.facts.is_single_user),
    ("no_place", lambda case: not case.facts.has_locations),
    ("not_plugged_in", lambda case: not case.is_plugged_in),
    ("not_at_a_place", lambda case: not case.is_at_place),
    ("no_estimate", lambda case: case.need is None),
    ("not_fresh", lambda case: not case.is_heard),
    ("old_level", lambda case: not case.is_level_of_this_plug_in),
    ("below_minimum", lambda case: case.is_below_minimum),
    ("old_session", lambda case: case.is_old_session),
    ("too_little_time", lambda case: case.latest_start is not None and case.latest_start <= case.now),
    ("nothing_to_save", lambda case: not case.candidate_saves),
    ("measuring_power", lambda case: case.has_to_measure),
    ("making_plan", lambda case: True),
)
