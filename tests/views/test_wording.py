"""The wording: every state and sub-reason has its row, and each row reads as a person would say it."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser

from charging.core.facts import FailureCondition, Window
from charging.core.states import State
from charging.models import Location, Plan, Policy, Vehicle, VehicleView
from charging.views.situation import load_situation
from charging.views.sub_reasons import sub_reason
from charging.views.wording import WORDING
from tests import factories
from tests.views.cars import make_own_car, text_of, url

CASES: dict[tuple[State, str], dict[str, Any]] = {
    (State.DISABLED, ""): {},
    (State.DISABLED, "not_set_up"): {"policy": {"deadline": None}},
    (State.DISABLED, "paused_until_next_plug_in"): {"policy": {"is_paused_until_next_plug_in": True}},
    (State.DISABLED, "paused_until"): {"policy": {"paused_until": factories.at(8)}},
    (State.CONSIDERING, "position_unknown"): {
        "rule": "not_at_a_place",
        "view": {"position_observed_at": None, "location": None},
    },
    (State.CONSIDERING, "not_at_a_place"): {"view": {"location": None, "distance_m": 3100.0}},
    (State.CONSIDERING, "not_plugged_in"): {"view": {"is_plugged_in": False, "plugged_in_at": None}},
    (State.CONSIDERING, "old_level"): {"view": {"soc_observed_at": factories.NOW - timedelta(hours=5)}},
    (State.CONSIDERING, "below_minimum"): {"view": {"soc_percent": 12.0, "is_charging": True}},
    (State.UNKNOWN, "no_prices"): {},
    (State.UNKNOWN, "not_capable"): {"vehicle": {"is_capable": False}},
    (State.STOP_FAILED, ""): {
        "command": {"kind": "STOP", "attempts": 2, "hold_until": factories.NOW, "hold_renew_by": factories.NOW},
        "view": {"is_charging": True},
    },
    (State.START_FAILED, ""): {
        "command": {"attempts": 3, "next_sending_at": factories.NOW + timedelta(minutes=4)},
    },
    (State.STARTED, ""): {
        "view": {"is_charging": True, "charging_power_kw": 11.0},
        "windows": (Window(factories.NOW - timedelta(hours=1), factories.at(3), 40.0, Decimal("1")),),
    },
    (State.CONSIDERING, "late"): {
        "rule": "too_little_time",
        "now": factories.at(6, 30),
        "view": {"is_charging": True, "observed_at": factories.at(6, 28)},
    },
    (State.CONSIDERING, "turned_on_late"): {
        "rule": "too_little_time",
        "now": factories.at(6, 30),
        "view": {
            "is_charging": True,
            "plugged_in_at": factories.at(6, 20),
            "observed_at": factories.at(6, 28),
            "position_observed_at": factories.at(6, 20),
        },
        "turned_on": factories.at(6, 20),
    },
    (State.STARTED, "late"): {
        "now": factories.at(6, 30),
        "view": {"is_charging": True, "observed_at": factories.at(6, 28)},
    },
    (State.CHARGE_INTERRUPTED, ""): {"command": {"next_sending_at": factories.NOW + timedelta(minutes=5)}},
    (State.OVERRIDDEN, ""): {"override": {}},
    (State.OVERRIDDEN, "from_elsewhere"): {"override": {"is_from_elsewhere": True}},
    (State.FINISHED, "late"): {
        "plan": {"failure_condition": FailureCondition.FINISHED_LATE, "ended_at": factories.at(7, 40)},
        "now": factories.at(7, 45),
    },
    (State.ENDED_DISABLED, "paused_until_next_plug_in"): {"policy": {"is_paused_until_next_plug_in": True}},
    (State.ENDED_DISABLED, "paused_until"): {"policy": {"paused_until": factories.at(8)}},
    (State.ENDED_DISABLED, "place_removed"): {"policy": {"is_enabled": True}},
}
"""What makes a case what it is; rows that are not named here need nothing but their state and rule."""


def set_up(vehicle: Vehicle, case: dict[str, Any]) -> None:
    Policy.objects.filter(vehicle=vehicle).update(**case.get("policy", {}) or {"version": 1})
    Vehicle.objects.filter(pk=vehicle.pk).update(**case.get("vehicle", {}) or {"model": "ID.4"})
    if "plan" in case:
        Plan.objects.filter(vehicle=vehicle).update(**case["plan"])
    if "windows" in case:
        Plan.objects.filter(vehicle=vehicle).delete()
        factories.make_plan(vehicle=vehicle, windows=case["windows"])
    if "turned_on" in case:
        factories.make_activity(vehicle=vehicle, code="turned_on", at=case["turned_on"])
    if "override" in case:
        factories.make_override(vehicle=vehicle, **case["override"])
    if "command" in case:
        factories.make_command(vehicle=vehicle, **case["command"])


def rows() -> list[Any]:
    return [pytest.param(state, sub, id=f"{state.name}-{sub or 'plain'}") for state, sub in WORDING]


def make_case(browser: Browser, state: State, sub: str) -> Vehicle:
    case = CASES.get((state, sub), {})
    is_reason = state == State.CONSIDERING
    rule = case.get("rule", sub if is_reason else "as before")
    vehicle = make_own_car(browser, state, rule=rule, view=case.get("view"))
    if state == State.FAILED and sub:
        case = case | {"plan": {"failure_condition": sub}}
    if case.get("now"):
        driver = vehicle.driver
        driver.clock_own_anchor = case["now"]
        driver.clock_wall_anchor = factories.NOW
        driver.save()
    if state == State.CONSIDERING and sub == "no_place":
        VehicleView.objects.filter(vehicle=vehicle).update(location=None)
        Location.objects.filter(driver=vehicle.driver).delete()
    set_up(vehicle, case)
    return Vehicle.objects.with_everything_shown().get(pk=vehicle.pk)


@pytest.mark.usefixtures("story_time")
@pytest.mark.django_db
@pytest.mark.parametrize(("state", "sub"), rows())
def test_ux_24_every_state_and_sub_reason_is_said_in_plain_words(client: Browser, state: State, sub: str) -> None:
    vehicle = make_case(client, state, sub)
    words = WORDING[state, sub]

    page = text_of(client.get(url("car", vehicle)))

    assert sub_reason(load_situation(vehicle, vehicle.driver.clock_own_anchor)) == sub
    shown = re.sub(r"<[^>]*>", " ", page[page.index("<main") : page.index("</main>")])
    headline = page[page.index('<h1 id="headline">') : page.index("</h1>")].partition(">")[2]
    sentence = page[page.index('<p class="lead">') :].partition(">")[2].partition("<")[0]
    assert headline == headline.strip() != ""
    assert len(sentence) > 10
    assert "%(" not in shown
    assert "error" not in shown.lower()
    assert "None" not in shown
    assert not [each for each in State if f" {each.value} " in shown or ("_" in each.name and each.name in shown)]
    assert f'data-state="{state.value}"' in page
    assert f"tone {words.tone}" in page


def test_ux_24_all_eighteen_states_have_a_row() -> None:
    assert {state for state, _sub in WORDING} == set(State)


@pytest.mark.usefixtures("story_time")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "sub", "expected"),
    [
        (State.STOPPED, "", "Starts tomorrow 01:45. Ready by 07:00. Waiting saves about 1.52 EUR."),
        (State.STARTED, "", "11 kW, until tomorrow 03:00. 38 % now, 80 % expected then."),
        (State.OVERRIDDEN, "", "Until full (80 %). Smart charging is waiting."),
        (
            State.OVERRIDDEN,
            "from_elsewhere",
            "Charging was started at 22:04, not by us. We have stepped back so that we do not work against you.",
        ),
        (State.CONSIDERING, "old_level", "The newest that we know is 5 h old, from before your car came."),
        (State.CONSIDERING, "not_at_a_place", "Your car is about 3 km from Home, so it charges normally here."),
        (
            State.CONSIDERING,
            "below_minimum",
            "Battery 12 %. Up to 20 % we charge at any price. Then we wait for cheap hours.",
        ),
        (State.FAILED, "START_FAILED", "38 % instead of 80 %. The car did not start when we asked it to."),
        (State.FINISHED, "late", "38 % at 07:40, 40 min after your time."),
    ],
    ids=lambda value: value.name if isinstance(value, State) else "",
)
def test_sentences_carry_their_values(client: Browser, state: State, sub: str, expected: str) -> None:
    vehicle = make_case(client, state, sub)

    page = text_of(client.get(url("car", vehicle))).replace("\N{NO-BREAK SPACE}", " ")

    assert expected in page


@pytest.mark.usefixtures("story_time")
@pytest.mark.django_db
def test_a_car_that_has_not_answered_for_long_is_said_to_be_out_of_sight(client: Browser) -> None:
    vehicle = make_own_car(client, view={"observed_at": factories.NOW - timedelta(minutes=80)})

    page = text_of(client.get(url("car", vehicle)))

    assert "We have lost sight of your car." in page
    assert "Your car does not answer" in page
