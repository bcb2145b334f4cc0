"""Facts and decisions survive being stored."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from charging.core.decide import decide
from charging.core.decision import Decision
from charging.core.facts import Facts, PowerDelivery, PriceInterval, Thresholds
from charging.core.facts_json import fingerprint, from_json, to_json
from charging.core.periods import Period
from charging.core.states import State
from tests.core.make import NOW, make_command, make_facts, make_hold, make_override, make_prices

FULL = make_facts(
    State.STOPPED,
    command=make_command(),
    hold=make_hold(),
    override=make_override(until_percent=60.0, until_at=NOW),
    safety_net_at=NOW,
    foreign_window=(Period(NOW, NOW + timedelta(hours=1)), Period(NOW + timedelta(hours=5), NOW + timedelta(hours=9))),
)


def stored(value: Any) -> Any:
    return json.loads(json.dumps(to_json(value)))


@pytest.mark.parametrize("facts", [make_facts(), FULL, make_facts(prices=())], ids=["considering", "full", "no prices"])
def test_facts_come_back_as_they_were(facts: Facts) -> None:
    assert from_json(Facts, stored(facts)) == facts


@pytest.mark.parametrize("state", list(State))
def test_what_comes_back_leads_to_the_same_decision(state: State) -> None:
    decision = decide(make_facts(state), NOW)

    again = decide(from_json(Facts, stored(make_facts(state))), NOW)

    assert again == decision
    assert from_json(Decision, stored(decision)) == decision


@pytest.mark.parametrize("price", [Decimal("0.10"), 0.1, -0.25])
def test_a_price_keeps_its_kind(price: Decimal | float) -> None:
    interval = PriceInterval(NOW, NOW + timedelta(minutes=15), price)

    again = from_json(PriceInterval, stored(interval))

    assert again == interval
    assert type(again.price_per_kwh) is type(price)


def test_durations_keep_their_microseconds() -> None:
    limits = Thresholds(unit=timedelta(days=3, microseconds=7))

    assert from_json(Thresholds, stored(limits)).unit == limits.unit


def test_fields_of_another_version_are_dropped_and_missing_ones_take_their_defaults() -> None:
    other = stored(FULL) | {"unheard_of": 1}
    del other["safety_net_at"]

    assert from_json(Facts, other) == replace(FULL, safety_net_at=None)


def test_a_missing_field_without_a_default_is_refused() -> None:
    with pytest.raises(TypeError):
        from_json(Facts, {"state": "DISABLED"})


def test_enumerations_are_stored_by_value() -> None:
    assert to_json(PowerDelivery.CHARGING) == "PLUGGED_IN:CHARGING"


def test_the_fingerprint_tells_facts_apart_and_knows_the_same_ones_again() -> None:
    same, other = fingerprint(stored(FULL)), fingerprint(stored(replace(FULL, prices=make_prices()[1:])))

    assert same == fingerprint(dict(reversed(stored(FULL).items())))
    assert same != other
    assert len(same) == 64


def test_what_facts_are_not_made_of_is_refused() -> None:
    @dataclass
    class Strange:
        things: object

    with pytest.raises(TypeError, match="object"):
        to_json(Strange(object()))
