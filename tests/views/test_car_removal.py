"""Removing a car: asked first, let charge before, and gone with everything of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client as Browser

from charging.models import Command, OutboxMessage, Vehicle, Webhook
from onboarding.models import OnboardingDraft
from tests import factories
from tests.views.cars import make_own_car, sign_in, text_of, url


@pytest.fixture
def vehicle(db: None, client: Browser, story_time: None) -> Vehicle:
    return make_own_car(client)


def test_the_question_says_what_is_lost_and_does_nothing(client: Browser, vehicle: Vehicle) -> None:
    page = text_of(client.get(url("car_remove", vehicle)))

    assert "<h1>Remove Family car?</h1>" in page
    assert "its history with what was charged, paid and saved" in page
    assert "it is let charge" in page
    assert Vehicle.objects.filter(pk=vehicle.pk).exists()


def test_a_held_car_is_said_to_be_let_charge_first(client: Browser, vehicle: Vehicle) -> None:
    until = factories.NOW + timedelta(hours=1)
    Vehicle.objects.filter(pk=vehicle.pk).update(hold_until=until, hold_renew_by=until)

    assert "We are holding it now" in text_of(client.get(url("car_remove", vehicle)))


def test_a_removed_car_is_gone_and_the_other_one_stays(client: Browser, vehicle: Vehicle) -> None:
    other = factories.make_parked_car(driver=vehicle.driver)
    Vehicle.objects.filter(pk=other.pk).update(display_name="Small car")
    factories.make_session(vehicle=vehicle)
    OnboardingDraft.objects.create(
        driver=vehicle.driver, vehicle=vehicle, created_at=factories.NOW, updated_at=factories.NOW
    )

    answer = client.post(url("car_remove", vehicle))

    assert (answer.status_code, answer.headers["Location"]) == (303, "/settings/")
    assert list(Vehicle.objects.all()) == [other]
    assert not OnboardingDraft.objects.exists()
    page = text_of(client.get("/settings/"))
    assert "Family car is removed." in page
    assert "<h2>Small car</h2>" in page


def test_after_the_last_car_the_driver_may_begin_anew(client: Browser, vehicle: Vehicle) -> None:
    answer = client.post(url("car_remove", vehicle))

    assert answer.headers["Location"] == "/setup/start/"
    page = text_of(client.get("/setup/start/"))
    assert "Family car is removed." in page
    assert "Set up my car" in page
    assert client.get("/setup/").headers["Location"] == "/setup/how/"


def test_a_guest_removes_a_car_like_anybody_else(client: Browser, db: None, story_time: None) -> None:
    guest = sign_in(client, factories.make_parked_car(driver=factories.make_driver(is_guest=True)))

    client.post(url("car_remove", guest))

    assert not Vehicle.objects.exists()


def test_a_held_car_is_started_before_it_goes(
    client: Browser, vehicle: Vehicle, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, str]] = []
    until = factories.NOW + timedelta(hours=1)
    Vehicle.objects.filter(pk=vehicle.pk).update(hold_until=until, hold_renew_by=until)
    delete = Vehicle.delete

    def look_and_delete(car: Vehicle) -> object:
        sent.extend(Command.objects.filter(vehicle=car).values_list("kind", "status"))
        return delete(car)

    monkeypatch.setattr(Vehicle, "delete", look_and_delete)

    client.post(url("car_remove", vehicle))

    assert [kind for kind, status in sent if status == "ACCEPTED"] == ["START"]
    assert not Vehicle.objects.exists()


def test_receivers_of_the_client_are_told_what_was_last_known(client: Browser, vehicle: Vehicle) -> None:
    Webhook.objects.create(
        client=vehicle.driver.client, url="https://a.example/", encrypted_secret="x", created_at=factories.NOW
    )

    client.post(url("car_remove", vehicle))

    told = OutboxMessage.objects.get(event="user:vehicle:deleted").payload["vehicle"]
    assert (told["id"], told["userId"]) == (str(vehicle.public_id), vehicle.driver.external_id)
    assert told["chargeState"]["batteryLevel"] == 38
