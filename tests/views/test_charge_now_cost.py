"""What Charge now costs more than the plan, to the limit, to a level and for some time: said before it is pressed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client as Browser

from charging.core.energy import energy_at_plug_kwh
from charging.core.facts import Window
from charging.core.states import State
from charging.models import SmartOverride, Vehicle
from tests import factories
from tests.views.cars import make_own_car, sign_in, text_of, url

NO_BREAK = "\N{NO-BREAK SPACE}"
BEFORE_MIDNIGHT, AFTER_MIDNIGHT = Decimal("0.30"), Decimal("0.10")


def cost_of(client: Browser, vehicle: Vehicle, **typed: str) -> str:
    """What the live part says of these values."""
    answer = client.get(url("charge_now_cost", vehicle), {"until": "full"} | typed, headers={"HX-Request": "true"})
    return text_of(answer).replace(NO_BREAK, " ")


@pytest.fixture
def vehicle(db: None, client: Browser, story_time: None) -> Vehicle:
    """At 22:04 a kilowatt-hour costs 30 cents until midnight and 10 after it, when the plan charges."""
    driver = factories.make_driver()
    area = factories.make_price_area()
    for day, price in ((9, BEFORE_MIDNIGHT), (10, AFTER_MIDNIGHT)):
        factories.make_prices(area=area, day_start=factories.at(0, day=day), prices=[float(price)] * 96)
    home = factories.make_location(driver=driver, price_area=area)
    vehicle = factories.make_vehicle(driver=driver, state=State.STOPPED, view={"location": home})
    factories.make_policy(vehicle=vehicle)
    energy_kwh = energy_at_plug_kwh(38, 80, 77)
    start = factories.at(1, 45)
    window = Window(
        start, start + timedelta(hours=3, minutes=15), energy_kwh, AFTER_MIDNIGHT * Decimal(str(energy_kwh))
    )
    factories.make_plan(vehicle=vehicle, location=home, windows=(window,))
    return sign_in(client, vehicle)


def dearer_by(energy_kwh: float) -> str:
    """What this much costs more before midnight than after it."""
    return f"{(BEFORE_MIDNIGHT - AFTER_MIDNIGHT) * Decimal(str(energy_kwh)):.2f} EUR"


def test_what_is_charged_now_for_some_time_is_dearer_and_the_rest_stays_cheap(
    client: Browser, vehicle: Vehicle
) -> None:
    said = cost_of(client, vehicle, until="minutes", minutes="30")

    assert f"Charging for 30 min now costs about {dearer_by(5.5)} more than the plan." in said


def test_what_is_charged_now_up_to_a_level_is_dearer_and_the_rest_stays_cheap(
    client: Browser, vehicle: Vehicle
) -> None:
    said = cost_of(client, vehicle, until="percent", percent="50")

    assert (
        f"Charging until 50 % now costs about {dearer_by(energy_at_plug_kwh(38, 50, 77))} more than the plan." in said
    )


def test_up_to_the_limit_costs_the_same_however_it_is_asked(client: Browser, vehicle: Vehicle) -> None:
    said = {
        cost_of(client, vehicle),
        cost_of(client, vehicle, until="percent", percent="80"),
        cost_of(client, vehicle, percent="80"),
    }

    assert len(said) == 1
    assert "Charging until 80 % now costs about" in said.pop()


@pytest.mark.parametrize(
    "typed",
    [
        {"until": "percent", "percent": "95"},
        {"until": "percent", "percent": "20"},
        {"until": "percent", "percent": "x"},
        {"until": "minutes", "minutes": "1"},
    ],
    ids=["above the limit", "below the level", "no number", "too short"],
)
def test_nothing_is_said_of_what_cannot_be(client: Browser, vehicle: Vehicle, typed: dict[str, str]) -> None:
    assert cost_of(client, vehicle, **typed).strip() == ""


def test_where_the_plan_is_no_cheaper_it_costs_no_more(client: Browser, vehicle: Vehicle) -> None:
    plan = vehicle.plans.get()
    plan.windows.update(cost=Decimal(100))

    assert "That costs no more than the plan." in cost_of(client, vehicle, until="minutes", minutes="30")


def test_with_estimated_hours_in_the_plan_it_is_not_known(client: Browser, vehicle: Vehicle) -> None:
    vehicle.plans.get().windows.update(is_estimate=True)

    assert "What it costs more is known when the prices are published." in cost_of(client, vehicle)


def test_without_a_plan_there_is_nothing_to_compare_it_with(client: Browser, db: None, story_time: None) -> None:
    vehicle = make_own_car(client, State.CONSIDERING, rule="nothing_to_save")

    assert cost_of(client, vehicle).strip() == ""


def test_without_a_script_a_button_shows_it_and_changes_nothing(client: Browser, vehicle: Vehicle) -> None:
    typed = {"until": "minutes", "minutes": "30", "only_show": "1"}

    page = text_of(client.post(url("car_charge_now", vehicle), typed)).replace(NO_BREAK, " ")

    assert f"Charging for 30 min now costs about {dearer_by(5.5)} more than the plan." in page
    assert 'value="30"' in page
    assert not SmartOverride.objects.exists()


def test_the_answer_to_the_press_names_the_same_cost(client: Browser, vehicle: Vehicle) -> None:
    typed = {"until": "minutes", "minutes": "30"}

    page = text_of(client.post(url("car_charge_now", vehicle), typed, follow=True)).replace(NO_BREAK, " ")

    assert f"Charge now is on. It costs about {dearer_by(5.5)} more than the plan." in page
    assert SmartOverride.objects.exists()


def test_a_level_after_the_deadline_is_charged_at_once_all_the_same(client: Browser, vehicle: Vehicle) -> None:
    vehicle.plans.update(deadline_at=factories.at(22, 14, day=9))

    assert "Charging for 30 min now costs about" in cost_of(client, vehicle, until="minutes", minutes="30")


def test_after_the_session_the_page_is_fetched_anew_and_no_sign_in_stands_in_its_place(
    client: Browser, vehicle: Vehicle
) -> None:
    client.logout()
    answer = client.get(url("charge_now_cost", vehicle), {"until": "full"}, headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Refresh"], answer.content) == (200, "true", b"")


def test_the_live_part_is_read_out_once(client: Browser, vehicle: Vehicle) -> None:
    page = text_of(client.get(url("car_charge_now", vehicle)))

    assert '<div id="cost" role="status"><p class="inset">' in page
    assert "data-announce" not in page


def test_another_driver_sees_no_cost(client: Browser, vehicle: Vehicle) -> None:
    sign_in(client, factories.make_parked_car(driver=factories.make_driver(external_id="another")))

    assert client.get(url("charge_now_cost", vehicle), {"until": "full"}).status_code == 404


def test_nothing_is_said_while_the_prices_of_the_plan_are_not_known(client: Browser, vehicle: Vehicle) -> None:
    vehicle.plans.update(currency="SEK")

    assert cost_of(client, vehicle, until="minutes", minutes="30").strip() == ""
