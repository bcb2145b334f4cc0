"""The status of smart charging, in every state a car can be in."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from charging.api import schemas
from charging.api.plan_reasons import SENTENCES
from charging.core.facts import Window
from charging.core.fleet_planner import Reason
from charging.core.foreign_window import REASON as FOREIGN_WINDOW
from charging.core.renewal import Change
from charging.core.states import ENDED, State
from charging.models import Vehicle
from charging.operations.evaluation import evaluate
from tests.api.callers import make_caller
from tests.factories import (
    NOW,
    at,
    make_command,
    make_considerations,
    make_driver,
    make_override,
    make_parked_car,
    make_plan,
    make_price_area,
    make_prices,
    make_terms,
    make_vehicle,
)

pytestmark = pytest.mark.django_db


def status_of(car: Vehicle) -> Any:
    answer = make_caller(car.driver.client).get(f"/api/vehicles/{car.public_id}/smart-charging-status")
    assert answer.status_code == 200
    return answer.json()


@pytest.mark.parametrize("state", State)
def test_every_state_is_shown_with_a_plan_where_it_has_one(state: State) -> None:
    body = status_of(make_parked_car(state=state))

    assert schemas.Status.model_validate(body).model_dump(mode="json", by_alias=True) == body
    assert body["state"] == state.value
    assert (body["plan"] is not None) == state.value.startswith("PLAN:")
    assert (body["consideration"] is not None) == (state == State.CONSIDERING)
    if state.value.startswith("PLAN:"):
        assert body["plan"]["finalState"] == (state.value if state in ENDED else None)
        assert (body["plan"]["startAt"] is None) == (state == State.AWAITING_PRICES)


def test_a_considered_car_says_which_conditions_hold() -> None:
    car = make_parked_car(state=State.CONSIDERING)
    car.considerations = make_considerations(has_time_estimate=False)
    car.save()

    assert status_of(car)["consideration"] == {
        "isPluggedIn": True,
        "isCharging": False,
        "atChargingLocation": True,
        "hasTimeEstimate": False,
        "isSmartChargeCapable": True,
        "needsSignificantCharge": True,
        "hasChargeAboveThreshold": True,
        "singleUser": True,
        "wontStopExistingChargingSession": True,
        "likelyToGenerateSavings": False,
    }


def test_a_considered_car_that_was_not_evaluated_yet_has_no_condition_unknown() -> None:
    considered = status_of(make_parked_car(state=State.CONSIDERING))["consideration"]

    assert set(considered.values()) == {False}


WINDOWS = (Window(at(1), at(2), 11.0, Decimal("0.9")), Window(at(3, 30), at(4, 20), 9.2, Decimal("0.62")))


def test_a_plan_has_every_key_of_the_contract() -> None:
    car = make_parked_car(state=State.CONSIDERING)
    car.state = State.STOPPED
    car.save()
    home = car.driver.locations.get()
    plan = make_plan(vehicle=car, windows=WINDOWS, location=home, stop_confirmed_at=NOW)

    assert status_of(car)["plan"] == {
        "id": str(plan.public_id),
        "vehicleId": str(car.public_id),
        "userId": car.driver.external_id,
        "locationId": str(home.public_id),
        "vendor": "VOLKSWAGEN",
        "currency": "EUR",
        "nonSmartCost": 2.6254,
        "smartCost": 1.52,
        "stopAt": "2025-12-10T01:00:00Z",
        "startAt": "2025-12-10T00:00:00Z",
        "estimatedFinishAt": "2025-12-10T03:20:00Z",
        "stopConfirmedAt": "2025-12-09T21:04:00Z",
        "startConfirmedAt": None,
        "endedAt": None,
        "finalState": None,
        "failureCondition": None,
        "windows": [
            {"startAt": "2025-12-10T00:00:00Z", "stopAt": "2025-12-10T01:00:00Z", "energyKwh": 11.0, "cost": 0.9},
            {"startAt": "2025-12-10T02:30:00Z", "stopAt": "2025-12-10T03:20:00Z", "energyKwh": 9.2, "cost": 0.62},
        ],
        "reserveMinutes": 20,
        "reason": "The car waits for cheaper hours before the deadline.",
        "createdAt": "2025-12-09T18:04:00Z",
        "deadlineAt": "2025-12-10T06:00:00Z",
        "pricesRecordedOn": ["2025-12-09", "2025-12-10"],
    }


@pytest.mark.parametrize(
    ("hours_later", "start_at", "stop_at"),
    [
        pytest.param(0, "2025-12-10T00:00:00Z", "2025-12-10T01:00:00Z", id="before both windows"),
        pytest.param(3.5, "2025-12-10T02:30:00Z", "2025-12-10T01:00:00Z", id="in the first"),
        pytest.param(4.5, "2025-12-10T02:30:00Z", "2025-12-10T03:20:00Z", id="between them"),
        pytest.param(9, "2025-12-10T02:30:00Z", "2025-12-10T03:20:00Z", id="after both, the last ones"),
    ],
)
def test_a_plan_shows_its_next_start_and_stop(hours_later: float, start_at: str, stop_at: str) -> None:
    car = make_parked_car(state=State.CONSIDERING)
    car.state = State.STARTED
    car.save()
    make_plan(vehicle=car, windows=WINDOWS)
    car.driver.clock_own_anchor = NOW + timedelta(hours=hours_later)
    car.driver.save()

    plan = status_of(car)["plan"]

    assert (plan["startAt"], plan["stopAt"]) == (start_at, stop_at)


def test_a_plan_without_all_prices_has_no_cost_yet() -> None:
    car = make_parked_car(state=State.CONSIDERING)
    car.state = State.AWAITING_PRICES
    car.save()
    make_plan(vehicle=car, smart_cost=None)

    plan = status_of(car)["plan"]

    assert (plan["smartCost"], plan["startAt"]) == (None, None)


def test_the_newest_plan_is_shown_and_an_old_one_is_not_shown_without_a_plan_state() -> None:
    car = make_parked_car(state=State.FINISHED)
    make_plan(vehicle=car, created_at=NOW - timedelta(days=1), final_state="PLAN:ENDED:UNPLUGGED")

    assert status_of(car)["plan"]["finalState"] == "PLAN:ENDED:FINISHED"

    car.state = State.CONSIDERING
    car.save()
    assert status_of(car)["plan"] is None


def test_an_override_is_shown_until_the_cable_is_pulled() -> None:
    car = make_parked_car(state=State.OVERRIDDEN)
    make_override(vehicle=car, created_at=NOW - timedelta(days=1), ended_at=NOW - timedelta(hours=20))
    make_override(vehicle=car, created_at=NOW - timedelta(hours=1))
    make_command(vehicle=car, purpose="plan", status="CONFIRMED", created_at=NOW - timedelta(hours=2))
    start = make_command(vehicle=car, purpose="override", created_at=NOW - timedelta(hours=1))

    assert status_of(car)["smartOverride"] == {
        "createdAt": "2025-12-09T20:04:00Z",
        "endedAt": None,
        "targetType": "vehicle",
        "targetId": str(car.public_id),
        "vendorActionId": str(start.public_id),
    }

    car.view.is_plugged_in, car.view.plugged_in_at = False, None
    car.view.save()
    assert status_of(car)["smartOverride"] is None


def test_an_override_from_elsewhere_has_no_action_of_ours() -> None:
    car = make_parked_car(state=State.OVERRIDDEN)
    make_override(vehicle=car, is_from_elsewhere=True, ended_at=NOW)

    override = status_of(car)["smartOverride"]

    assert (override["vendorActionId"], override["endedAt"]) == (None, "2025-12-09T21:04:00Z")


def test_a_pause_says_when_it_is_over() -> None:
    car = make_parked_car(state=State.DISABLED)
    car.policy.paused_until = NOW + timedelta(hours=10)
    car.policy.save()

    assert status_of(car)["pausedUntil"] == "2025-12-10T07:04:00Z"


def test_a_car_that_was_never_evaluated_was_updated_when_its_state_began() -> None:
    car = make_vehicle(driver=make_driver(), evaluated_at=None)

    assert status_of(car)["updatedAt"] == "2025-12-09T21:04:00Z"


def test_every_reason_of_the_planner_has_a_sentence() -> None:
    assert {reason.value for reason in Reason} <= set(SENTENCES)


def test_every_reason_for_a_change_of_the_plan_has_a_sentence() -> None:
    assert {change.value for change in Change} <= set(SENTENCES)


def test_a_plan_within_the_hours_of_another_schedule_says_so() -> None:
    assert FOREIGN_WINDOW in SENTENCES


def test_a_plan_is_in_the_currency_of_the_bill() -> None:
    car = make_parked_car(state=State.CONSIDERING)
    make_prices(area=make_price_area(), day_start=NOW, prices=["0.30"] * 16 + ["0.10"] * 80)
    make_terms(location=car.driver.locations.get(), currency="NOK", exchange_rate=Decimal("11.70"))

    evaluate(vehicle=car, now=NOW, trigger="test")

    plan = status_of(car)["plan"]
    assert plan["currency"] == "NOK"
    assert plan["smartCost"] == pytest.approx(sum(window["cost"] for window in plan["windows"]), abs=0.001)
    kwh = sum(window["energyKwh"] for window in plan["windows"])
    assert plan["smartCost"] == pytest.approx(1.17 * kwh, rel=0.01)
