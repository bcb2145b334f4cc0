"""The money card: what a plan is to cost, and after it what was really paid."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser

from charging.core.facts import Window
from charging.core.states import State
from charging.models import Vehicle
from tests import factories
from tests.factories import NOW, WINDOW
from tests.views.cars import make_own_car, text_of, url
from tests.views.nights import make_night

PROTECTIVE: dict[str, Any] = {"protective_energy_kwh": 1.2, "protective_cost": Decimal("0.40")}
OVERRIDE: dict[str, Any] = {"override_energy_kwh": 5.0, "override_cost": Decimal("1.10"), "override_source": "here"}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story_time")]


def side_of(client: Browser, vehicle: Vehicle) -> str:
    return text_of(client.get(url("car_fragment", vehicle, "side"))).replace("\N{NO-BREAK SPACE}", " ")


def sums(page: str) -> dict[str, str]:
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page))


def sentence_of(client: Browser, vehicle: Vehicle) -> str:
    page = text_of(client.get(url("car", vehicle))).replace("\N{NO-BREAK SPACE}", " ")
    found = re.search(r'<p class="lead">(.*?)</p>', page)
    assert found is not None
    return found[1]


def test_a_running_plan_is_an_estimate_and_names_its_sample_prices(client: Browser) -> None:
    page = side_of(client, make_own_car(client))

    assert sums(page) == {
        "This plan": "about 1.11 EUR",
        "Average price": "3.1 cents per kWh",
        "From plug-in": "about 2.63 EUR",
        "Saving": "about 1.52 EUR",
    }
    assert "</span>Estimate</p>" in page
    assert "Spot price only. Prices are sample prices from 16 and 17 December 2025." in page


def test_real_prices_are_not_called_sample_prices(client: Browser) -> None:
    vehicle = make_own_car(client)
    area = factories.make_price_area()
    for day in (9, 10):
        factories.make_prices(area=area, day_start=factories.at(0, day=day), prices=[0.08] * 96)

    page = side_of(client, vehicle)

    assert "Spot price only. <a" in page


def test_a_plan_whose_place_is_gone_names_the_days_it_was_made_from(client: Browser) -> None:
    vehicle = make_own_car(client)
    vehicle.driver.locations.all().delete()

    assert "Prices are sample prices from 9 and 10 December 2025." in side_of(client, vehicle)


def test_what_was_charged_up_to_the_minimum_has_a_line_of_its_own(client: Browser) -> None:
    vehicle = make_own_car(client)
    make_night(vehicle, unplugged_at=None, **PROTECTIVE)

    found = sums(side_of(client, vehicle))

    assert found["Up to your minimum, at any price"] == "1.20 kWh, 0.40 EUR"
    assert found["This plan"] == "about 1.11 EUR"


def test_a_plan_that_is_still_to_lift_the_battery_to_the_minimum_says_so(client: Browser) -> None:
    vehicle = make_own_car(client)
    vehicle.plans.all().delete()
    forced = Window(NOW, NOW + timedelta(minutes=10), 1.8, Decimal("0.63"), is_forced=True)
    factories.make_plan(vehicle=vehicle, windows=(forced, WINDOW))

    assert sums(side_of(client, vehicle))["Up to your minimum, at any price"] == "1.80 kWh, 0.63 EUR"


def test_what_was_charged_against_the_plan_is_named_beside_it(client: Browser) -> None:
    vehicle = make_own_car(client)
    make_night(vehicle, unplugged_at=None, **OVERRIDE)

    assert sums(side_of(client, vehicle))["Charge now"] == "5.00 kWh, 1.10 EUR"


def make_charged_now(vehicle: Vehicle, begin: timedelta, **values: Any) -> None:
    """Charge now for half an hour, begun so long after the plan was made, in the plug-in of the plan."""
    start = NOW - timedelta(hours=3) + begin
    session = {"plugged_in_at": NOW - timedelta(hours=4), "unplugged_at": None}
    make_night(vehicle, **session | OVERRIDE | values)
    factories.make_override(vehicle=vehicle, created_at=start, ended_at=start + timedelta(minutes=30))


def test_what_was_charged_against_the_plan_is_paid_already_and_no_saving(client: Browser) -> None:
    vehicle = make_own_car(client)
    make_charged_now(vehicle, timedelta(hours=1))

    page = text_of(client.get(url("car", vehicle))).replace("\N{NO-BREAK SPACE}", " ")

    found = sums(page)
    assert found["This plan"] == "about 1.11 EUR"
    assert found["From plug-in"] == "about 2.63 EUR"
    assert found["Saving"] == "about 0.42 EUR", "2.63 less 1.11 and the 1.10 of Charge now"
    assert "Waiting saves about 0.42 EUR." in page
    assert "charging from plug-in would cost" not in page, "beside the plan alone"
    assert "saves about 0.42 EUR" in text_of(client.get(url("car_health", vehicle))).replace("\N{NO-BREAK SPACE}", " ")


def test_what_was_charged_before_the_plan_is_no_loss_of_it(client: Browser) -> None:
    vehicle = make_own_car(client)
    make_charged_now(vehicle, -timedelta(minutes=45))

    assert sums(side_of(client, vehicle))["Saving"] == "about 1.52 EUR"


def test_what_was_charged_against_the_plan_without_a_price_leaves_the_saving_open(client: Browser) -> None:
    vehicle = make_own_car(client)
    make_charged_now(vehicle, timedelta(hours=1), override_cost=None)

    assert "Saving" not in sums(side_of(client, vehicle))


def test_a_window_in_which_somebody_charged_is_not_paid_twice(client: Browser) -> None:
    vehicle = make_own_car(client)
    vehicle.plans.all().delete()
    start = NOW - timedelta(hours=2)
    lost = Window(start, start + timedelta(hours=1), 10.0, Decimal("0.80"))
    factories.make_plan(vehicle=vehicle, windows=(lost, WINDOW), non_smart_cost=Decimal("3.43"))
    make_charged_now(vehicle, timedelta(hours=1))

    found = sums(side_of(client, vehicle))

    assert found["This plan"] == "about 1.51 EUR", "half of the first window was not carried out"
    assert found["Saving"] == "about 0.82 EUR"


def test_the_last_plan_does_not_call_the_cost_of_the_whole_plug_in_its_own(client: Browser) -> None:
    vehicle = make_own_car(client, State.FINISHED)
    make_night(vehicle, **OVERRIDE)

    page = text_of(client.get(url("car", vehicle))).replace("\N{NO-BREAK SPACE}", " ")

    assert "</b> by plan. The whole charge since plug-in cost about <b>1.13 EUR</b>." in page


def test_a_plug_in_before_the_plan_has_no_line_in_it(client: Browser) -> None:
    vehicle = make_own_car(client)
    vehicle.plans.update(created_at=NOW - timedelta(hours=1))
    make_night(vehicle, plugged_in_at=NOW - timedelta(minutes=30), **PROTECTIVE)

    assert "Up to your minimum, at any price" not in sums(side_of(client, vehicle))


@pytest.mark.parametrize("state", [State.FINISHED, State.UNPLUGGED, State.FAILED], ids=lambda state: state.name)
def test_after_its_end_the_card_tells_what_was_really_paid(client: Browser, state: State) -> None:
    vehicle = make_own_car(client, state)
    session = make_night(vehicle, **PROTECTIVE)

    page = side_of(client, vehicle)

    assert sums(page) == {
        "Charged": "35.80 kWh",
        "Cost": "1.13 EUR",
        "Average price": "3.2 cents per kWh",
        "Up to your minimum, at any price": "1.20 kWh, 0.40 EUR",
        "From plug-in": "2.63 EUR",
        "Saving": "1.50 EUR",
    }
    assert "<h2>The night in money</h2>" in page
    assert "</span>Measured by the car</p>" in page
    assert f"{url('car_savings', vehicle)}?session={session.public_id}" in page


def test_what_is_estimated_from_the_battery_says_so(client: Browser) -> None:
    vehicle = make_own_car(client, State.FINISHED)
    make_night(vehicle, energy_source="estimated")

    page = side_of(client, vehicle)

    assert "</span>Estimated from the battery level</p>" in page
    assert sums(page)["Cost"] == "about 1.13 EUR"


def test_the_card_says_that_charging_against_the_plan_is_no_saving(client: Browser) -> None:
    vehicle = make_own_car(client, State.FINISHED)
    make_night(vehicle, **OVERRIDE)

    assert "What was charged against the plan is not counted as a saving. Spot price only." in side_of(client, vehicle)


def test_by_day_the_heading_does_not_speak_of_a_night(client: Browser) -> None:
    vehicle = make_own_car(client)
    vehicle.plans.all().delete()
    by_day = replace(WINDOW, start=NOW + timedelta(hours=13), end=NOW + timedelta(hours=15))
    factories.make_plan(vehicle=vehicle, windows=(by_day,))

    assert "<h2>In money</h2>" in side_of(client, vehicle)


def test_while_somebody_charges_against_the_plan_it_is_no_news_what_it_would_cost(client: Browser) -> None:
    vehicle = make_own_car(client, State.OVERRIDDEN)
    make_night(vehicle, unplugged_at=None)

    assert sums(side_of(client, vehicle)) == {}


@pytest.mark.parametrize(
    ("state", "values", "expected"),
    [
        (State.FINISHED, {}, "Saved about 1.50 EUR."),
        (
            State.FINISHED,
            {"cost": 3, "saving": Decimal("-0.375")},
            "It cost about 0.37 EUR more than charging at once.",
        ),
        (State.UNPLUGGED, {}, "Charged 35.8 kWh. Saved about 1.50 EUR."),
        (State.UNPLUGGED, {"has_plan": False, "saving": None}, "Charged 35.8 kWh. Plug in at Home"),
        (State.UNPLUGGED, {"energy_kwh": 0, "energy_source": "", "saving": None}, "yesterday 22:04. Plug in at Home"),
    ],
    ids=["finished", "finished dearer", "unplugged", "unplugged, no saving", "unplugged, nothing known"],
)
def test_the_sentence_of_an_end_speaks_of_what_really_happened(
    client: Browser, state: State, values: dict[str, Any], expected: str
) -> None:
    vehicle = make_own_car(client, state)
    vehicle.plans.update(non_smart_cost=9, smart_cost=1, ended_at=NOW - timedelta(days=1))
    make_night(vehicle, days_ago=0, **values)

    assert expected in sentence_of(client, vehicle)


def test_without_a_session_the_sentence_speaks_of_the_plan(client: Browser) -> None:
    vehicle = make_own_car(client, State.FINISHED)

    assert "Saved about 1.52 EUR." in sentence_of(client, vehicle)
    assert "This plan" in sums(side_of(client, vehicle))


def test_the_last_plan_names_what_was_really_paid(client: Browser) -> None:
    vehicle = make_own_car(client, State.FINISHED)
    make_night(vehicle, cost=Decimal("1.25"))

    page = text_of(client.get(url("car", vehicle))).replace("\N{NO-BREAK SPACE}", " ")

    assert "Charged <b>01:45–05:00</b> for about <b>1.25 EUR</b>." in page
