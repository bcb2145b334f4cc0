"""Protective charging: below the minimum the car charges at once and without a break, whatever the price."""

from dataclasses import replace

import pytest

from charging.core.decide import decide
from charging.core.facts import CommandKind, CommandPurpose
from charging.core.need import need_of
from charging.core.states import State
from tests.core.make import (
    HOUR,
    NOW,
    NOW_ONLY,
    make_car,
    make_facts,
    make_full_car,
    make_plan,
    make_policy,
    make_prices,
    make_unplugged_car,
)

S = State


@pytest.mark.parametrize("price", [0.0, 0.4, 5.0])
def test_below_the_minimum_it_starts_at_once_whatever_the_price(price: float) -> None:
    facts = make_facts(
        car=make_car(is_charging=False, soc_percent=30.0, observed_power_kw=None),
        policy=make_policy(minimum_percent=40.0),
        prices=make_prices(((4, price), (11, 0.01))),
    )

    decision = decide(facts, NOW)

    assert decision.state == S.CONSIDERING
    assert decision.command is not None
    assert (decision.command.kind, decision.command.purpose) == (CommandKind.START, CommandPurpose.PROTECT)


def test_below_the_minimum_it_starts_even_where_no_prices_are_known() -> None:
    facts = make_facts(
        S.UNKNOWN, car=make_car(is_charging=False), policy=make_policy(minimum_percent=60.0), has_prices=False
    )

    command = decide(facts, NOW).command

    assert command is not None
    assert command.purpose == CommandPurpose.PROTECT


def test_below_the_minimum_a_charging_car_is_never_stopped() -> None:
    decision = decide(make_facts(policy=make_policy(minimum_percent=60.0)), NOW)

    assert decision.state == S.CONSIDERING
    assert decision.command is None


def test_the_effective_minimum_is_the_smaller_of_minimum_and_charge_limit() -> None:
    facts = make_facts(
        car=make_car(soc_percent=70.0, charge_limit_percent=80.0), policy=make_policy(minimum_percent=90)
    )

    assert decide(facts, NOW).rule == "below_minimum"
    assert decide(replace(facts, car=make_full_car()), NOW).state == S.FULLY_CHARGED


@pytest.mark.parametrize(
    ("soc_percent", "is_protecting", "goes_on"),
    [
        pytest.param(39.9, False, True, id="begins below the minimum"),
        pytest.param(40.0, False, False, id="does not begin at the minimum"),
        pytest.param(40.0, True, True, id="goes on at the minimum"),
        pytest.param(40.9, True, True, id="goes on for one percent more"),
        pytest.param(41.0, True, False, id="ends there"),
    ],
)
def test_a_battery_that_settles_does_not_begin_protective_charging_again(
    soc_percent: float, is_protecting: bool, goes_on: bool
) -> None:
    facts = make_facts(
        car=make_car(soc_percent=soc_percent), policy=make_policy(minimum_percent=40.0), is_protecting=is_protecting
    )

    decision = decide(facts, NOW)

    assert decision.is_protecting == goes_on
    assert (decision.rule == "below_minimum") == goes_on


def test_protective_charging_ends_at_the_limit_where_that_comes_first() -> None:
    facts = make_facts(car=make_full_car(), policy=make_policy(minimum_percent=80.0), is_protecting=True)

    decision = decide(facts, NOW)

    assert decision.state == S.FULLY_CHARGED
    assert not decision.is_protecting


def test_an_unplugged_car_is_not_protected() -> None:
    facts = make_facts(car=make_unplugged_car(soc_percent=30.0), policy=make_policy(minimum_percent=40.0))

    assert not decide(facts, NOW).is_protecting


def test_where_the_minimum_cannot_be_reached_in_time_all_is_charged_at_once_and_the_plan_stays() -> None:
    soon = NOW + HOUR
    policy = make_policy(minimum_percent=70.0, deadline_at=soon)
    plan = replace(make_plan(NOW_ONLY), deadline_at=soon)
    facts = make_facts(S.STARTED, plan=plan, car=make_car(soc_percent=20.0), policy=policy)
    need = need_of(facts.car, policy)
    assert need is not None
    assert need.forced_duration > HOUR

    first = decide(facts, NOW).plan

    assert first is not None
    (window,) = [window for window in first.windows if window.end > NOW]
    assert (window.start, window.end - window.start) == (NOW, need.duration)
    assert window.energy_kwh == pytest.approx(need.energy_kwh)
    # Protective charging has begun, and goes on to a little above the minimum.
    assert decide(replace(facts, plan=first, is_protecting=True), NOW).plan == first
