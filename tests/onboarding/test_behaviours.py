"""A simulated car that behaves badly from the start: chosen with the car, told at the check, gone with the choice."""

from __future__ import annotations

import html

import pytest
from django.test import Client

from charging.models import Vehicle
from charging.operations.fault_presets import PRESETS
from charging.operations.gateways import load_simulated_car
from onboarding.car_models import BEHAVIOURS, WELL_BEHAVED
from tests.onboarding.walk import ANSWERS, URLS, answer_until, begin, page, send

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("behaviour", [name for name, _words in BEHAVIOURS if name != WELL_BEHAVED])
def test_the_car_has_the_fault_by_the_clocks_of_its_place(client: Client, behaviour: str) -> None:
    begin(client)
    assert send(client, URLS["car"], **ANSWERS["car"], behaviour=behaviour).status_code == 303
    for step in ("minimum", "other_control", "ready_by", "places"):
        assert send(client, URLS[step], **ANSWERS[step]).status_code == 303

    faults = load_simulated_car(Vehicle.objects.get()).faults

    assert (faults.name, faults.timezone_name) == (behaviour, "Europe/Oslo")
    assert str(dict(BEHAVIOURS)[behaviour]) in html.unescape(page(client, URLS["check"]))


def test_a_car_without_the_choice_behaves_well_and_the_check_says_nothing_of_it(client: Client) -> None:
    begin(client)
    answer_until(client, "check")

    assert load_simulated_car(Vehicle.objects.get()).faults.name == ""
    assert "Badly" not in page(client, URLS["check"])


def test_another_choice_takes_the_fault_away(client: Client) -> None:
    begin(client)
    for behaviour in ("sleeps", "timer_at_23", WELL_BEHAVED):
        send(client, URLS["car"], **ANSWERS["car"], behaviour=behaviour)
        assert load_simulated_car(Vehicle.objects.get()).faults.name == behaviour


def test_what_is_not_offered_is_refused_beside_the_field_and_nothing_is_stored(client: Client) -> None:
    begin(client)

    answer = send(client, URLS["car"], **ANSWERS["car"], behaviour="explodes")

    assert answer.status_code == 422
    assert "<details open>" in answer.content.decode()
    assert not Vehicle.objects.exists()


def test_every_way_to_behave_badly_is_a_fault_that_exists() -> None:
    assert {name for name, _words in BEHAVIOURS} - {WELL_BEHAVED} <= set(PRESETS)
