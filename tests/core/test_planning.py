from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from charging.core import planning, renewal
from charging.core.decide import decide
from charging.core.facts import Car, Facts, RunningPlan
from charging.core.need import Need, need_of
from charging.core.states import State
from tests.core.make import (
    DEADLINE,
    HOUR,
    JUST_OVER_AND_LATER,
    LATER,
    MINUTE,
    NOW,
    NOW_AND_LATER,
    NOW_ONLY,
    make_car,
    make_facts,
    make_full_car,
    make_plan,
    make_policy,
    make_prices,
    make_windows,
)

S = State
STILL = make_car(is_charging=False)


def need_in(facts: Facts) -> Need:
    need = need_of(facts.car, facts.policy)
    assert need is not None
    return need


def refreshed(facts: Facts, *, is_forced_anew: bool = False) -> RunningPlan:
    assert facts.plan is not None
    return planning.refresh(facts.plan, facts, need_in(facts), NOW, is_forced_anew=is_forced_anew)


def test_charging_up_to_the_minimum_comes_first_and_the_rest_in_the_cheap_hours() -> None:
    facts = make_facts(policy=make_policy(minimum_percent=59.0))

    plan = planning.make_plan(facts, need_in(facts), NOW, is_charging=True)

    assert plan is not None
    forced, *rest = plan.windows
    assert forced.is_forced
    assert forced.start == NOW
    assert (forced.end - forced.start) / HOUR == pytest.approx(6.0 / 7.2)
    assert float(forced.cost) == pytest.approx(6.0 * 0.40)
    assert not any(window.is_forced for window in rest)
    assert all(window.start >= NOW + 4 * HOUR for window in rest)
    assert float(plan.cost) == pytest.approx(6.0 * 0.40 + 14.0 * 0.10)
    assert float(plan.cost_charged_at_once) == pytest.approx(20.0 * 0.40)


def test_a_need_that_is_all_forced_is_one_window() -> None:
    facts = make_facts(policy=make_policy(minimum_percent=80.0))

    plan = planning.make_plan(facts, need_in(facts), NOW, is_charging=True)

    assert plan is not None
    assert [window.is_forced for window in plan.windows] == [True]
    assert plan.finish_at == plan.windows[0].end


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"policy": make_policy(deadline_at=None)}, id="no deadline"),
        pytest.param({"policy": make_policy(deadline_at=NOW)}, id="deadline passed"),
        pytest.param({"prices": ()}, id="no prices"),
        pytest.param({"prices": make_prices(((1, 0.1),))}, id="only prices of the past"),
    ],
)
def test_nothing_can_be_planned(changes: dict[str, Any]) -> None:
    facts = make_facts(**changes)

    assert planning.make_plan(facts, need_in(facts), NOW, is_charging=True) is None


def test_energy_drawn_evenly_costs_the_mean_of_the_prices_it_flows_through() -> None:
    prices = make_prices(((1, 0.10), (1, 0.30)), start=NOW)

    assert planning.cost_between(prices, NOW, NOW + 2 * HOUR, 10.0) == Decimal("2.0")
    assert planning.cost_between(prices, NOW + HOUR, NOW + 3 * HOUR, 10.0) == Decimal("3.0")
    assert planning.cost_between(prices, NOW + 3 * HOUR, NOW + 4 * HOUR, 10.0) == 0


