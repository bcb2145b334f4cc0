"""The card behind "What to check": the steps for the car's own brand, and the way to those for its charger's."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser

from charging.core.states import State
from charging.models import Plan, Vehicle
from charging.views.situation import load_situation
from charging.views.what_to_check import is_serious, what_to_check
from tests import factories
from tests.views.cars import make_own_car, text_of, url

GENERIC = "Open the app of your car and find the charging schedule."
VOLKSWAGEN = "Open the charging place that is saved for your home, in the car or in its app."
CABLE = "Pull the cable out and plug it in again."
CHARGER_TOO = "Do the same in the app of your charger, if it has one."

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story_time")]


def make_card(state: State = State.START_FAILED, failure: str = "", **values: Any) -> Any:
    """The card of a car in this state; `values` are of the car."""
    vehicle = factories.make_parked_car(state=state)
    Vehicle.objects.filter(pk=vehicle.pk).update(**{"model": "ID.4"} | values)
    Plan.objects.filter(vehicle=vehicle).update(failure_condition=failure)
    situation = load_situation(Vehicle.objects.with_everything_shown().get(pk=vehicle.pk), factories.NOW)
    card = what_to_check(situation)
    assert (card is not None and card.is_problem) is is_serious(situation)
    return card


def test_the_steps_are_those_of_the_cars_brand_and_say_where_they_come_from() -> None:
    card = make_card()

    assert VOLKSWAGEN in card.steps
    assert GENERIC not in card.steps
    assert card.source.url == "/guides/car/volkswagen/"
    assert CHARGER_TOO in [str(step) for step in card.steps]


def test_the_chargers_steps_are_one_press_away() -> None:
    card = make_card(charger_brand="Zaptec")

    assert [(str(action.label), action.url) for action in card.actions[1:]] == [
        ("Show steps for Zaptec", "/guides/charger/zaptec/")
    ]
    assert CHARGER_TOO not in [str(step) for step in card.steps]


@pytest.mark.parametrize(
    ("values", "links"),
    [
        pytest.param({"vendor": "HYUNDAI"}, ["Show steps for Hyundai"], id="not confirmed"),
        pytest.param(
            {"vendor": "POLESTAR", "model": ""},
            ["Show steps for Polestar 2", "Show steps for Polestar 3 and 4"],
            id="model not known",
        ),
        pytest.param({"vendor": "LUCID"}, [], id="no guide"),
    ],
)
def test_steps_that_are_not_certain_are_not_told_as_facts(values: dict[str, Any], links: list[str]) -> None:
    card = make_card(**values)

    assert card.steps[0] == GENERIC
    assert card.source is None
    assert [str(action.label) for action in card.actions] == ["Check now", *links]


@pytest.mark.parametrize(
    ("state", "failure", "title", "is_problem"),
    [
        (State.START_FAILED, "", "Your car may be waiting for its own timer", True),
        (State.STOP_FAILED, "", "Something else may be charging your car", True),
        (State.CHARGE_INTERRUPTED, "", "Look at the cable and the charger", False),
        (State.FAILED, "START_FAILED", "Your car may be waiting for its own timer", True),
        (State.FAILED, "STOP_FAILED", "Something else may be charging your car", True),
        (State.FAILED, "CHARGE_INTERRUPTED", "Look at the cable and the charger", True),
        (State.FAILED, "UNKNOWN", "Look at the cable and the charger", True),
        (State.FAILED, "", "Look at the cable and the charger", True),
    ],
    ids=lambda value: value.name if isinstance(value, State) else "",
)
def test_every_trouble_has_its_card(state: State, failure: str, title: str, is_problem: bool) -> None:
    card = make_card(state, failure)

    assert card.title == title
    assert card.is_problem is is_problem
    assert (CABLE in [str(step) for step in card.steps]) == (title == "Look at the cable and the charger")


def test_a_plan_that_was_only_late_needs_no_check() -> None:
    assert make_card(State.FAILED, "FINISHED_LATE") is None


def test_a_car_that_does_as_it_is_asked_needs_no_check() -> None:
    assert make_card(State.STARTED) is None


def test_the_button_of_the_status_card_leads_to_the_card(client: Browser) -> None:
    vehicle = make_own_car(client, State.START_FAILED)

    page = text_of(client.get(url("car", vehicle)))

    assert 'href="#check"' in page
    assert page.count('id="check"') == 1
    assert "Where these steps come from, for Volkswagen" in page
