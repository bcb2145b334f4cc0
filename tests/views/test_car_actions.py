"""What the buttons of the dashboard do: they post, something is stored, and the answer is the dashboard by 303."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from charging.core.states import State
from charging.models import Policy, SmartOverride, Vehicle
from charging.operations.ready_by_tonight import set_ready_by_tonight
from tests import factories
from tests.views.cars import make_own_car, text_of, url

POSTS = ["car_check_now", "car_charge_now", "car_end_override", "car_pause", "car_turn_on", "car_simulation"]


@pytest.fixture
def vehicle(db: None, client: Browser, story_time: None) -> Vehicle:
    return make_own_car(client)


def policy_of(vehicle: Vehicle) -> Policy:
    return Policy.objects.get(vehicle=vehicle)


def follow(client: Browser, vehicle: Vehicle, answer: Any) -> str:
    """The dashboard that a post answers with."""
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{url('car', vehicle)}#confirmation"
    return text_of(client.get(url("car", vehicle))).replace("\N{NO-BREAK SPACE}", " ")


def test_ux_28_charge_now_starts_an_override_and_says_what_it_costs(client: Browser, vehicle: Vehicle) -> None:
    answer = client.post(url("car_charge_now", vehicle), {"until": "full"})

    page = follow(client, vehicle, answer)
    assert SmartOverride.objects.get(vehicle=vehicle).ended_at is None
    assert "Charging now, as you asked" in page
    assert "Charge now is on. It costs about" in page
    assert "more than the plan" in page
    assert "Back to smart charging" in page


@pytest.mark.parametrize(
    ("typed", "field", "expected"),
    [
        ({"until": "percent", "percent": "60 %"}, "until_percent", 60),
        ({"until": "minutes", "minutes": "45"}, "until_at", timedelta(minutes=45)),
    ],
    ids=["to a level", "for some time"],
)
def test_charge_now_can_end_earlier(
    client: Browser, vehicle: Vehicle, typed: dict[str, str], field: str, expected: Any
) -> None:
    client.post(url("car_charge_now", vehicle), typed)

    stored = getattr(SmartOverride.objects.get(vehicle=vehicle), field)
    if isinstance(expected, timedelta):
        assert abs(stored - factories.NOW - expected) < timedelta(minutes=1)
    else:
        assert stored == expected


def test_charge_now_is_not_possible_while_unplugged(client: Browser, story_time: None, db: None) -> None:
    vehicle = make_own_car(client, State.CONSIDERING, rule="not_plugged_in", view={"is_plugged_in": False})

    page = follow(client, vehicle, client.post(url("car_charge_now", vehicle), {"until": "full"}))

    assert "Plug in first" in page
    assert not SmartOverride.objects.exists()


def test_the_button_says_why_it_cannot_be_used(client: Browser, story_time: None, db: None) -> None:
    vehicle = make_own_car(client, State.CONSIDERING, rule="not_plugged_in", view={"is_plugged_in": False})

    page = text_of(client.get(url("car", vehicle)))

    assert 'aria-disabled="true" aria-describedby="why-not-1">Charge now</button>' in page
    assert 'id="why-not-1">Plug in first' in page


def test_back_to_smart_charging_restores_a_plan(client: Browser, vehicle: Vehicle) -> None:
    client.post(url("car_charge_now", vehicle), {"until": "full"})

    page = follow(client, vehicle, client.post(url("car_end_override", vehicle)))

    assert SmartOverride.objects.get(vehicle=vehicle).ended_at is not None
    assert Vehicle.objects.get(pk=vehicle.pk).state != State.OVERRIDDEN
    assert "Smart charging is back in control." in page


def test_back_to_smart_charging_twice_changes_nothing_more(client: Browser, vehicle: Vehicle) -> None:
    page = follow(client, vehicle, client.post(url("car_end_override", vehicle)))

    assert "Smart charging was already in control." in page


def test_a_start_by_somebody_else_can_be_claimed(client: Browser, story_time: None, db: None) -> None:
    vehicle = make_own_car(client, State.OVERRIDDEN, view={"is_charging": True})
    factories.make_override(vehicle=vehicle, is_from_elsewhere=True)
    assert "That was me" in text_of(client.get(url("car", vehicle)))

    page = follow(client, vehicle, client.post(url("car_was_me", vehicle)))

    assert "We ask no more about it until you unplug." in page
    assert "Charging now, as you asked" in page
    assert SmartOverride.objects.get(vehicle=vehicle).is_claimed


def test_there_is_nothing_to_claim_where_nobody_took_over(client: Browser, vehicle: Vehicle) -> None:
    page = follow(client, vehicle, client.post(url("car_was_me", vehicle)))

    assert "Smart charging was already in control." in page


def test_the_fifth_take_over_says_why_it_is_refused(client: Browser, story_time: None, db: None) -> None:
    vehicle = make_own_car(client, State.OVERRIDDEN, view={"is_charging": True})
    factories.make_override(vehicle=vehicle, is_from_elsewhere=True)
    for _ in range(4):
        values = {"hold_until": factories.at(7), "hold_renew_by": factories.at(7)}
        factories.make_command(vehicle=vehicle, kind="STOP", purpose="counter", status="CONFIRMED", **values)

    page = follow(client, vehicle, client.post(url("car_end_override", vehicle)))

    assert "We have stopped it 4 times and something started it again." in page
    assert SmartOverride.objects.get(vehicle=vehicle).ended_at is None


@pytest.mark.parametrize(
    ("until", "is_until_plug_in", "headline"),
    [("plug_in", True, "Smart charging is paused"), ("turned_on", False, "Smart charging was switched off")],
)
def test_pause_switches_smart_charging_off(
    client: Browser, vehicle: Vehicle, until: str, is_until_plug_in: bool, headline: str
) -> None:
    page = follow(client, vehicle, client.post(url("car_pause", vehicle), {"until": until}))

    assert not policy_of(vehicle).is_enabled
    assert policy_of(vehicle).is_paused_until_next_plug_in is is_until_plug_in
    assert f'<h1 id="headline">{headline}</h1>' in page
    assert ("Smart charging comes back the next time you plug in." in page) is is_until_plug_in
    assert "Smart charging is paused until" in page


def test_pause_asks_until_when(client: Browser, vehicle: Vehicle) -> None:
    page = text_of(client.post(url("car_pause", vehicle), {"until": "never"}))

    assert "Select until when to pause" in page
    assert policy_of(vehicle).is_enabled


def test_turn_on_brings_the_stored_policy_back(client: Browser, story_time: None, db: None) -> None:
    vehicle = make_own_car(client, State.DISABLED)

    page = follow(client, vehicle, client.post(url("car_turn_on", vehicle)))

    assert policy_of(vehicle).is_enabled
    assert policy_of(vehicle).minimum_charge_limit == 20
    assert "Smart charging is on." in page


def test_turn_on_without_a_deadline_leads_to_the_wizard(client: Browser, story_time: None, db: None) -> None:
    vehicle = make_own_car(client, State.DISABLED)
    Policy.objects.filter(vehicle=vehicle).update(deadline=None)

    assert client.post(url("car_turn_on", vehicle)).headers["Location"] == f"/setup/?car={vehicle.public_id}"


def test_turn_on_says_why_it_cannot(client: Browser, story_time: None, db: None) -> None:
    vehicle = make_own_car(client, State.DISABLED)
    Vehicle.objects.filter(pk=vehicle.pk).update(is_capable=False)

    page = follow(client, vehicle, client.post(url("car_turn_on", vehicle)))

    assert "This car cannot be started and stopped from here" in page


@pytest.mark.parametrize("name", POSTS)
def test_nobody_acts_on_anybody_elses_car(client: Browser, vehicle: Vehicle, name: str) -> None:
    charlie = factories.make_parked_car()

    answer = client.post(url(name, charlie), {"until": "full", "do": "unplug"})

    assert answer.status_code == 404
    assert not SmartOverride.objects.filter(vehicle=charlie).exists()


@pytest.mark.parametrize("name", ["car_check_now", "car_end_override", "car_turn_on", "car_simulation"])
def test_looking_does_nothing(client: Browser, vehicle: Vehicle, name: str) -> None:
    assert client.get(url(name, vehicle)).status_code == 405


@pytest.mark.parametrize("name", POSTS)
def test_a_form_without_its_token_does_nothing(vehicle: Vehicle, name: str) -> None:
    strict = Browser(enforce_csrf_checks=True)
    assert vehicle.driver.account is not None
    strict.force_login(vehicle.driver.account)

    assert strict.post(url(name, vehicle), {"until": "full"}).status_code == 403
    assert not SmartOverride.objects.exists()


def test_ux_29_ready_by_for_the_next_time_leaves_the_other_days(client: Browser, vehicle: Vehicle) -> None:
    answer = client.post(url("car_ready_by", vehicle), {"ready_by": "8.30", "scope": "tonight"})

    page = follow(client, vehicle, answer)
    assert policy_of(vehicle).deadline == time(7, 0)
    assert policy_of(vehicle).one_off_deadline_at == factories.at(8, 30)
    assert "Ready by 08:30 the next time, then 07:00 again." in page


def test_ux_29_ready_by_for_every_day_takes_back_the_one_for_tonight(client: Browser, vehicle: Vehicle) -> None:
    set_ready_by_tonight(vehicle=vehicle, deadline=time(9, 0), now=factories.NOW)

    client.post(url("car_ready_by", vehicle), {"ready_by": "6", "scope": "every_day"})

    assert policy_of(vehicle).deadline == time(6, 0)
    assert policy_of(vehicle).one_off_deadline_at is None


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Enter the time your car should be ready"),
        ("24:00", "Ready by must be hours and minutes, from 00:00 to 23:59"),
        ("7:5", "Write the minutes with two digits"),
        ("soon", "Ready by must be hours and minutes, from 00:00 to 23:59"),
        ("7" * 10_000, "Ensure this value has at most 200 characters"),
    ],
    ids=["nothing", "24:00", "7:5", "a word", "10,000 characters"],
)
def test_ready_by_says_what_to_enter(client: Browser, vehicle: Vehicle, typed: str, message: str) -> None:
    page = text_of(client.post(url("car_ready_by", vehicle), {"ready_by": typed, "scope": "tonight"}))

    assert message in page
    assert policy_of(vehicle).one_off_deadline_at is None
    assert policy_of(vehicle).deadline == time(7, 0)


def test_a_change_in_another_tab_is_never_overwritten_silently(client: Browser, vehicle: Vehicle) -> None:
    Policy.objects.filter(vehicle=vehicle).update(deadline=time(6, 30), version=2)
    typed = {"ready_by": "08:00", "scope": "every_day", "version": "1"}

    page = text_of(client.post(url("car_ready_by", vehicle), typed))

    assert "You changed this in another tab. It is now 06:30" in page
    assert policy_of(vehicle).deadline == time(6, 30)
    assert 'name="version" value="2"' in page

    client.post(url("car_ready_by", vehicle), typed | {"version": "2"})
    assert policy_of(vehicle).deadline == time(8, 0)


def test_the_minimum_is_changed(client: Browser, vehicle: Vehicle) -> None:
    page = follow(client, vehicle, client.post(url("car_minimum", vehicle), {"minimum": "30,0 %"}))

    assert policy_of(vehicle).minimum_charge_limit == 30
    assert "Minimum charge is 30 % now." in page


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Enter the minimum charge, or 0 for none"),
        ("12.5", "Minimum charge must be a whole number"),
        ("-1", "Minimum charge must be from 0 to 100"),
        ("101", "Minimum charge must be from 0 to 100"),
        ("NaN", "Minimum charge must be a whole number"),
        ("81", "Minimum charge must be 80 % or less, because your car is set to stop at 80 %"),
    ],
    ids=["nothing", "a fraction", "minus one", "101", "not a number", "above the car's limit"],
)
def test_the_minimum_says_what_to_enter(client: Browser, vehicle: Vehicle, typed: str, message: str) -> None:
    page = text_of(client.post(url("car_minimum", vehicle), {"minimum": typed}))

    assert page.count(message) == 2, "in the summary and at the field"
    assert policy_of(vehicle).minimum_charge_limit == 20