@pytest.mark.parametrize(
    ("cost", "at_once", "windows", "is_worth_it"),
    [
        pytest.param("1.00", "1.05", LATER, True, id="five cents"),
        pytest.param("1.00", "1.049", LATER, False, id="less than five cents"),
        pytest.param("9.80", "10.00", LATER, True, id="two percent"),
        pytest.param("9.81", "10.00", LATER, False, id="less than two percent"),
        pytest.param("-10.20", "-10.00", LATER, True, id="two percent of negative prices"),
        pytest.param("1.00", "5.00", ((0.5, 3.0),), True, id="a pause of 30 minutes"),
        pytest.param("1.00", "5.00", ((0.45, 3.0),), False, id="a shorter pause"),
        pytest.param("1.00", "5.00", ((0.0, 1.0), (1.5, 3.0)), True, id="a pause between two windows"),
        pytest.param("1.00", "5.00", (), False, id="no windows"),
    ],
)
def test_a_plan_must_be_worth_it(
    cost: str, at_once: str, windows: tuple[tuple[float, float], ...], is_worth_it: bool
) -> None:
    facts = make_facts()
    plan = planning.make_plan(facts, need_in(facts), NOW, is_charging=True)
    assert plan is not None
    plan = replace(plan, cost=Decimal(cost), cost_charged_at_once=Decimal(at_once), windows=make_windows(windows))

    assert planning.is_worth_it(plan, facts, NOW) == is_worth_it


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param(make_facts(S.STOPPED, car=STILL), id="all of the need ahead"),
        pytest.param(make_facts(S.STARTED, plan=make_plan(NOW_AND_LATER)), id="charging as planned"),
        pytest.param(make_facts(S.STOPPED, car=replace(STILL, soc_percent=51.0)), id="a little less needed"),
        pytest.param(make_facts(S.STOPPED, car=replace(STILL, soc_percent=49.5)), id="a little more needed"),
        pytest.param(
            make_facts(S.STARTED, plan=make_plan(((-1.0, 2.6),)), car=make_car(observed_at=NOW - 12 * MINUTE)),
            id="charging, the last reading twelve minutes ago",
        ),
    ],
)
def test_a_plan_that_holds_stays_the_very_same(facts: Facts) -> None:
    assert refreshed(facts) is facts.plan


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        pytest.param(make_facts(S.STOPPED, car=replace(STILL, soc_percent=40.0)), "needs_longer", id="more needed"),
        pytest.param(
            make_facts(S.STOPPED, car=replace(STILL, observed_power_kw=5.0)), "needs_longer", id="slower than thought"
        ),
        pytest.param(make_facts(S.STOPPED, car=replace(STILL, soc_percent=65.0)), "needs_less", id="less needed"),
        pytest.param(
            make_facts(S.STOPPED, car=STILL, policy=make_policy(minimum_percent=60.0)), "below_minimum", id="below it"
        ),
    ],
)
def test_a_plan_changes_for_a_reason(facts: Facts, reason: str) -> None:
    plan = refreshed(facts)

    assert plan.reason == reason
    assert sum(window.energy_kwh for window in plan.windows) == pytest.approx(need_in(facts).energy_kwh)
    assert plan.windows[-1].end <= DEADLINE


def test_below_the_minimum_a_window_that_runs_is_left_as_it_is() -> None:
    facts = make_facts(S.STARTED, plan=make_plan(NOW_ONLY), policy=make_policy(minimum_percent=60.0))

    assert refreshed(facts) is facts.plan


@pytest.mark.parametrize(
    ("car", "minimum"),
    [
        pytest.param(make_car(observed_at=NOW - 45 * MINUTE), 60.0, id="the reading is older than the last window"),
        pytest.param(make_car(soc_percent=60.0, charge_limit_percent=100.0), 80.0, id="the battery tapers"),
    ],
)
def test_a_plan_that_was_made_anew_for_the_minimum_stays(car: Car, minimum: float) -> None:
    facts = make_facts(
        S.STARTED, car=car, plan=make_plan(JUST_OVER_AND_LATER), policy=make_policy(minimum_percent=minimum)
    )
    first = refreshed(facts)
    assert first.reason == "below_minimum"

    assert refreshed(replace(facts, plan=first)) is first


def test_what_has_been_charged_stays_in_the_plan_when_its_windows_change() -> None:
    facts = make_facts(S.STARTED, plan=make_plan(((-2.0, -1.5), (-0.5, 1.5))), car=make_car(soc_percent=40.0))

    plan = refreshed(facts)

    first, second, *rest = plan.windows
    assert (first.start, first.end) == (NOW - 2 * HOUR, NOW - 1.5 * HOUR)
    assert (second.start, second.end) == (NOW - 0.5 * HOUR, NOW)
    assert second.energy_kwh == pytest.approx(0.25 * 14.4)
    assert second.cost == Decimal("0.25")
    assert all(window.start >= NOW for window in rest)


def test_new_prices_that_save_the_threshold_change_the_plan() -> None:
    cheaper = make_prices(((8, 0.40), (3, 0.05), (4, 0.30)))
    facts = make_facts(S.STOPPED, car=STILL, plan=make_plan(LATER), prices=cheaper)

    plan = refreshed(facts)

    assert plan.reason == "prices_changed"
    assert plan.windows[0].start >= NOW + 6 * HOUR
    assert plan.smart_cost == pytest.approx(Decimal("1.0"), abs=Decimal("0.01"))


