"""Calm: noisy readings do not make a plan flap (DESIGN 8)."""

from dataclasses import replace
from datetime import datetime
from random import Random

import pytest

from charging.core import planning, renewal
from charging.core.facts import RunningPlan
from charging.core.need import need_of
from charging.core.states import State
from tests.core.make import (
    JUST_OVER_AND_LATER,
    LATER,
    MINUTE,
    NOW,
    hours,
    make_car,
    make_facts,
    make_plan,
    make_policy,
)

HELD = make_car(is_charging=False)
POWER_KW = 7.2
SOC_PERCENT = 50.0


def changes_of(plan: RunningPlan, seed: int, soc_noise: float, power_noise: float) -> list[str]:
    """The reasons for which a held car's windows changed, read every five minutes until its window begins."""
    draw, reasons = Random(seed), []
    for number in range(48):
        now = NOW + number * 5 * MINUTE
        after = refreshed(plan, now, draw.uniform(-soc_noise, soc_noise), draw.uniform(-power_noise, power_noise))
        if renewal.spans(after.windows) != renewal.spans(plan.windows):
            reasons.append(after.reason)
        plan = after
    return reasons


def refreshed(plan: RunningPlan, now: datetime, soc_error: float, power_error: float) -> RunningPlan:
    car = replace(
        HELD,
        observed_at=now,
        soc_percent=SOC_PERCENT + soc_error,
        observed_power_kw=POWER_KW * (1 + power_error),
    )
    facts = make_facts(State.STOPPED, car=car, plan=plan)
    need = need_of(car, facts.policy)
    assert need is not None
    return planning.refresh(plan, facts, need, now, is_forced_anew=False)


@pytest.mark.parametrize("spells", [LATER, JUST_OVER_AND_LATER], ids=["one window", "one is over"])
@pytest.mark.parametrize("seed", range(20))
def test_readings_that_are_off_by_a_little_change_no_plan(spells: tuple[tuple[float, float], ...], seed: int) -> None:
    assert changes_of(make_plan(spells), seed, soc_noise=0.5, power_noise=0.01) == []


@pytest.mark.parametrize("seed", range(20))
def test_readings_that_are_off_by_more_change_a_plan_to_the_safe_side_only_and_few_times(seed: int) -> None:
    reasons = changes_of(make_plan(LATER), seed, soc_noise=2.0, power_noise=0.04)

    assert len(reasons) <= 3
    assert set(reasons) <= {renewal.Change.NEEDS_LONGER}


def test_a_car_that_needs_truly_more_gets_its_plan_changed_at_the_first_reading_and_once() -> None:
    plan = make_plan(LATER)

    first = refreshed(plan, NOW + hours(1), soc_error=-8.0, power_error=0.0)
    second = refreshed(first, NOW + hours(2), soc_error=-8.0, power_error=0.0)

    assert first.reason == renewal.Change.NEEDS_LONGER
    assert renewal.spans(first.windows) != renewal.spans(plan.windows)
    assert second == first


def test_a_plan_that_cannot_hold_the_need_is_told_so_once_and_keeps_its_first_reason() -> None:
    plan = make_plan(LATER)
    now = plan.deadline_at - hours(1)
    car = replace(HELD, observed_at=now, soc_percent=5.0, observed_power_kw=POWER_KW)
    facts = make_facts(State.STOPPED, car=car, plan=plan, policy=make_policy(minimum_percent=50.0))
    need = need_of(car, facts.policy)
    assert need is not None

    first = planning.refresh(plan, facts, need, now, is_forced_anew=False)
    second = planning.refresh(first, replace(facts, plan=first), need, now, is_forced_anew=False)

    assert first.reason == renewal.Change.BELOW_MINIMUM
    assert second == first
