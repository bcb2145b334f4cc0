"""The actions of the list of findings: with a permission and a reason, on record, and told to whom it concerns."""

from __future__ import annotations

import html
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import Settings

from charging.admin.verdicts import VERDICTS
from charging.models import AuditEvent, Finding, Vehicle
from charging.views.support_mails import FIXED_TEXTS
from tests import factories
from tests.admin.test_acting import browser_of
from tests.views.cars import begin_story, sign_in, url

pytestmark = pytest.mark.django_db

LIST = "/admin/charging/finding/"
REASON = "Ticket 77"


@pytest.fixture(autouse=True)
def _story_time(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_story(settings, monkeypatch)
    settings.READYBY_SERVER_URL = "https://cars.example"


@pytest.fixture
def vehicle() -> Vehicle:
    return factories.make_parked_car()


@pytest.fixture
def finding(vehicle: Vehicle) -> Finding:
    return factories.make_finding(vehicle=vehicle)


def do(browser: Browser, action: str, *findings: Finding, **values: str) -> str:
    sent = {"action": action, "_selected_action": [each.pk for each in findings], "confirmed": "1", **values}
    return browser.post(LIST, sent, follow=True).text


def test_nothing_is_done_before_a_reason_was_given(browser_of_operator: Browser, finding: Finding) -> None:
    asked = do(browser_of_operator, "false_alarm", finding)
    empty = do(browser_of_operator, "false_alarm", finding, reason="")

    assert "counts no more" in asked
    assert "Say why" in empty
    assert Finding.objects.get().answer == ""
    assert not AuditEvent.objects.filter(kind="FINDING_JUDGED").exists()


def test_a_false_alarm_is_on_record_in_the_case_and_on_the_drivers_page(
    browser_of_operator: Browser, finding: Finding, client: Browser
) -> None:
    sign_in(client, finding.vehicle)
    card = f'id="finding-{finding.pk}"'
    assert card in client.get(url("car", finding.vehicle)).text

    said = do(browser_of_operator, "false_alarm", finding, reason=REASON)

    assert "False alarm" in said
    event = AuditEvent.objects.get(kind="FINDING_JUDGED")
    assert (event.about, event.reason) == (finding.vehicle.public_id, f"{finding.cause}, False alarm: {REASON}")
    assert LogEntry.objects.get().get_change_message() == f"False alarm: {REASON}"
    case = browser_of_operator.get(reverse("admin:charging_vehicle_change", args=[finding.vehicle.pk])).text
    assert "false_alarm" in case
    page = client.get(url("car", finding.vehicle)).text
    assert card not in page
    assert "This was a false alarm" in page
    assert "Support has looked at it" in client.get(url("car_finding", finding.vehicle, str(finding.pk))).text


def test_acknowledging_is_on_record_and_told_to_nobody(
    browser_of_operator: Browser, finding: Finding, mailoutbox: list[EmailMessage]
) -> None:
    do(browser_of_operator, "acknowledge", finding, reason=REASON)
    again = do(browser_of_operator, "acknowledge", finding, reason=REASON)

    assert Finding.objects.get().acknowledged_at is not None
    assert "looks after it already" in again
    assert AuditEvent.objects.filter(kind="FINDING_JUDGED").count() == 1
    assert not mailoutbox
    case = browser_of_operator.get(reverse("admin:charging_vehicle_change", args=[finding.vehicle.pk])).text
    assert "acknowledged" in case


@pytest.mark.parametrize("text", sorted(FIXED_TEXTS))
def test_a_message_is_a_fixed_text_with_the_way_to_the_finding(
    browser_of_operator: Browser, finding: Finding, mailoutbox: list[EmailMessage], text: str
) -> None:
    do(browser_of_operator, "message", finding, reason=REASON, text=text)

    [mail] = mailoutbox
    assert finding.vehicle.driver.account is not None
    assert mail.to == [finding.vehicle.driver.account.email]
    assert all(str(paragraph) in str(mail.body) for paragraph in FIXED_TEXTS[text].paragraphs)
    assert f"https://cars.example{url('car_finding', finding.vehicle, str(finding.pk))}" in str(mail.body)
    assert REASON not in str(mail.body)
    event = AuditEvent.objects.get(kind="DRIVER_WRITTEN_TO")
    assert (event.about, text in event.reason) == (finding.vehicle.public_id, True)


def test_a_message_needs_its_text_and_an_address(
    browser_of_operator: Browser, finding: Finding, mailoutbox: list[EmailMessage], settings: Settings
) -> None:
    settings.READYBY_SERVER_URL = ""
    do(browser_of_operator, "message", finding, reason=REASON, text="look")
    assert "http" not in str(mailoutbox.pop().body)
    assert "Choose which text" in do(browser_of_operator, "message", finding, reason=REASON)
    other = factories.make_finding(vehicle=factories.make_parked_car())
    User.objects.filter(driver=other.vehicle.driver).update(email="")

    assert "No mail went out" in do(browser_of_operator, "message", other, reason=REASON, text="look")
    assert not mailoutbox
    assert AuditEvent.objects.filter(kind="DRIVER_WRITTEN_TO").count() == 1


def test_a_message_goes_out_after_it_was_said_how_many_there_are(
    browser_of_operator: Browser, finding: Finding, mailoutbox: list[EmailMessage]
) -> None:
    address = judge(finding, "message")

    asked = browser_of_operator.post(address, {"reason": REASON, "text": "look"}).text

    assert f"1 mail goes out: {FIXED_TEXTS['look'].label}" in html.unescape(asked)
    assert not mailoutbox
    browser_of_operator.post(address, dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', asked)))
    assert len(mailoutbox) == 1


def test_what_was_a_false_alarm_is_not_called_confirmed(browser_of_operator: Browser, finding: Finding) -> None:
    own = reverse("admin:charging_finding_change", args=[finding.pk])
    assert '<div class="readonly">confirmed</div>' in browser_of_operator.get(own).text
    assert 'class="danger"' in browser_of_operator.get(judge(finding, "false_alarm")).text

    said = do(browser_of_operator, "false_alarm", finding, reason=REASON)

    assert '<td class="field-status">false alarm</td>' in said
    assert '<div class="readonly">false alarm</div>' in browser_of_operator.get(own).text
    assert Finding.objects.get().status == "confirmed"


def test_not_too_many_at_once(browser_of_operator: Browser, finding: Finding, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("charging.admin.verdicts.MOST_AT_ONCE", 0)
    assert "Choose at most 0 findings." in do(browser_of_operator, "acknowledge", finding, reason=REASON)
    assert Finding.objects.get().acknowledged_at is None


@pytest.mark.parametrize("action", VERDICTS)
def test_a_viewer_has_no_such_action(vehicle: Vehicle, finding: Finding, action: str) -> None:
    viewer = browser_of("Viewer")

    do(viewer, action, finding, reason=REASON, text="look")

    assert f'value="{action}"' not in viewer.get(LIST).text
    assert not AuditEvent.objects.filter(kind__in=["FINDING_JUDGED", "DRIVER_WRITTEN_TO"]).exists()


def test_support_sees_how_often_a_signature_was_a_false_alarm(finding: Finding) -> None:
    support = browser_of("Support")
    do(support, "false_alarm", finding, reason=REASON)

    page = support.get(LIST).text

    assert 'value="false_alarm"' in page
    [code] = finding.codes
    assert f"<td>{code}</td><td>1</td><td>1</td><td>100%</td><td>0</td><td>0</td>" in "".join(page.split())


def judge(finding: Finding, action: str, query: str = "") -> str:
    return reverse("admin:charging_finding_judge", args=[finding.pk, action]) + query


def test_a_finding_is_judged_from_its_own_page(browser_of_operator: Browser, finding: Finding) -> None:
    own = reverse("admin:charging_finding_change", args=[finding.pk])
    address = judge(finding, "false_alarm")
    page = browser_of_operator.get(own).text
    assert f'href="{address}"' in page
    assert f'href="{judge(finding, "acknowledge")}"' in page
    assert '<div class="readonly">23:00</div>' in page

    assert "counts no more" in browser_of_operator.get(address).text
    answer = browser_of_operator.post(address, {"reason": REASON})

    assert answer.headers["Location"] == own
    assert Finding.objects.get().answer == "false_alarm"
    page = browser_of_operator.get(own).text
    assert address not in page
    assert judge(finding, "acknowledge") not in page


def test_a_finding_is_judged_from_the_case_of_its_car(browser_of_operator: Browser, finding: Finding) -> None:
    case = reverse("admin:charging_vehicle_change", args=[finding.vehicle.pk])
    address = judge(finding, "acknowledge", "?from=case")
    assert f'href="{address}"' in browser_of_operator.get(case).text

    answer = browser_of_operator.post(address, {"reason": REASON})

    assert answer.headers["Location"] == case
    assert Finding.objects.get().acknowledged_at is not None
    assert address not in browser_of_operator.get(case).text


def test_who_may_not_judge_has_no_button_and_no_page(finding: Finding) -> None:
    viewer = browser_of("Viewer")

    pages = [
        viewer.get(reverse(f"admin:charging_{name}_change", args=[key])).text
        for name, key in (("finding", finding.pk), ("vehicle", finding.vehicle.pk))
    ]

    assert not any("/judge/" in page for page in pages)
    assert viewer.post(judge(finding, "false_alarm"), {"reason": REASON}).status_code == 403
    assert Finding.objects.get().answer == ""


def test_a_verdict_or_a_finding_that_is_not_there(browser_of_operator: Browser, finding: Finding) -> None:
    assert browser_of_operator.get(judge(finding, "burn")).status_code == 404
    finding.pk += 1
    assert browser_of_operator.get(judge(finding, "acknowledge")).status_code == 404


def test_a_driver_who_kept_the_account_is_called_by_the_address(browser_of_operator: Browser, finding: Finding) -> None:
    driver = finding.vehicle.driver
    driver.external_id = "guest-2bdb"
    driver.save()
    User.objects.filter(driver=driver).update(email="kept@example.com")
    vehicle, act = (f"/admin/charging/vehicle/{finding.vehicle.pk}/{page}/" for page in ("change", "act"))

    for address in ("/admin/charging/vehicle/", vehicle, act, judge(finding, "acknowledge")):
        page = browser_of_operator.get(address).text
        assert "kept@example.com" in page
        assert "guest-2bdb" not in page
    assert "<h2>kept@example.com</h2>" in browser_of_operator.get(f"/admin/charging/driver/{driver.pk}/change/").text
    User.objects.filter(driver=driver).update(email="")
    assert "guest-2bdb" in browser_of_operator.get(vehicle).text
