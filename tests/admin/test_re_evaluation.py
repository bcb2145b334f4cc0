"""Evaluate now: only with a reason, on record, and with the result at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client as Browser
from django.urls import reverse

from charging.core.states import State
from charging.models import Command, StateEvent, Vehicle, VehicleView
from tests import factories
from tests.factories import NOW
from tests.operations.night import make_night

pytestmark = pytest.mark.django_db

LIST = "/admin/charging/vehicle/"


def page_of(vehicle: Vehicle) -> str:
    return reverse("admin:charging_vehicle_change", args=[vehicle.pk])


def re_evaluation_of(vehicle: Vehicle) -> str:
    return reverse("admin:charging_vehicle_re_evaluate", args=[vehicle.pk])


def make_car_to_consider() -> Vehicle:
    """A car whose stored state is behind: its policy is on, nobody has looked since."""
    vehicle = factories.make_parked_car(state=State.DISABLED, view={"is_plugged_in": False, "plugged_in_at": None})
    vehicle.policy.is_enabled = True
    vehicle.policy.save()
    return vehicle


def test_the_page_of_a_car_has_the_button_and_it_asks_for_the_reason(browser_of_operator: Browser) -> None:
    vehicle = make_car_to_consider()
    assert re_evaluation_of(vehicle) in browser_of_operator.get(page_of(vehicle)).text

    page = browser_of_operator.get(re_evaluation_of(vehicle))

    assert page.status_code == 200
    assert 'name="reason"' in page.text
    vehicle.refresh_from_db()
    assert vehicle.evaluation_count == 0


def test_with_a_reason_the_car_is_evaluated_and_the_result_shown(browser_of_operator: Browser) -> None:
    vehicle = make_car_to_consider()

    page = browser_of_operator.post(re_evaluation_of(vehicle), {"reason": "Ticket 77"}, follow=True)

    assert page.redirect_chain == [(page_of(vehicle), 302)]
    assert "Family car: DISABLED became CONSIDERING, rule: not_plugged_in" in page.text
    assert StateEvent.objects.get().trigger == "operator"
    assert not Command.objects.exists()


def test_the_reason_and_the_operator_are_on_record(browser_of_operator: Browser, operator: User) -> None:
    vehicle = make_car_to_consider()

    browser_of_operator.post(re_evaluation_of(vehicle), {"reason": "Ticket 77"})

    entry = LogEntry.objects.get()
    assert entry.user == operator
    assert entry.object_id == str(vehicle.pk)
    assert "Ticket 77" in entry.change_message
    assert "DISABLED became CONSIDERING" in entry.change_message


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201, "a\x00b"])
def test_without_a_reason_nothing_happens(reason: str, browser_of_operator: Browser) -> None:
    vehicle = make_car_to_consider()

    page = browser_of_operator.post(re_evaluation_of(vehicle), {"reason": reason})

    assert page.status_code == 200
    assert 'class="errorlist"' in page.text
    vehicle.refresh_from_db()
    assert vehicle.evaluation_count == 0
    assert not LogEntry.objects.exists()


def test_a_second_time_says_that_nothing_has_changed(browser_of_operator: Browser) -> None:
    vehicle = make_car_to_consider()
    browser_of_operator.post(re_evaluation_of(vehicle), {"reason": "once"})

    page = browser_of_operator.post(re_evaluation_of(vehicle), {"reason": "twice"}, follow=True)

    assert "CONSIDERING as before, rule: not_plugged_in" in page.text
    assert StateEvent.objects.count() == 1


def test_the_clock_of_the_driver_counts(browser_of_operator: Browser) -> None:
    vehicle = make_car_to_consider()
    driver = vehicle.driver
    driver.clock_own_anchor = NOW + timedelta(days=400 * 365)
    driver.save()

    browser_of_operator.post(re_evaluation_of(vehicle), {"reason": "clock"})

    vehicle.refresh_from_db()
    assert vehicle.evaluated_at is not None
    assert vehicle.evaluated_at.year > 2400


def test_the_bulk_action_asks_once_for_all(browser_of_operator: Browser) -> None:
    chosen = [make_car_to_consider() for _ in range(3)]
    data = {"action": "re_evaluate_selected", "_selected_action": [vehicle.pk for vehicle in chosen]}

    asked = browser_of_operator.post(LIST, data)
    assert asked.status_code == 200
    assert 'name="reason"' in asked.text
    assert not StateEvent.objects.exists()
    refused = browser_of_operator.post(LIST, data | {"reason": " "})
    assert "Say why" in refused.text
    page = browser_of_operator.post(LIST, data | {"reason": "After the repair"}, follow=True)

    assert page.text.count("DISABLED became CONSIDERING") == 3
    assert LogEntry.objects.filter(change_message__contains="After the repair").count() == 3


def test_a_fault_in_one_car_stops_no_other(browser_of_operator: Browser) -> None:
    whole, broken = make_car_to_consider(), make_car_to_consider()
    VehicleView.objects.filter(vehicle=broken).delete()
    data = {"action": "re_evaluate_selected", "_selected_action": [whole.pk, broken.pk], "reason": "all"}

    page = browser_of_operator.post(LIST, data, follow=True)

    assert "could not be evaluated" in page.text
    assert "DISABLED became CONSIDERING" in page.text


def test_more_than_a_hundred_cars_are_left_to_the_sweep(browser_of_operator: Browser) -> None:
    driver = factories.make_driver()
    chosen = [factories.make_vehicle(driver=driver) for _ in range(101)]
    data = {"action": "re_evaluate_selected", "_selected_action": [v.pk for v in chosen], "reason": "all"}
    data |= {"select_across": "1"}

    page = browser_of_operator.post(LIST, data, follow=True)

    assert "Choose at most 100 cars." in page.text
    assert not Vehicle.objects.filter(evaluation_count__gt=0).exists()


def test_a_car_that_is_gone_is_not_found(browser_of_operator: Browser) -> None:
    address = reverse("admin:charging_vehicle_re_evaluate", args=[999_999])

    assert browser_of_operator.get(address).status_code == 404


def test_who_may_only_look_cannot_re_evaluate(browser_of_operator: Browser, operator: User) -> None:
    vehicle = make_car_to_consider()
    operator.is_superuser = False
    operator.save()
    operator.user_permissions.add(Permission.objects.get(codename="view_vehicle"))

    page = browser_of_operator.get(page_of(vehicle))
    answer = browser_of_operator.post(re_evaluation_of(vehicle), {"reason": "mine"})
    listed = browser_of_operator.get(LIST)

    assert page.status_code == 200
    assert "Re-evaluate now" not in page.text
    assert answer.status_code == 403
    assert "re_evaluate_selected" not in listed.text
    vehicle.refresh_from_db()
    assert vehicle.evaluation_count == 0


def test_a_car_away_from_every_place_is_not_commanded(browser_of_operator: Browser) -> None:
    night = make_night()
    night.turn_on()

    browser_of_operator.post(re_evaluation_of(night.vehicle), {"reason": "try"})

    assert night.commands() == []
