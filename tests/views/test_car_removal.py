"""Removing a car: asked first, let charge before, and gone with everything of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client as Browser

from charging.models import ChargeAction, Command, Driver, OutboxMessage, Vehicle, Webhook
from charging.operations.clocks import wall_now
from charging.operations.connections import may_connect_issues
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


def run_ahead(driver: Driver, ahead: timedelta) -> Driver:
    """The driver with a clock that was sped up once, and shows so much more than the wall."""
    driver.clock_own_anchor = driver.clock_wall_anchor + ahead
    driver.save(update_fields=["clock_own_anchor"])
    return driver


def test_with_the_last_car_its_time_goes_and_nothing_lies_ahead(client: Browser, vehicle: Vehicle) -> None:
    """A clock that ran ahead keeps nobody from connecting a real car once no simulated one lives by it."""
    at_wall, ahead = wall_now(), timedelta(hours=20)
    driver = run_ahead(vehicle.driver, ahead)
    other = factories.make_parked_car(driver=driver)
    client_id, user = driver.client_id, driver.external_id
    times = {"created_at": at_wall + ahead, "updated_at": at_wall + ahead, "completed_at": at_wall + ahead}
    ChargeAction.objects.create(
        client_id=client_id,
        vehicle=other,
        user_id=user,
        target_id=other.public_id,
        kind="START",
        state="CONFIRMED",
        **times,
    )
    driver.locations.update(created_at=at_wall + ahead)
    answers = {"car": {"value": {}, "version": 1, "at": (at_wall + ahead).isoformat()}}
    OnboardingDraft.objects.create(
        driver=driver, answers=answers, created_at=at_wall + ahead, updated_at=at_wall + ahead
    )
    assert [issue.code for issue in may_connect_issues(driver)] == ["CLOCK_AHEAD"]

    client.post(url("car_remove", vehicle))
    driver.refresh_from_db()
    assert not driver.clock.shows_wall_time, "another simulated car lives by it"

    client.post(url("car_remove", other))

    driver.refresh_from_db()
    now, draft, action = wall_now(), OnboardingDraft.objects.get(), ChargeAction.objects.get()
    assert driver.clock.shows_wall_time
    assert may_connect_issues(driver) == ()
    told = [draft.created_at, draft.updated_at, datetime.fromisoformat(draft.answers["car"]["at"])]
    told += [action.created_at, action.updated_at, action.completed_at or now]
    told += list(driver.locations.values_list("created_at", flat=True))
    told += list(OutboxMessage.objects.values_list("created_at", flat=True))
    assert max(told) <= now


def test_a_clock_that_was_left_ahead_goes_back_when_the_driver_begins_anew(client: Browser, vehicle: Vehicle) -> None:
    driver = run_ahead(vehicle.driver, timedelta(hours=20))
    vehicle.delete()

    client.get("/setup/start/")

    driver.refresh_from_db()
    assert driver.clock.shows_wall_time


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
