"""API_CONTRACT 7.4: the conditions for a plan."""

from dataclasses import asdict, replace
from typing import Any

import pytest

from charging.core.case import Case
from charging.core.considerations import consider
from charging.core.decide import decide
from charging.core.decision import Considerations
from charging.core.states import State
from tests.core.make import (
    HOUR,
    MINUTE,
    NOW,
    make_car,
    make_facts,
    make_full_car,
    make_policy,
    make_prices,
    make_unplugged_car,
)

ALL_HOLD = asdict(
    Considerations(
        is_plugged_in=True,
        is_charging=True,
        at_charging_location=True,
        has_time_estimate=True,
        is_smart_charge_capable=True,
        needs_significant_charge=True,
        has_charge_above_threshold=True,
        single_user=True,
        wont_stop_existing_charging_session=True,
        likely_to_generate_savings=True,
    )
)


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        pytest.param({}, set(), id="a plan can be made"),
        pytest.param(
            {"car": make_unplugged_car()},
            {"is_plugged_in", "is_charging", "at_charging_location", "likely_to_generate_savings"},
            id="unplugged",
        ),
        pytest.param({"car": make_car(is_charging=False)}, {"is_charging"}, id="plugged in, not charging"),
        pytest.param(
            {"location_id": None}, {"at_charging_location", "likely_to_generate_savings"}, id="plugged in elsewhere"
        ),
        pytest.param(
            {"car": make_car(soc_percent=None)},
            {
                "has_time_estimate",
                "needs_significant_charge",
                "has_charge_above_threshold",
                "likely_to_generate_savings",
            },
            id="battery level unknown",
        ),
        pytest.param({"car": make_car(is_capable=False)}, {"is_smart_charge_capable"}, id="no remote control"),
        pytest.param({"car": make_car(soc_percent=70.0)}, {"needs_significant_charge"}, id="not significant"),
        pytest.param({"policy": make_policy(minimum_percent=51.0)}, {"has_charge_above_threshold"}, id="below minimum"),
        pytest.param({"policy": make_policy(minimum_percent=50.0)}, set(), id="at the minimum"),
        pytest.param({"is_single_user": False}, {"single_user"}, id="enabled by somebody else too"),
        pytest.param(
            {
                "policy": make_policy(previous_deadline_at=NOW - 10 * HOUR),
                "car": make_car(plugged_in_at=NOW - 10 * HOUR),
            },
            {"wont_stop_existing_charging_session"},
            id="plugged in before the last deadline",
        ),
        pytest.param(
            {"policy": make_policy(previous_deadline_at=NOW - 10 * HOUR), "car": make_car(plugged_in_at=None)},
            set(),
            id="instant of plugging in unknown",
        ),
        pytest.param({"prices": make_prices(((15, 0.2),))}, {"likely_to_generate_savings"}, id="a flat price"),
        pytest.param({"prices": ()}, {"likely_to_generate_savings"}, id="no prices"),
        pytest.param(
            {"policy": make_policy(is_enabled=False)}, {"likely_to_generate_savings"}, id="switched off: not worked out"
        ),
        pytest.param(
            {"car": make_full_car()},
            {"is_charging", "needs_significant_charge", "likely_to_generate_savings"},
            id="full",
        ),
    ],
)
def test_each_condition_is_told_apart(changes: dict[str, Any], missing: set[str]) -> None:
    found = asdict(decide(make_facts(**changes), NOW).considerations)

    assert {name for name, holds in found.items() if not holds} == missing
    assert found.keys() == ALL_HOLD.keys()


def test_while_a_plan_runs_savings_are_expected_without_another_look() -> None:
    facts = make_facts(State.STOPPED, car=make_car(is_charging=False))

    assert decide(facts, NOW).considerations.likely_to_generate_savings


@pytest.mark.parametrize(
    ("minutes", "energy_kwh", "is_significant"),
    [
        pytest.param(61, 3.1, True, id="more than an hour and a twentieth of the battery"),
        pytest.param(60, 3.1, False, id="an hour"),
        pytest.param(61, 3.0, False, id="a twentieth of the battery"),
    ],
)
def test_a_charge_is_significant_above_an_hour_and_a_twentieth_of_the_battery(
    minutes: int, energy_kwh: float, is_significant: bool
) -> None:
    case = Case(make_facts(), NOW)
    assert case.need is not None
    vars(case)["need"] = replace(case.need, duration=minutes * MINUTE, energy_kwh=energy_kwh)

    assert consider(case).needs_significant_charge is is_significant
