"""The dashboard: who may see it, what it shows, how many queries it takes."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from charging.core.facts import Window
from charging.core.states import State
from charging.models import Driver, Vehicle
from tests import factories
from tests.views.cars import make_own_car, text_of, url


@pytest.fixture
def vehicle(db: None, client: Browser, story_time: None) -> Vehicle:
    return make_own_car(client)


def test_a_driver_with_one_car_comes_to_it(client: Browser, vehicle: Vehicle) -> None:
    answer = client.get("/dashboard/")

    assert answer.headers["Location"] == url("car", vehicle)


def test_a_driver_with_several_cars_chooses(client: Browser, vehicle: Vehicle) -> None:
    factories.make_vehicle(driver=vehicle.driver, display_name="Small car")

    page = text_of(client.get("/dashboard/"))

    assert "Family car" in page
    assert "Small car" in page


def test_a_driver_without_a_car_comes_to_the_wizard(client: Browser, db: None) -> None:
    client.force_login(factories.make_account())

    assert client.get("/dashboard/").headers["Location"] == "/setup/"


def test_a_visitor_is_asked_to_sign_in(client: Browser, db: None) -> None:
    answer = client.get(url("car", factories.make_parked_car()))

    assert answer.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize(
    "name",
    ["car", "car_charge_now", "car_pause", "car_ready_by", "car_minimum"],
)
def test_anybody_elses_car_does_not_exist(client: Browser, vehicle: Vehicle, name: str) -> None:
    charlie = factories.make_parked_car()

    assert client.get(url(name, charlie)).status_code == 404


def test_the_page_says_why_and_when(client: Browser, vehicle: Vehicle) -> None:
    page = text_of(client.get(url("car", vehicle)))

    assert '<h1 id="headline">Waiting for cheaper hours</h1>' in page
    assert "Starts tomorrow\N{NO-BREAK SPACE}01:45." in page
    assert "Family car at Home" in page
    assert 'data-state="PLAN:EXECUTING:STOPPED"' in page


def test_the_plan_says_when_the_car_is_ready_and_how_much_time_is_left_then(client: Browser, vehicle: Vehicle) -> None:
    page = text_of(client.get(url("car", vehicle))).replace("\N{NO-BREAK SPACE}", " ")

    assert "Ready tomorrow at about 05:00, 2 h in reserve." in page


def test_a_plan_that_needs_all_the_time_promises_no_reserve(client: Browser, vehicle: Vehicle) -> None:
    vehicle.plans.all().delete()
    window = Window(factories.NOW, factories.at(7), 40.0, Decimal(1))
    factories.make_plan(vehicle=vehicle, windows=(window,))

    page = text_of(client.get(url("car", vehicle)))

    assert "Plan for tonight" in page
    assert "in reserve" not in page


def test_the_figure_the_table_and_the_stored_plan_tell_the_same(client: Browser, vehicle: Vehicle) -> None:
    vehicle.plans.all().delete()
    windows = (
        Window(factories.at(0, 15), factories.at(1, 30), 13.6, Decimal("0.4100")),
        Window(factories.at(2, 45), factories.at(5, 0), 22.2, Decimal("0.7300")),
    )
    factories.make_plan(vehicle=vehicle, windows=windows, non_smart_cost=Decimal("2.6254"))

    page = text_of(client.get(url("car", vehicle))).replace("\N{NO-BREAK SPACE}", " ")

    table = page[page.index("<tbody") : page.index("</tbody>")]
    for times, cost in (("00:15–01:30", "0.41 EUR"), ("02:45–05:00", "0.73 EUR")):
        assert f"<b>{times}</b>" in page
        assert times in table
        assert cost in table
        assert f">{times}</text>" in page
    assert page.count("1.14 EUR") == 3
    assert "about 1.49 EUR" in page


def test_a_plan_that_costs_more_is_shown_as_what_it_is(client: Browser, vehicle: Vehicle) -> None:
    vehicle.plans.update(smart_cost=Decimal("2.70"), non_smart_cost=Decimal("2.60"))

    page = text_of(client.get(url("car", vehicle))).replace("\N{NO-BREAK SPACE}", " ")

    assert "<dt>Costs more</dt><dd>about 0.10 EUR</dd>" in page
    assert "Waiting saves" not in page


def test_the_page_names_the_days_that_its_sample_prices_are_from(client: Browser, vehicle: Vehicle) -> None:
    page = text_of(client.get(url("car", vehicle)))

    assert "This car is simulated. Prices are sample prices from 16 and 17 December 2025." in page


def test_real_prices_are_not_called_sample_prices(client: Browser, vehicle: Vehicle) -> None:
    area = factories.make_price_area()
    factories.make_prices(area=area, day_start=factories.at(0, day=9), prices=[0.08] * 96)
    factories.make_prices(area=area, day_start=factories.at(0), prices=[0.05] * 96)

    page = text_of(client.get(url("car", vehicle)))

    assert "This car is simulated." in page
    assert "sample prices" not in page


@pytest.mark.parametrize("cars", [1, 6])
def test_the_dashboard_takes_the_same_few_queries_however_much_has_happened(
    client: Browser, vehicle: Vehicle, cars: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(cars * 5):
        factories.make_activity(vehicle=vehicle)
    for _ in range(cars - 1):
        factories.make_vehicle(driver=vehicle.driver)
    factories.make_learned_power(vehicle=vehicle)
    factories.make_session(vehicle=vehicle)

    with django_assert_max_num_queries(6):
        client.get(url("car", vehicle))


@pytest.mark.parametrize("part", ["status", "controls", "plan", "side"])
def test_a_live_part_takes_few_queries(
    client: Browser, vehicle: Vehicle, part: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(6):
        answer = client.get(url("car_fragment", vehicle, part), headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert "<html" not in text_of(answer)


def test_the_status_part_tells_the_browser_the_new_title(client: Browser, vehicle: Vehicle) -> None:
    answer = client.get(url("car_fragment", vehicle, "status"), headers={"HX-Request": "true"})

    assert "<title>Waiting for cheaper hours - Readyby</title>" in text_of(answer)
    assert 'data-announce="Waiting for cheaper hours.' in text_of(answer)


def test_a_part_that_does_not_exist_is_not_found(client: Browser, vehicle: Vehicle) -> None:
    assert client.get(url("car_fragment", vehicle, "everything")).status_code == 404


def test_a_part_of_anybody_elses_car_does_not_exist(client: Browser, vehicle: Vehicle) -> None:
    charlie = factories.make_parked_car()

    assert client.get(url("car_fragment", charlie, "status")).status_code == 404


def test_a_live_page_whose_session_is_over_is_loaded_anew(client: Browser, vehicle: Vehicle) -> None:
    client.logout()

    answer = client.get(url("car_fragment", vehicle, "status"))

    assert answer.headers["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    ("speed", "expected"), [(1, 'data-seconds="10"'), (600, 'data-seconds="2"')], ids=["wall pace", "fast"]
)
def test_a_fast_clock_makes_the_page_look_more_often(
    client: Browser, vehicle: Vehicle, speed: int, expected: str
) -> None:
    Driver.objects.filter(pk=vehicle.driver_id).update(clock_speed=speed)

    assert expected in text_of(client.get(url("car", vehicle)))


def test_a_fast_clock_is_shown(client: Browser, vehicle: Vehicle) -> None:
    Driver.objects.filter(pk=vehicle.driver_id).update(clock_speed=600)

    page = text_of(client.get(url("car", vehicle)))

    assert re.search(r"Simulated time \d\d:\d\d, 600 times as fast", page)


def test_a_minimum_above_the_cars_limit_gives_a_card_that_lowers_it(client: Browser, vehicle: Vehicle) -> None:
    vehicle.policy.minimum_charge_limit = 90
    vehicle.policy.save()

    page = text_of(client.get(url("car", vehicle))).replace("\N{NO-BREAK SPACE}", " ")

    assert "Your minimum is above the limit in your car" in page
    assert "Lower the minimum to 80 %" in page


@pytest.mark.parametrize("state", [State.STOPPED, State.FINISHED, State.DISABLED], ids=lambda state: state.name)
def test_what_happened_stands_on_the_page_once(client: Browser, story_time: None, db: None, state: State) -> None:
    vehicle = make_own_car(client, state)
    factories.make_activity(vehicle=vehicle, code="turned_on", actor="driver_here")

    page = text_of(client.get(url("car", vehicle)))

    assert page.count('id="happened"') == 1
    # Above the button that adds a car, which would stand in its column alone otherwise.
    assert page.index('id="live-side"') < page.index('id="happened"') < page.index("/setup/add-car/")
    assert "Smart charging turned on" in page


def test_an_unplugged_car_shows_what_plugging_in_would_bring(client: Browser, story_time: None, db: None) -> None:
    vehicle = make_own_car(client, State.CONSIDERING, rule="not_plugged_in", view={"is_plugged_in": False})
    area = factories.make_price_area()
    factories.make_prices(area=area, day_start=factories.at(0, day=9), prices=[0.20] * 96)
    factories.make_prices(area=area, day_start=factories.at(0), prices=[0.20] * 8 + [0.02] * 20 + [0.20] * 68)

    page = text_of(client.get(url("car", vehicle))).replace("\N{NO-BREAK SPACE}", " ")

    assert "If you plug in now, we charge tomorrow 02:" in page
    assert "What it would cost" in page
    assert "Show what it would be" in page


def test_a_plan_that_would_save_nothing_is_not_shown(client: Browser, story_time: None, db: None) -> None:
    vehicle = make_own_car(client, State.CONSIDERING, rule="not_plugged_in", view={"is_plugged_in": False})
    area = factories.make_price_area()
    for day in (9, 10):
        factories.make_prices(area=area, day_start=factories.at(0, day=day), prices=[0.20] * 96)

    page = text_of(client.get(url("car", vehicle))).replace("\N{NO-BREAK SPACE}", " ")

    assert "If you plug in now, it charges at once and is ready about tomorrow 01:20." in page
    assert '<figure class="plan">' not in page


def test_a_what_if_plan_costs_a_fixed_number_of_queries(
    client: Browser, story_time: None, db: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    vehicle = make_own_car(client, State.CONSIDERING, rule="not_plugged_in", view={"is_plugged_in": False})

    with django_assert_max_num_queries(20):
        client.get(url("car", vehicle))


@pytest.mark.parametrize(
    ("state", "sentence"),
    [(State.FINISHED, "Charged <b>01:45"), (State.UNPLUGGED, "The plan was to charge <b>01:45")],
    ids=["finished", "unplugged"],
)
def test_a_plan_that_is_over_is_shown_as_the_last_one(
    client: Browser, story_time: None, db: None, state: State, sentence: str
) -> None:
    vehicle = make_own_car(client, state)

    page = text_of(client.get(url("car", vehicle)))

    assert "<h2>The last plan</h2>" in page
    assert sentence in page
    assert ">Now " not in page
    assert "nowline" not in page


def test_the_footer_leads_a_driver_to_places_and_checks(client: Browser, vehicle: Vehicle) -> None:
    assert '<a href="/health/">Health check</a>' in text_of(client.get("/help/"))


def test_the_footer_leads_a_visitor_to_no_page_they_cannot_open(client: Browser, db: None) -> None:
    assert "Health check" not in text_of(client.get("/help/"))
