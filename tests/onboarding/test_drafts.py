"""Leaving, coming back, going back, two tabs, and pressing twice."""

import html
import re
from typing import Any

import pytest
from django.test import Client

from charging.models import Location, Plan, Policy, Vehicle
from charging.operations import policies
from charging.operations.clocks import wall_now
from onboarding.models import OnboardingDraft
from tests.factories import make_account
from tests.onboarding.walk import ANSWERS, URLS, answer_until, begin, h1, hidden_fields, page, send

PASSWORD = "a long enough password"


def where(response: Any) -> str:
    assert response.status_code in {302, 303}, response.content.decode()[:2000]
    return str(response.headers["Location"])


def make_signed_in_client(**values: Any) -> Client:
    client = Client()
    client.force_login(make_account(**values), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize(("step", "url"), URLS.items(), ids=URLS)
def test_ux_15_the_wizard_goes_on_at_the_first_open_question(client: Client, step: str, url: str) -> None:
    begin(client)
    if step == "car":
        page(client, url)
    answer_until(client, step)

    assert where(client.get("/setup/")) == url


def test_ux_15_a_draft_goes_on_on_another_device() -> None:
    account = make_account()
    here, there = Client(), Client()
    for device in (here, there):
        device.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    answer_until(here, "ready_by")

    assert where(there.get("/setup/")) == URLS["ready_by"]
    assert 'value="20"' in page(there, URLS["minimum"])
    assert "You have done 3 of 6 steps." in page(there, "/")


def test_a_deep_link_leads_to_the_first_missing_question_and_says_why(client: Client) -> None:
    begin(client)
    answer_until(client, "minimum")

    target = where(client.get(URLS["check"]))

    assert target == f"{URLS['minimum']}?before=check"
    assert "This comes before “Check and turn on”" in page(client, target)


def test_a_step_shows_its_saved_answer_again(client: Client) -> None:
    begin(client)
    answer_until(client, "check")

    assert 'value="20"' in page(client, URLS["minimum"])
    assert 'value="07:00"' in page(client, URLS["ready_by"])


@pytest.mark.parametrize("step", ["car", "minimum", "other_control", "ready_by"])
def test_ux_18_a_change_link_leads_back_to_the_check(client: Client, step: str) -> None:
    begin(client)
    answer_until(client, "check")
    link = f"{URLS[step]}?return=check"
    assert f'href="{link}"' in page(client, URLS["check"])

    text = page(client, link)

    assert '<a class="back" href="/setup/check/">' in text
    assert where(client.post(link, hidden_fields(text) | ANSWERS[step])) == URLS["check"]


def test_ux_16_two_tabs_show_both_answers_and_overwrite_nothing(client: Client) -> None:
    begin(client)
    answer_until(client, "places")
    early_tab, late_tab = (hidden_fields(page(client, URLS["ready_by"])) for _ in range(2))
    client.post(URLS["ready_by"], early_tab | {"ready_by": "06:30"})

    response = client.post(URLS["ready_by"], late_tab | {"ready_by": "07:15"})

    text = html.unescape(response.content.decode())
    assert response.status_code == 200
    assert re.search(r"You changed this in another tab at \d\d:\d\d\sUTC\.", text)
    assert "It is now 06:30; you just entered 07:15." in text
    assert ">Use 07:15</button>" in text
    assert "<title>Error: " in text
    assert OnboardingDraft.objects.get().value_of("ready_by") == {"time": "06:30"}

    used = client.post(URLS["ready_by"], hidden_fields(text) | {"ready_by": "07:15"})

    assert used.status_code == 303
    assert OnboardingDraft.objects.get().value_of("ready_by") == {"time": "07:15"}


def test_an_answer_to_another_question_is_no_conflict(client: Client) -> None:
    begin(client)
    answer_until(client, "places")
    tab = hidden_fields(page(client, URLS["ready_by"]))
    send(client, URLS["minimum"], minimum="30")

    assert client.post(URLS["ready_by"], tab | {"ready_by": "06:00"}).status_code == 303


def test_ux_14_the_same_form_sent_twice_makes_one_place(client: Client) -> None:
    begin(client)
    answer_until(client, "places")
    form = hidden_fields(page(client, URLS["places"])) | ANSWERS["places"] | {"save": "1"}
    client.post(URLS["places"], form)

    client.post("/setup/places/add/", form | {"name": "Again", "latitude": "60"})

    assert Location.objects.count() == 1


@pytest.mark.parametrize("broken", ["\0", "x" * 10_000, "", "-1", "99999999999999999999"])
def test_broken_hidden_fields_do_no_harm(client: Client, broken: str) -> None:
    begin(client)
    answer_until(client, "minimum")

    response = client.post(URLS["minimum"], {"minimum": "20", "version": broken, "request_token": broken})

    assert response.status_code == 303
    assert OnboardingDraft.objects.get().value_of("minimum") == {"percent": 20}


def test_ux_16_turning_on_twice_gives_one_policy_version(client: Client) -> None:
    begin(client)
    answer_until(client, "check")
    form = hidden_fields(page(client, URLS["check"])) | {"turn_on": "1"}

    answers = [where(client.post(URLS["check"], form)) for _ in range(2)]

    assert answers == ["/setup/ready/"] * 2
    policy = Policy.objects.get()
    assert (policy.is_enabled, policy.version, policy.minimum_charge_limit) == (True, 1, 20)
    assert f"{policy.deadline:%H:%M}" == "07:00"


def test_nothing_is_live_before_the_check(client: Client) -> None:
    begin(client)
    answer_until(client, "check")

    assert not Policy.objects.exists()
    assert Vehicle.objects.get().state == "DISABLED"


def test_saving_without_turning_on_stores_a_policy_that_is_off(client: Client) -> None:
    begin(client)
    answer_until(client, "check")

    assert where(send(client, URLS["check"], off="1")) == "/setup/ready/"

    policy = Policy.objects.get()
    assert (policy.is_enabled, f"{policy.deadline:%H:%M}") == (False, "07:00")
    assert Vehicle.objects.get().state == "DISABLED"


def test_a_policy_changed_elsewhere_is_shown_before_it_is_overwritten(client: Client) -> None:
    begin(client)
    answer_until(client, "check")
    vehicle = Vehicle.objects.get()
    policies.set_policy(vehicle=vehicle, is_enabled=False, deadline=None, minimum_charge_limit=55, now=wall_now())

    response = send(client, URLS["check"], turn_on="1")

    text = html.unescape(response.content.decode())
    assert response.status_code == 200
    assert "These settings were changed elsewhere" in text
    assert Policy.objects.get().minimum_charge_limit == 55
    assert client.post(URLS["check"], hidden_fields(text) | {"turn_on": "1"}).status_code == 303
    assert Policy.objects.get().minimum_charge_limit == 20


def test_ux_12_a_limit_lowered_meanwhile_is_refused_at_the_check(client: Client) -> None:
    begin(client)
    answer_until(client, "check")
    vehicle = Vehicle.objects.get()
    send(client, URLS["minimum"], minimum="70")
    vehicle.view.charge_limit_percent = 60
    vehicle.view.save()

    response = send(client, URLS["check"], turn_on="1")

    text = response.content.decode()
    assert response.status_code == 422
    assert '<a href="/setup/minimum/?return=check">Minimum charge must be 60' in text
    assert not Policy.objects.exists()


def test_another_service_leaves_smart_charging_off(client: Client) -> None:
    begin(client)
    answer_until(client, "other_control")

    target = where(send(client, URLS["other_control"], other_control="another_service"))

    assert h1(page(client, target)) == "Two services would work against each other"
    assert where(send(client, target, leave_off="1")) == URLS["ready_by"]
    send(client, URLS["ready_by"], ready_by="07:00")
    send(client, URLS["places"], **ANSWERS["places"], save="1")
    text = page(client, URLS["check"])
    assert "Turn on smart charging</button>" not in text
    send(client, URLS["check"], turn_on="1")
    assert Policy.objects.get().is_enabled is False


def test_switching_the_other_service_off_goes_on(client: Client) -> None:
    begin(client)
    answer_until(client, "other_control")
    target = where(send(client, URLS["other_control"], other_control="another_service"))

    send(client, target, switch_off="1")

    assert OnboardingDraft.objects.get().value_of("other_control")["other_control"] == "nothing"


def test_changing_the_car_later_changes_the_same_car(client: Client) -> None:
    begin(client)
    answer_until(client, "check")
    before = Vehicle.objects.get()

    send(client, URLS["car"], **ANSWERS["car"] | {"model": "small", "limit": "90"})

    after = Vehicle.objects.get()
    assert after.pk == before.pk
    assert (after.battery_capacity_kwh, after.view.charge_limit_percent) == (40, 90)
    assert after.view.is_plugged_in is True


def test_a_place_brings_the_car_and_turning_on_leads_to_the_first_plan(client: Client) -> None:
    begin(client)
    answer_until(client, "check")
    send(client, URLS["check"], turn_on="1")

    vehicle = Vehicle.objects.get()

    assert vehicle.view.is_plugged_in is True
    assert vehicle.view.location == Location.objects.get()
    assert vehicle.state != "DISABLED"
    assert "Your car is at Home" in page(client, "/setup/ready/")
    assert h1(page(client, "/setup/first-plan/")) == "Your first plan"
    assert Plan.objects.count() <= 1


def test_steps_say_that_smart_charging_is_on(client: Client) -> None:
    begin(client)
    answer_until(client, "check")
    send(client, URLS["check"], turn_on="1")

    later, at_once = "Changes here apply when you check and turn on again.", "Changes here apply at once."
    assert f"Smart charging is already on. {later}" in page(client, URLS["ready_by"])
    assert f"Smart charging is already on. {at_once}" in page(client, URLS["places"])
    assert where(client.get("/setup/")) == "/dashboard/", "I started already, and have finished"


def test_a_pick_counts_while_the_field_was_left_alone(client: Client) -> None:
    begin(client)
    answer_until(client, "minimum")

    send(client, URLS["minimum"], minimum="0", shown="0", pick="30")

    assert OnboardingDraft.objects.get().value_of("minimum") == {"percent": 30}


def test_a_typed_minimum_beats_the_pick_beside_it(client: Client) -> None:
    begin(client)
    answer_until(client, "minimum")

    send(client, URLS["minimum"], minimum="25", shown="0", pick="0")

    assert OnboardingDraft.objects.get().value_of("minimum") == {"percent": 25}


def test_nobody_sees_the_places_of_somebody_else() -> None:
    alice, bob = make_signed_in_client(), make_signed_in_client()
    for client in (alice, bob):
        answer_until(client, "places")
    send(alice, URLS["places"], **ANSWERS["places"], save="1")
    place = Location.objects.get()
    send(bob, URLS["places"], name="Mine", latitude="60", longitude="11", save="1")

    assert bob.get(f"/setup/places/{place.public_id}/").status_code == 404
    bob.post(f"/setup/places/{place.public_id}/remove/")

    assert Location.objects.filter(pk=place.pk).exists()
