"""The page of a car says why it is (not) charging: first in the driver's words, then in everything behind them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings

from charging.admin.case_file import CaseFile, case_file
from charging.admin.case_table import Table
from charging.core.causes import Cause
from charging.core.states import State
from charging.models import OutboxMessage, Vehicle, VehicleView
from charging.operations.clocks import own_now
from charging.operations.readiness import readiness
from charging.views.situation import load_situation
from charging.views.status_card import make_card
from tests import factories
from tests.admin.conftest import fill_history
from tests.factories import NOW
from tests.views.cars import begin_story

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _story(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_story(settings, monkeypatch)


def page_of(browser: Browser, vehicle: Vehicle, **headers: Any) -> str:
    answer = browser.get(reverse("admin:charging_vehicle_change", args=[vehicle.pk]), **headers)
    assert answer.status_code == 200
    return answer.text


def table_of(case: CaseFile, title: str) -> Table:
    return next(part for part in case.tables if part.title == title)


def value_of(table: Table, name: str) -> str:
    return next(row[1] for row in table.rows if row[0] == name)


def make_anew(car: Vehicle, rows: int) -> None:
    """Takes the one row of everything away, and makes that many."""
    for name in ("overrides", "learned_powers", "state_events", "readings", "commands", "findings", "decisions"):
        getattr(car, name).all().delete()
    car.due.delete()
    OutboxMessage.objects.all().delete()
    fill_history(car, rows=rows)


@pytest.mark.parametrize("state", State)
def test_headline_and_sentence_are_the_driver_s_own(state: State, browser_of_operator: Browser) -> None:
    car = factories.make_parked_car(state=state)
    card = make_card(load_situation(Vehicle.objects.get(pk=car.pk), own_now(driver=car.driver)))

    case = case_file(car)

    assert (case.card.headline, case.card.sentence) == (card.headline, card.sentence)
    assert f'<h2 id="case-headline">{card.headline}</h2>' in page_of(browser_of_operator, car)


def test_the_words_are_in_the_language_of_the_operator(browser_of_operator: Browser, car: Vehicle) -> None:
    in_english = case_file(car).card.headline
    with translation.override("de"):
        card = make_card(load_situation(Vehicle.objects.get(pk=car.pk), own_now(driver=car.driver)))

    page = page_of(browser_of_operator, car, headers={"accept-language": "de"})

    assert card.headline != in_english
    assert card.headline in page


def test_ten_readiness_rows_have_the_stored_values_and_their_age(car: Vehicle) -> None:
    table = table_of(case_file(car), "Readiness")
    by_name = {row[0]: row for row in table.rows}

    checks = readiness(vehicle=Vehicle.objects.get(pk=car.pk), now=NOW)

    assert len(table.rows) == len(checks) == 10
    assert "deadline 07:00, minimum_charge_limit 20, version 1" in by_name["Settings are complete"][3]
    assert by_name["Car answers"][3] == "observed_at 2025-12-09 21:00:00 UTC (Tue 22:00 Europe/Oslo)"
    assert by_name["Car answers"][4] == "4\N{NO-BREAK SPACE}min"
    assert "is_plugged_in yes, power_delivery PLUGGED_IN:STOPPED" in by_name["Plugged in"][3]
    assert "smart_cost 1.1127, non_smart_cost 2.6254, currency EUR" in by_name["Time and benefit"][3]
    assert by_name["Start and stop allowed"][1:3] == ("ready", "Your car can be started and stopped from here")


def test_a_finding_stands_among_the_checks_with_its_evidence_below(browser_of_operator: Browser, car: Vehicle) -> None:
    car.findings.all().delete()
    finding = factories.make_finding(vehicle=car)
    case = case_file(car)

    (found,) = table_of(case, "Who else controls it").rows
    evidence = table_of(case, "Evidence").rows

    assert reverse("admin:charging_finding_change", args=[finding.pk]) in found[0]
    assert found[1:5] == ["timer", "confirmed", "F3", "2"]
    assert [row[3:] for row in evidence] == [["charging_began", "11"]] * 2
    assert evidence[0][2].startswith("Charging began, at 11")
    assert "cause timer, status confirmed, nights 2" in str(table_of(case, "Readiness").rows)


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_is_called_by_the_driver_s_title(cause: Cause, car: Vehicle) -> None:
    car.findings.all().delete()
    factories.make_finding(vehicle=car, cause=cause.value)

    (found,) = table_of(case_file(car), "Who else controls it").rows

    assert re.search(r"<a [^>]*>[A-Z].+</a>", found[0])


def test_the_last_decisions_lead_to_their_replay(browser_of_operator: Browser, car: Vehicle) -> None:
    row = car.decisions.get()
    address = reverse("admin:charging_decisionlog_change", args=[row.pk])

    page = page_of(browser_of_operator, car)

    assert f'<a href="{address}">Replay decision {row.pk}</a>' in page
    assert "The same facts lead to the same decision." in browser_of_operator.get(address).text


def test_the_page_shows_the_picture_of_the_plan_with_its_prices(browser_of_operator: Browser, car: Vehicle) -> None:
    area = factories.make_price_area()
    factories.make_prices(area=area, day_start=factories.at(0, day=9), prices=[0.03] * 192)

    page = page_of(browser_of_operator, car)

    assert '<figure class="plan">' in page
    assert 'class="win"' in page


def test_the_page_leads_to_what_belongs_to_the_car(browser_of_operator: Browser, car: Vehicle) -> None:
    page = page_of(browser_of_operator, car)

    for name in ("decisionlog", "command", "reading", "plan", "finding", "stateevent", "activity"):
        address = f"{reverse(f'admin:charging_{name}_changelist')}?car={car.pk}"
        assert f'href="{address}"' in page
        assert browser_of_operator.get(address).status_code == 200
    assert reverse("admin:charging_driver_change", args=[car.driver.pk]) in page
    assert reverse("admin:charging_policy_change", args=[car.pk]) in page
    assert reverse("admin:charging_vehicle_what_if", args=[car.pk]) in page


def test_who_may_not_look_at_commands_has_no_link_to_them(
    browser_of_operator: Browser, operator: User, car: Vehicle
) -> None:
    operator.is_superuser = False
    operator.save()
    operator.user_permissions.add(*Permission.objects.filter(codename__in=["view_vehicle", "view_plan"]))

    page = page_of(browser_of_operator, car)

    assert reverse("admin:charging_plan_changelist") in page
    assert reverse("admin:charging_command_changelist") not in page


def test_everything_behind_it_stands_below(browser_of_operator: Browser, car: Vehicle) -> None:
    page = page_of(browser_of_operator, car)
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))

    for heading in (
        *("Now", "What comes next", "Readiness", "Who else controls it", "Commands", "Decisions", "Readings"),
        *("What must hold before a plan", "What the car says", "What the driver wants", "Places", "The plan at work"),
        *("Its windows", "Charge now", "Changes of state", "Timeline"),
    ):
        assert f"<h3>{heading}</h3>" in page
    assert "rule seen stopped" in text
    assert "The car is plugged in is_plugged_in yes" in text
    assert "likely_to_generate_savings no" in text
    assert "cost 1.1127 EUR" in text
    assert "place: Home, soc_percent: 38" in text
    assert "ready by 07:00" in text


def test_positions_are_rounded_to_three_decimals(browser_of_operator: Browser, car: Vehicle) -> None:
    page = page_of(browser_of_operator, car)

    assert "58.147" in page
    assert "7.996" in page
    assert "58.1467" not in page
    assert "7.9956" not in page


def test_the_newest_ten_commands_and_decisions_and_twenty_of_the_rest(car: Vehicle) -> None:
    make_anew(car, rows=25)

    case = case_file(car)

    assert [len(table_of(case, name).rows) for name in ("Commands", "Decisions", "Who else controls it")] == [10] * 3
    assert [len(table_of(case, name).rows) for name in ("Readings", "Changes of state", "Timeline")] == [20] * 3
    assert table_of(case, "Changes of state").rows[0][0] == "25"


def test_the_case_asks_no_more_after_a_long_history(browser_of_operator: Browser, car: Vehicle) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page_of(browser_of_operator, car)
        return len(queries)

    asked()
    before = asked()
    make_anew(car, rows=30)
    for number in range(5):
        factories.make_location(driver=car.driver, name=f"Place {number}")

    assert asked() == before


def test_the_time_of_the_first_place_counts_while_the_car_is_away(car: Vehicle) -> None:
    VehicleView.objects.filter(vehicle=car).update(location=None)

    now = table_of(case_file(car), "Now")

    assert value_of(now, "since") == "2025-12-09 21:04:00 UTC (Tue 22:04 Europe/Oslo)"


def test_a_car_without_anything_has_a_short_case(browser_of_operator: Browser) -> None:
    vehicle = factories.make_vehicle(driver=factories.make_driver(account=None))

    case = case_file(vehicle)

    assert value_of(table_of(case, "Now"), "since") == "2025-12-09 21:04:00 UTC"
    assert value_of(table_of(case, "What comes next"), "next look, wall") == "-"
    assert [part.title for part in case.answers] == ["Readiness"]
    assert [part.title for part in case.rest] == ["What the car says", "Where the car is"]
    assert reverse("admin:charging_policy_changelist") + str(vehicle.pk) not in page_of(browser_of_operator, vehicle)


@pytest.mark.parametrize("state", [State.DISABLED, State.CONSIDERING])
def test_a_car_that_never_answered_has_its_page(state: State, browser_of_operator: Browser) -> None:
    vehicle = factories.make_parked_car(state=state)
    VehicleView.objects.all().delete()

    page = page_of(browser_of_operator, vehicle)

    assert "What the car says" not in page
    assert "cannot be decided" in page


def test_the_case_of_a_car_that_is_gone_is_not_found(browser_of_operator: Browser) -> None:
    for name in ("text", "what_if"):
        address = reverse(f"admin:charging_vehicle_{name}", args=[999_999])
        assert browser_of_operator.get(address).status_code == 404
        assert browser_of_operator.post(address).status_code == 405
