"""Protective charging: below the minimum the car charges at once and without a break, whatever the price."""

from dataclasses import replace

import pytest

from charging.core.decide import decide
from charging.core.facts import CommandKind, CommandPurpose
from charging.core.states import State
from tests.core.make import NOW, make_car, make_facts, make_full_car, make_policy, make_prices

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
