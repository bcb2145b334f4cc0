"""What the dashboard tells beside the state: why it is late, who switched it off, what may still change, what helps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client as Browser

from charging.core.facts import FailureCondition
from charging.core.states import State
from charging.models import Plan, Vehicle, VehicleView
from charging.models.activities import Actor
from charging.operations.readiness_check import Check, Status
from charging.views.alert_mails import send_alerts
from charging.views.readiness_rows import Row, make_rows
from charging.views.situation import load_situation
from charging.views.status_card import StatusCard, make_card
from charging.views.timeline import LINES_SHOWN, timeline
from tests import factories
from tests.views.cars import make_own_car, text_of, url
from tests.views.test_alert_mails import make_car
from tests.views.test_wording import make_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story_time")]


def card_of(vehicle: Vehicle) -> StatusCard:
    shown = Vehicle.objects.with_everything_shown().get(pk=vehicle.pk)
    return make_card(load_situation(shown, shown.driver.clock_own_anchor))


def sentence_of(vehicle: Vehicle) -> str:
    return card_of(vehicle).sentence.replace("\N{NO-BREAK SPACE}", " ")


def row_of(check: Check) -> Row:
    [row] = make_rows([check], factories.make_parked_car())
    return row


class TestLate:
    @pytest.mark.parametrize(
        ("view", "said"),
        [
            ({"observed_power_kw": 3.6, "charging_power_kw": 3.6}, "It charges at 3.6 kW instead of 11 kW."),
            ({"observed_power_kw": 11.0}, "It was plugged in at 20:00, and all the time since was not enough."),
        ],
        ids=["slow", "plugged in late"],
    )
    def test_it_says_why(self, client: Browser, view: dict[str, Any], said: str) -> None:
        vehicle = make_case(client, State.STARTED, "late")
        plugged_in_at = factories.at(20, day=9)
        VehicleView.objects.update(plugged_in_at=plugged_in_at, **view)
        Plan.objects.update(stop_confirmed_at=None)
        assert said in sentence_of(vehicle).replace("yesterday ", "")

    def test_where_nothing_explains_it_the_power_stands_alone(self, client: Browser) -> None:
        vehicle = make_case(client, State.STARTED, "late")
        VehicleView.objects.update(observed_power_kw=11.0, charging_power_kw=11.0)
        Plan.objects.update(stop_confirmed_at=factories.NOW)
        assert "It charges at 11 kW." in sentence_of(vehicle)

    def test_a_car_that_is_not_seen_charging_has_no_reason(self, client: Browser) -> None:
        vehicle = make_case(client, State.STARTED, "late")
        VehicleView.objects.update(observed_power_kw=None, charging_power_kw=None, plugged_in_at=None)
        assert "It charges" not in sentence_of(vehicle)


@pytest.mark.parametrize(
    ("actor", "said"),
    [
        (Actor.DRIVER_HERE, "By you, at 22:00."),
        (Actor.SUPPORT, "By support, at 22:00."),
        (None, "At 22:00."),
    ],
)
def test_it_says_who_switched_smart_charging_off(client: Browser, actor: str | None, said: str) -> None:
    vehicle = make_case(client, State.ENDED_DISABLED, "")
    Plan.objects.update(ended_at=factories.at(22, day=9))
    if actor is not None:
        factories.make_activity(vehicle=vehicle, code="turned_off", actor=actor)
    assert sentence_of(vehicle).startswith(said)


def test_a_night_that_went_wrong_tells_when_the_car_last_answered(client: Browser) -> None:
    vehicle = make_case(client, State.FAILED, "")
    Plan.objects.update(failure_condition=FailureCondition.UNKNOWN)
    VehicleView.objects.update(observed_at=factories.at(21, 15, day=9))
    assert "It last answered 21:15." in sentence_of(vehicle)


def test_without_prices_a_tariff_helps_and_so_does_another_area(client: Browser) -> None:
    actions = card_of(make_case(client, State.UNKNOWN, "no_prices")).actions
    assert [str(action.label) for action in actions] == ["Set a tariff", "Choose another price area"]
    assert actions[0].url.endswith("/tariff/")


def test_without_prices_and_without_a_place_both_lead_to_the_places(client: Browser) -> None:
    vehicle = make_case(client, State.UNKNOWN, "no_prices")
    vehicle.driver.locations.all().delete()
    assert card_of(vehicle).actions[0].url == "/places/"


def test_what_may_still_change_stands_below_the_plan_every_night(client: Browser) -> None:
    vehicle = make_own_car(client, view={"charge_limit_percent": 80.0})
    page = text_of(client.get(url("car", vehicle))).replace("\N{NO-BREAK SPACE}", " ")
    assert "The car stops at 80 %, which is its own limit." in page or "The car stops at 80%" in page


def test_a_long_night_is_told_from_its_beginning(client: Browser) -> None:
    vehicle = make_own_car(client)
    plugged_in_at = factories.NOW - timedelta(hours=4)
    factories.make_session(vehicle=vehicle, plugged_in_at=plugged_in_at)
    for minutes in range(2 * LINES_SHOWN):
        factories.make_activity(vehicle=vehicle, code="started", at=plugged_in_at + timedelta(minutes=minutes))
    factories.make_activity(vehicle=vehicle, code="unplugged", at=plugged_in_at - timedelta(hours=1))

    shown = timeline(load_situation(Vehicle.objects.with_everything_shown().get(), factories.NOW))

    assert len(shown) == 2 * LINES_SHOWN
    assert shown[0].at == plugged_in_at.isoformat()


def test_a_mail_about_a_car_that_does_not_start_says_what_to_check(mailoutbox: list[EmailMessage]) -> None:
    make_car(State.START_FAILED)
    send_alerts(at_wall=factories.at(10, day=10))
    assert "\n- " in str(mailoutbox[0].body)


@pytest.mark.parametrize(
    ("check", "label", "target"),
    [
        (Check("answers", Status.WAITING, "never"), "Ask the car now", "/check-now/"),
        (Check("answers", Status.NEEDS_YOU, "silent", {"ago": timedelta(hours=5)}), "Ask the car now", "/check-now/"),
        (Check("control", Status.PROBLEM, "not_capable", {"brand": "VW"}), "Show the steps", "#remote"),
        (Check("at_place", Status.NEEDS_YOU, "unknown"), "Show the steps", "#position"),
        (
            Check("at_place", Status.NEEDS_YOU, "away", {"name": "Home", "distance_m": 3000}),
            "Add this place",
            "/setup/places/add/?return=check&car=",
        ),
    ],
    ids=["never answered", "silent", "not capable", "position unknown", "away"],
)
def test_ux_23_every_row_that_needs_somebody_has_what_helps(check: Check, label: str, target: str) -> None:
    row = row_of(check)
    assert row.action_label == label
    assert target in row.action_url
    assert row.action_is_post == (label == "Ask the car now")


def test_a_row_that_is_ready_has_no_action() -> None:
    assert row_of(Check("answers", Status.READY, "", {"ago": timedelta(minutes=1)})).action_url == ""


def test_the_help_page_has_the_steps_that_rows_lead_to(client: Browser) -> None:
    page = text_of(client.get("/help/"))
    assert 'id="position"' in page
    assert 'id="remote"' in page


def test_asking_the_car_on_the_health_page_stays_there(client: Browser) -> None:
    vehicle = make_own_car(client)
    answer = client.post(url("car_check_now", vehicle), {"next": "/health/"})
    assert answer.headers["Location"] == "/health/"


def test_the_health_page_renews_itself_without_scripts_until_told_not_to(client: Browser) -> None:
    make_own_car(client)
    assert 'http-equiv="refresh"' in text_of(client.get("/health/"))
    assert 'http-equiv="refresh"' not in text_of(client.get("/health/?still=1"))
