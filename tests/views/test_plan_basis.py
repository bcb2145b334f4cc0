"""Where a plan rests on earlier plug-ins, its page says so."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from django.test import Client as Browser

from charging.core.states import State
from charging.models import Policy, Vehicle, VehicleView
from onboarding.first_plan import first_plan_context
from tests import factories
from tests.views.cars import make_own_car, text_of, url

pytestmark = pytest.mark.usefixtures("db", "story_time")

KNOWN = "Based on the last 3 times your car charged at Home, with about 11 kW."


def shown(browser: Browser, vehicle: Vehicle) -> str:
    return text_of(browser.get(url("car", vehicle))).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("powers_kw", "observed_kw", "sentence"),
    [
        pytest.param((11.0, 11.0, 11.0), 11.0, KNOWN, id="as usual"),
        pytest.param((11.0, 11.0, 11.0), None, KNOWN, id="not seen in this plug-in yet"),
        pytest.param(
            (11.0, 11.0, 11.0, 11.0),
            3.7,
            "Your car charges slower than it usually does at Home: 3.7 kW instead of about 11 kW. The plan allows for",
            id="slower than usual",
        ),
    ],
)
def test_a_plan_says_what_it_rests_on(
    client: Browser, powers_kw: tuple[float, ...], observed_kw: float | None, sentence: str
) -> None:
    vehicle = make_own_car(client, view={"observed_power_kw": observed_kw})
    factories.make_learned_power(vehicle=vehicle, powers_kw=powers_kw)

    page = shown(client, vehicle)

    assert "Ready tomorrow at about 05:00, 2 h in reserve." in page
    assert sentence in page


@pytest.mark.parametrize("powers_kw", [(11.0, 11.0), (11.0, 3.7, 11.0)], ids=["two charges", "never the same"])
def test_what_is_not_trusted_is_not_boasted_of(client: Browser, powers_kw: tuple[float, ...]) -> None:
    vehicle = make_own_car(client)
    factories.make_learned_power(vehicle=vehicle, powers_kw=powers_kw)

    page = shown(client, vehicle)

    assert "in reserve" in page
    assert "Based on" not in page


def test_the_plan_there_would_be_says_it_too(client: Browser) -> None:
    unplugged = {"is_plugged_in": False, "plugged_in_at": None, "observed_power_kw": None}
    vehicle = make_own_car(client, State.CONSIDERING, rule="not_plugged_in", view=unplugged)
    factories.make_learned_power(vehicle=vehicle)
    area = factories.make_price_area()
    factories.make_prices(area=area, day_start=factories.at(0, day=9), prices=[0.20] * 96)
    factories.make_prices(area=area, day_start=factories.at(0), prices=[0.20] * 8 + [0.02] * 20 + [0.20] * 68)

    page = shown(client, vehicle)

    assert "If you plug in now" in page
    assert KNOWN in page


def test_a_car_that_never_answered_has_nothing_to_rest_on(client: Browser) -> None:
    vehicle = make_own_car(client)
    factories.make_learned_power(vehicle=vehicle)
    VehicleView.objects.all().delete()

    page = shown(client, vehicle)

    assert "in reserve" in page
    assert "Based on" not in page


@pytest.mark.parametrize("is_known", [True, False], ids=["known at home", "a first night"])
def test_the_first_plan_says_when_it_is_ready_and_whether_it_is_an_estimate(client: Browser, is_known: bool) -> None:
    vehicle = make_own_car(client, view={"observed_power_kw": None})
    if is_known:
        factories.make_learned_power(vehicle=vehicle)

    context = first_plan_context(vehicle, factories.NOW)

    ready = context["ready"].replace("\N{NO-BREAK SPACE}", " ")
    assert ready.startswith("Ready tomorrow at about 05:00, 2 h in reserve.")
    assert (KNOWN in ready) is is_known
    assert any("first night is an estimate" in warning for warning in context["warnings"]) is not is_known


@pytest.mark.parametrize("is_charging", [True, False])
def test_a_car_that_charges_at_once_is_not_told_to(client: Browser, is_charging: bool) -> None:
    """Too late to wait: what is drawn is what happens, and nothing would be faster."""
    vehicle = make_own_car(client, state=State.CONSIDERING, rule="too_little_time", view={"is_charging": is_charging})
    vehicle.plans.all().delete()
    Policy.objects.filter(vehicle=vehicle).update(deadline=time(22, 30))

    page = text_of(client.get("/setup/first-plan/"))

    assert ("Your car charges already, without a break." in page) is is_charging
    assert ("How your car charges now" in page) is is_charging
    assert ("Press Charge now" in page) is not is_charging
    assert ("Example: what a plan would look like" in page) is not is_charging


@pytest.mark.parametrize(
    ("findings", "words"),
    [
        pytest.param([{}], "from 23:00 only", id="a timer"),
        pytest.param([{"cause": "window_end", "clock_time": time(4)}], "until 04:00 only", id="an end"),
        pytest.param([{}, {"cause": "window_end", "clock_time": time(4)}], "from 23:00 to 04:00 only", id="both"),
        pytest.param(
            [{}, {"cause": "reported_schedule", "clock_time": time(22)}], "from 23:00 only", id="seen goes before said"
        ),
    ],
)
def test_a_plan_that_keeps_to_the_hours_of_another_schedule_says_so(
    client: Browser, findings: list[dict[str, Any]], words: str
) -> None:
    vehicle = make_own_car(client)
    for values in findings:
        factories.make_finding(vehicle=vehicle, **values)

    page = shown(client, vehicle)

    assert f"Another schedule lets your car charge {words}, so the plan keeps to that." in page


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"status": "suspected"}, id="suspected"),
        pytest.param({"gone_at": factories.NOW}, id="gone"),
        pytest.param({"answer": "switched_off", "answered_at": factories.NOW}, id="switched off"),
        pytest.param({"cause": "undone", "clock_time": None}, id="no hours"),
    ],
)
def test_hours_that_the_plan_does_not_keep_to_are_not_told(client: Browser, values: dict[str, Any]) -> None:
    vehicle = make_own_car(client)
    factories.make_finding(vehicle=vehicle, **values)

    assert "Another schedule lets" not in shown(client, vehicle)
