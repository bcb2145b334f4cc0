"""The page of a decision: what the driver read, what held, which steps it made, and what it would be today."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from charging.admin.decision_words import driver_words
from charging.core.states import State
from charging.models import DecisionLog, PriceSnapshot, Vehicle
from charging.operations import policies, simulation
from charging.views.situation import load_situation
from charging.views.status_card import make_card
from tests.operations.lived_nights import Nights
from tests.operations.night import make_held_night

pytestmark = pytest.mark.django_db


def page_of(browser: Browser, row: DecisionLog) -> str:
    return browser.get(reverse("admin:charging_decisionlog_change", args=[row.pk])).text


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", page)))


def test_a_decision_reads_as_the_driver_s_card_did_at_that_moment() -> None:
    night = make_held_night()
    row = DecisionLog.objects.filter(vehicle=night.vehicle, state_after=State.STOPPED).latest("at")
    vehicle = Vehicle.objects.with_everything_shown().get(pk=night.vehicle.pk)

    then = make_card(load_situation(vehicle, row.at))

    assert driver_words(row) == f"{then.headline}. {then.sentence}"
    assert driver_words(row).startswith("Waiting for cheaper hours. Starts ")


def test_every_decision_of_a_night_has_words() -> None:
    nights = Nights()
    nights.live()

    rows = DecisionLog.objects.filter(vehicle=nights.night.vehicle)
    words = {row.pk: driver_words(row) for row in rows}

    assert len(words) > 5
    assert all(len(said) > 10 and "%(" not in said for said in words.values())
    assert {said.partition(".")[0] for said in words.values()} >= {"Waiting for cheaper hours", "Charging", "Done"}


def test_a_change_of_the_driver_s_mind_reads_as_what_follows() -> None:
    night = make_held_night()
    policies.set_policy(vehicle=night.vehicle, is_enabled=True, deadline=time(9), minimum_charge_limit=0, now=night.now)
    wish: dict[str, Any] = {"vehicle": night.vehicle, "deadline": time(9), "minimum_charge_limit": 0, "now": night.now}
    policies.set_policy(is_enabled=True, **wish)
    policies.set_policy(is_enabled=False, **wish)

    said = [driver_words(row) for row in DecisionLog.objects.filter(vehicle=night.vehicle).order_by("at", "pk")]

    assert any(one.startswith(("New plan for", "Pausing until", "Waiting for")) for one in said)
    assert said[-1].startswith("Smart charging")


def test_considerations_are_a_table_and_facts_are_opened_on_demand(browser_of_operator: Browser) -> None:
    night = make_held_night()
    row = DecisionLog.objects.filter(vehicle=night.vehicle, state_after=State.STOPPED).latest("at")

    page = page_of(browser_of_operator, row)

    assert "It is plugged in at one of the driver’s places at_charging_location yes" in plain(page)
    assert "seen stopped PLAN:EXECUTING:STOPPING PLAN:EXECUTING:STOPPED" in plain(page)
    assert "<details><summary>Show</summary><pre>" in page
    assert reverse("admin:charging_vehicle_change", args=[night.vehicle.pk]) in page
    assert driver_words(row) in unescape(page)


def make_row(vehicle: Vehicle, **values: Any) -> DecisionLog:
    snapshot, _ = PriceSnapshot.objects.get_or_create(fingerprint="f" * 64, defaults={"prices": []})
    same: dict[str, Any] = {"vehicle": vehicle, "at": datetime(2026, 1, 13, 20, tzinfo=UTC), "prices": snapshot}
    same |= {"trigger": "timer", "facts_hash": "a", "facts": {}, "decision": {}, "rule": "", "code_version": "0"}
    return DecisionLog.objects.create(**same | {"state_before": "DISABLED"} | values)


def test_facts_of_another_version_leave_what_the_state_alone_says(browser_of_operator: Browser) -> None:
    vehicle = make_held_night().vehicle
    told = make_row(vehicle, state_after=State.CONSIDERING, rule="old_session")
    untold = make_row(vehicle, state_after=State.CONSIDERING, rule="a rule of old")
    full = make_row(vehicle, state_after=State.FULLY_CHARGED, rule="car full")

    assert driver_words(told).startswith("Still charging from before. This charge began before your ready-by time")
    assert driver_words(untold) == ""
    assert driver_words(full) == "Charged. For more, change the limit in the car."
    assert "written by another version" in page_of(browser_of_operator, told)


def test_a_plan_that_new_prices_changed_says_so() -> None:
    row = make_row(make_held_night().vehicle, state_after=State.STOPPED, facts={"planning": {}})

    assert driver_words(row) == (
        "The prices have changed, and with them the hours of the plan. Waiting for cheaper hours."
    )


def test_a_start_by_somebody_else_reads_as_the_driver_read_it() -> None:
    nights = Nights()
    nights.come_home(38.0)
    nights.fault("another_app")
    simulation.plug_in(vehicle=nights.night.vehicle, now=nights.night.now)
    nights.wait_for(State.OVERRIDDEN)
    nights.night.let_pass(timedelta(minutes=1))

    row = DecisionLog.objects.filter(vehicle=nights.night.vehicle, state_after=State.OVERRIDDEN).earliest("at")

    assert driver_words(row).startswith("You, or something else, took over. Charging was started at")