def test_new_prices_that_save_less_change_nothing_and_are_not_looked_at_again() -> None:
    about_as_dear = make_prices(((6, 0.40), (3, 0.10), (6, 0.299)))
    facts = make_facts(S.STOPPED, car=STILL, plan=make_plan(LATER), prices=about_as_dear)

    plan = refreshed(facts)

    assert facts.plan is not None
    assert renewal.spans(plan.windows) == renewal.spans(facts.plan.windows)
    assert plan.prices_hash != facts.plan.prices_hash
    assert refreshed(replace(facts, plan=plan)) is plan


def test_published_prices_replace_estimates_at_any_saving() -> None:
    estimated = make_prices(known_until=NOW + 3 * HOUR)
    plan = make_plan(LATER, is_estimate=True, prices=estimated)

    fresh = refreshed(make_facts(S.AWAITING_PRICES, car=STILL, plan=plan))

    assert fresh.reason == "prices_changed"
    assert fresh.smart_cost is not None
    assert not any(window.is_estimate for window in fresh.windows)


def test_a_plan_whose_prices_are_lost_stays_as_it_is() -> None:
    facts = make_facts(S.STOPPED, car=STILL, plan=make_plan(LATER), prices=())

    assert refreshed(facts) is facts.plan


def test_after_the_deadline_a_plan_is_not_made_longer() -> None:
    plan = make_plan(((-4.0, -1.0),), created_at=NOW - 9 * HOUR, deadline_at=NOW)
    facts = make_facts(S.STARTED, plan=plan, policy=make_policy(deadline_at=NOW))

    assert refreshed(facts) is plan


def test_estimates_and_published_prices_have_different_fingerprints() -> None:
    known, estimated = make_prices(), make_prices(known_until=NOW + HOUR)

    assert planning.prices_hash(known, NOW, DEADLINE) == planning.prices_hash(known, NOW, DEADLINE)
    assert planning.prices_hash(known, NOW, DEADLINE) != planning.prices_hash(estimated, NOW, DEADLINE)
    assert planning.prices_hash(known, NOW, NOW + HOUR) == planning.prices_hash(estimated, NOW, NOW + HOUR)


@pytest.mark.parametrize(
    ("spells", "left", "now_in", "next_in"),
    [
        pytest.param(LATER, 2.8, None, 4.0, id="later"),
        pytest.param(NOW_AND_LATER, 2.8, -0.5, 4.0, id="now and later"),
        pytest.param(JUST_OVER_AND_LATER, 2.8, None, 4.0, id="one just over"),
        pytest.param(NOW_ONLY, 2.8, -0.5, None, id="the last one"),
    ],
)
def test_windows_tell_what_is_left_what_runs_and_what_comes(
    spells: tuple[tuple[float, float], ...], left: float, now_in: float | None, next_in: float | None
) -> None:
    windows = make_windows(spells)
    current, coming = renewal.current_window(windows, NOW), planning.next_start(windows, NOW)

    assert renewal.remaining(windows, NOW) / HOUR == pytest.approx(left)
    assert (current and current.start) == (None if now_in is None else NOW + now_in * HOUR)
    assert (coming and coming.start) == (None if next_in is None else NOW + next_in * HOUR)


def test_at_the_end_of_the_last_window_the_car_charges_on_until_it_is_full() -> None:
    # Rounding and a slow start can leave a little: charging is the default, so nobody stops it.
    plan = make_plan(((-2.0, 0.0),))
    almost = make_facts(S.STARTED, plan=plan, car=make_car(soc_percent=79.7))

    assert decide(almost, NOW).state == S.STARTED
    assert decide(almost, NOW).command is None
    assert decide(replace(almost, car=make_full_car()), NOW).state == S.FINISHED


@pytest.mark.parametrize("state", [S.STOPPED, S.AWAITING_PRICES], ids=lambda state: state.name)
@pytest.mark.parametrize(("hours", "is_started"), [(3.08, True), (3.5, False)], ids=["reached", "still ahead"])
def test_a_held_car_starts_at_the_latest_safe_start(state: State, hours: float, is_started: bool) -> None:
    # 2 h 47 of charging, 10 minutes and 5 % of it in reserve: 3 h 5 min before the deadline.
    deadline = NOW + timedelta(hours=hours)
    plan = make_plan(((0.3, 3.1),), deadline_at=deadline, is_estimate=state == S.AWAITING_PRICES)
    facts = make_facts(state, car=STILL, plan=plan, policy=make_policy(deadline_at=deadline))

    assert (decide(facts, NOW).state == S.STARTING) == is_started
