"""Acting for a driver: with a permission, a reason and a second look, on record, and told to them."""

from __future__ import annotations

from smtplib import SMTPServerDisconnected

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.core.mail import EmailMessage
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import Settings

from charging.admin.acting import ACTS
from charging.core.states import State
from charging.models import Activity, Policy, SmartOverride, Vehicle
from charging.operations.roles import ensure_roles
from charging.views import support_mails
from tests import factories
from tests.admin.second_factor import sign_in_with_second_factor
from tests.views.cars import begin_story

pytestmark = pytest.mark.django_db

REASON = "They called: the app does not load"


@pytest.fixture(autouse=True)
def _story_time(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_story(settings, monkeypatch)


@pytest.fixture
def vehicle() -> Vehicle:
    return factories.make_parked_car(state=State.STOPPED)


def act_url(vehicle: Vehicle) -> str:
    return reverse("admin:charging_vehicle_act", args=[vehicle.pk])


def do(browser: Browser, vehicle: Vehicle, act: str) -> str:
    values = {"act": act, "reason": REASON, "confirmed": "1"}
    return browser.post(act_url(vehicle), values, follow=True).text


def browser_of(*groups: str) -> Browser:
    ensure_roles()
    user = User.objects.create_user("member", "member@example.com", "a long password of theirs", is_staff=True)
    user.groups.set(Group.objects.filter(name__in=groups))
    return sign_in_with_second_factor(Browser(), user)


def test_the_page_of_a_car_leads_to_it(browser_of_operator: Browser, vehicle: Vehicle) -> None:
    page = browser_of_operator.get(reverse("admin:charging_vehicle_change", args=[vehicle.pk])).text
    assert act_url(vehicle) in page


def test_nothing_is_done_before_it_was_confirmed(browser_of_operator: Browser, vehicle: Vehicle) -> None:
    page = browser_of_operator.post(act_url(vehicle), {"act": "charge_now", "reason": REASON}).text

    assert "Charge now, until full" in page
    assert REASON in page
    assert not SmartOverride.objects.exists()
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"act": "charge_now", "reason": ""}, "Say why"),
        ({"reason": REASON}, "Choose what to do"),
        ({"act": "explode", "reason": REASON, "confirmed": "1"}, "Select a valid choice"),
    ],
    ids=["no reason", "nothing chosen", "unknown"],
)
def test_what_is_missing_is_said_beside_its_field(
    browser_of_operator: Browser, vehicle: Vehicle, values: dict[str, str], said: str
) -> None:
    assert said in browser_of_operator.post(act_url(vehicle), values).text
    assert not Activity.objects.exists()


def test_charging_now_is_told_to_the_driver_and_stands_in_both_records(
    browser_of_operator: Browser, vehicle: Vehicle, mailoutbox: list[EmailMessage]
) -> None:
    page = do(browser_of_operator, vehicle, "charge_now")

    assert "Done, and the driver was told." in page
    assert SmartOverride.objects.get().ended_at is None
    assert Activity.objects.get(code="charge_now").actor == "support"
    assert LogEntry.objects.get().get_change_message() == f"Charge now, until full: {REASON}"
    [mail] = mailoutbox
    assert "Your car was told to charge at once" in str(mail.body)
    assert REASON in str(mail.body)


def test_smart_charging_can_be_given_back_paused_and_switched(browser_of_operator: Browser, vehicle: Vehicle) -> None:
    do(browser_of_operator, vehicle, "charge_now")
    do(browser_of_operator, vehicle, "end_override")
    assert SmartOverride.objects.get().ended_at is not None

    do(browser_of_operator, vehicle, "pause")
    assert Policy.objects.get().is_paused_until_next_plug_in
    do(browser_of_operator, vehicle, "turn_on")
    assert Policy.objects.get().is_enabled
    do(browser_of_operator, vehicle, "turn_off")
    assert not Policy.objects.get().is_enabled
    assert set(Activity.objects.exclude(actor="readyby").values_list("actor", flat=True)) == {"support"}


def test_what_is_refused_says_why_and_nobody_is_told(
    browser_of_operator: Browser, mailoutbox: list[EmailMessage]
) -> None:
    vehicle = factories.make_parked_car(state=State.CONSIDERING, view={"is_plugged_in": False, "plugged_in_at": None})
    assert "Plug in first" in do(browser_of_operator, vehicle, "charge_now")
    assert not mailoutbox


def test_turning_on_without_a_ready_by_time_is_refused(browser_of_operator: Browser, vehicle: Vehicle) -> None:
    Policy.objects.all().delete()
    do(browser_of_operator, vehicle, "turn_on")
    assert not Policy.objects.filter(is_enabled=True).exists()


def test_without_an_address_or_a_mail_server_it_is_done_all_the_same(
    browser_of_operator: Browser, vehicle: Vehicle, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.filter(driver=vehicle.driver).update(email="")
    assert "Done." in do(browser_of_operator, vehicle, "charge_now")

    def refuse(*_: object) -> None:
        raise SMTPServerDisconnected

    User.objects.filter(driver=vehicle.driver).update(email="driver@example.com")
    monkeypatch.setattr(support_mails, "send_mail", refuse)
    assert "Done." in do(browser_of_operator, vehicle, "end_override")
    assert SmartOverride.objects.get().ended_at is not None


@pytest.mark.parametrize(
    ("group", "sees", "acts", "runs"),
    [
        ("Viewer", 200, 403, False),
        ("Support", 200, 200, False),
        ("Operator", 200, 200, True),
        ("Administrator", 200, 200, True),
    ],
)
def test_each_role_may_what_its_name_says(vehicle: Vehicle, group: str, sees: int, acts: int, runs: bool) -> None:
    browser = browser_of(group)
    assert browser.get(reverse("admin:charging_vehicle_change", args=[vehicle.pk])).status_code == sees
    assert browser.get(act_url(vehicle)).status_code == acts
    assert User.objects.get(username="member").has_perm("charging.change_client") == runs
    accounts = browser.get(reverse("admin:auth_user_changelist")).status_code
    assert accounts == (200 if group == "Administrator" else 403)


def test_a_car_that_is_not_there_is_not_found(browser_of_operator: Browser) -> None:
    assert browser_of_operator.get(reverse("admin:charging_vehicle_act", args=[4711])).status_code == 404


def test_every_act_has_its_words() -> None:
    assert all(str(act.label) and str(act.told) for act in ACTS.values())
