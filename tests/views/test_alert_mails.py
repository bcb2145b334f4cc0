"""Mails about a car: about what, to whom, when, and once."""

from __future__ import annotations

from datetime import datetime, timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.utils import translation
from pytest_django import Settings

from charging.core.causes import Status
from charging.core.states import State
from charging.models import AlertMail, Driver, Finding, Vehicle
from charging.models.findings import Answer
from charging.operations.alerts import claim, due_alerts
from charging.views import alert_mails, tasks
from charging.views.alert_mails import send_alerts
from tests.factories import NOW, at, make_finding, make_parked_car, make_plan

pytestmark = pytest.mark.django_db
MORNING = at(10, day=10)
EMAIL = "driver@example.com"


def make_car(state: State = State.STOPPED, *, email: str = EMAIL) -> Vehicle:
    vehicle = make_parked_car(state=state)
    account = vehicle.driver.account
    assert account is not None
    account.email = email
    account.save()
    return vehicle


def delay(vehicle: Vehicle, minutes: int) -> None:
    """The car will be so many minutes late."""
    plan = vehicle.plans.get()
    plan.estimated_finish_at = plan.deadline_at + timedelta(minutes=minutes)
    plan.save()


def test_ux_33_a_finding_is_mailed_once_in_the_words_of_its_card(
    settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    settings.READYBY_SERVER_URL = "https://charging.example"
    vehicle = make_car()
    finding = make_finding(vehicle=vehicle)

    assert [send_alerts(at_wall=MORNING) for _ in range(2)] == [1, 0]

    [mail] = mailoutbox
    assert mail.to == [EMAIL]
    assert mail.subject == f"{vehicle}: Your car seems to wait for a timer at 23:00"
    assert "That looks like a timer set to 23:00 in the car or the charger." in str(mail.body)
    assert f"https://charging.example/car/{vehicle.public_id}/findings/{finding.pk}/" in str(mail.body)


def test_the_subject_is_in_the_language_of_the_driver(mailoutbox: list[EmailMessage]) -> None:
    vehicle = make_car()
    Driver.objects.update(language="de")
    make_finding(vehicle=vehicle)

    assert send_alerts(at_wall=MORNING) == 1

    with translation.override("de"):
        assert mailoutbox[0].subject.startswith(f"{vehicle}: ")
    assert not mailoutbox[0].subject.startswith("Family car")


def test_without_an_address_of_the_server_a_mail_has_no_link(mailoutbox: list[EmailMessage]) -> None:
    make_finding(vehicle=make_car())
    send_alerts(at_wall=MORNING)
    assert "http" not in str(mailoutbox[0].body)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"nights": 1}, id="one night only"),
        pytest.param({"status": Status.SUSPECTED.value}, id="suspected"),
        pytest.param({"answer": Answer.ON_PURPOSE, "answered_at": NOW}, id="answered"),
        pytest.param({"gone_at": NOW}, id="gone"),
    ],
)
def test_what_the_dashboard_does_not_ask_about_yet_is_not_mailed(values: dict[str, Any]) -> None:
    make_finding(vehicle=make_car(), **values)
    assert due_alerts(at_wall=MORNING) == []


def test_nor_what_the_driver_has_put_aside_until_it_happens_again() -> None:
    finding = make_finding(vehicle=make_car())
    Vehicle.objects.update(cards_put_aside=[[f"finding-{finding.pk}", finding.last_seen_at.isoformat()]])
    assert due_alerts(at_wall=MORNING) == []

    Finding.objects.update(last_seen_at=finding.last_seen_at + timedelta(days=1))
    assert due_alerts(at_wall=MORNING) != []


@pytest.mark.parametrize(
    ("wall", "is_mailed"),
    [
        (at(21, 59), True),
        (at(22), False),
        (at(3), False),
        (at(6, 59), False),
        (at(7), True),
    ],
)
def test_ux_33_a_finding_waits_for_the_morning_of_the_place(wall: datetime, is_mailed: bool) -> None:
    make_finding(vehicle=make_car())
    assert bool(due_alerts(at_wall=wall)) is is_mailed


def test_away_from_all_places_the_first_place_tells_what_night_is() -> None:
    vehicle = make_car()
    vehicle.view.location = None
    vehicle.view.save()
    make_finding(vehicle=vehicle)
    assert due_alerts(at_wall=at(22)) == []
    assert due_alerts(at_wall=at(7)) != []


@pytest.mark.parametrize(("minutes", "is_at_risk"), [(10, False), (11, True)])
def test_ux_33_a_car_that_will_be_late_is_mailed_about_at_once_whatever_the_hour(
    minutes: int, is_at_risk: bool, mailoutbox: list[EmailMessage]
) -> None:
    vehicle = make_car(State.STARTED)
    delay(vehicle, minutes)

    assert [send_alerts(at_wall=NOW) for _ in range(2)] == [int(is_at_risk), 0]
    assert [f"{vehicle}: " in mail.subject for mail in mailoutbox] == [True] * is_at_risk


def test_so_is_one_that_does_not_start(mailoutbox: list[EmailMessage]) -> None:
    make_car(State.START_FAILED)
    send_alerts(at_wall=NOW)
    assert len(mailoutbox) == 1


def test_another_night_is_another_mail(mailoutbox: list[EmailMessage]) -> None:
    vehicle = make_car(State.START_FAILED)
    send_alerts(at_wall=NOW)
    vehicle.plans.update(ended_at=NOW, final_state=State.FAILED.value)
    make_plan(vehicle=vehicle)

    send_alerts(at_wall=NOW)

    assert len(mailoutbox) == 2


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("email", id="no address"),
        pytest.param("off", id="smart charging is off"),
        pytest.param("fast", id="a clock that runs fast"),
        pytest.param("account", id="no account"),
    ],
)
def test_who_is_not_mailed(change: str) -> None:
    vehicle = make_car(State.START_FAILED, email="" if change == "email" else EMAIL)
    make_finding(vehicle=vehicle)
    driver = vehicle.driver
    if change == "off":
        vehicle.policy.is_enabled = False
        vehicle.policy.save()
    elif change == "fast":
        driver.clock_speed, driver.fast_until = 60, NOW
        driver.save()
    elif change == "account":
        driver.account = None
        driver.save()
    assert due_alerts(at_wall=MORNING) == []


def test_what_the_mail_server_refuses_is_sent_later(
    monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMessage]
) -> None:
    finding = make_finding(vehicle=make_car())

    def refuse(*_: object) -> None:
        raise SMTPServerDisconnected

    with monkeypatch.context() as patch:
        patch.setattr(alert_mails, "send_mail", refuse)
        assert send_alerts(at_wall=MORNING) == 0
    assert not AlertMail.objects.exists()

    assert send_alerts(at_wall=MORNING) == 1
    assert AlertMail.objects.get().subject == f"finding {finding.pk}"


def test_of_two_processes_one_sends() -> None:
    make_finding(vehicle=make_car())
    [alert] = due_alerts(at_wall=MORNING)
    assert claim(alert=alert, at_wall=MORNING)
    assert not claim(alert=alert, at_wall=MORNING)


def test_an_alert_that_another_process_has_taken_meanwhile_is_left_to_it(
    monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMessage]
) -> None:
    make_finding(vehicle=make_car())
    monkeypatch.setattr(alert_mails, "claim", lambda **_: False)
    assert send_alerts(at_wall=MORNING) == 0
    assert mailoutbox == []


def test_the_periodic_job_mails(monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMessage]) -> None:
    make_finding(vehicle=make_car())
    monkeypatch.setattr(tasks, "wall_now", lambda: MORNING)
    tasks.mail_alerts()
    assert len(mailoutbox) == 1
    assert Finding.objects.get().answer == Answer.NONE


def test_a_name_of_two_lines_is_one_in_the_subject(mailoutbox: list[EmailMessage]) -> None:
    vehicle = make_car()
    Vehicle.objects.update(display_name="My\ncar")
    make_finding(vehicle=vehicle)

    assert send_alerts(at_wall=MORNING) == 1
    assert mailoutbox[0].subject.startswith("My car: ")
