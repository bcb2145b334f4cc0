"""Operators make one of several findings of a car: which one stays, who may, what is on record."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import Settings

from charging.models import AuditEvent, Finding, Vehicle
from tests import factories
from tests.admin.test_acting import browser_of
from tests.admin.test_verdicts import do, judge
from tests.views.cars import begin_story, sign_in, url

pytestmark = pytest.mark.django_db
REASON = "Ticket 77"


@pytest.fixture(autouse=True)
def _story_time(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_story(settings, monkeypatch)


@pytest.fixture
def vehicle() -> Vehicle:
    return factories.make_parked_car()


@pytest.fixture
def timer(vehicle: Vehicle) -> Finding:
    return factories.make_finding(vehicle=vehicle)


@pytest.fixture
def undone(vehicle: Vehicle) -> Finding:
    return factories.make_finding(vehicle=vehicle, cause="undone", codes=["F1"], clock_time=None)


def test_the_list_asks_which_one_stays_and_why(browser_of_operator: Browser, timer: Finding, undone: Finding) -> None:
    asked = do(browser_of_operator, "merge", timer, undone)
    without = do(browser_of_operator, "merge", timer, undone, reason="", into="")

    assert "Which one stays" in asked
    assert "Say why" in without
    assert "Choose which one stays" in without
    assert not Finding.objects.filter(gone_at__isnull=False).exists()


def test_nothing_is_merged_before_it_was_said_which_one_stays(
    browser_of_operator: Browser, timer: Finding, undone: Finding
) -> None:
    asked = do(browser_of_operator, "merge", timer, undone)
    address = judge(undone, "merge")

    sure = browser_of_operator.post(address, {"reason": REASON, "into": str(timer.pk)}).text

    assert "Continue" in asked
    assert "This one stays" not in asked
    assert f"({timer})" in sure.partition("This one stays")[2]
    assert 'class="danger" type="submit" value="Merge"' in sure
    assert not Finding.objects.filter(gone_at__isnull=False).exists()


def test_what_becomes_one_is_on_record_and_its_card_goes(
    browser_of_operator: Browser, timer: Finding, undone: Finding, client: Browser
) -> None:
    sign_in(client, timer.vehicle)
    card = f'id="finding-{undone.pk}"'
    assert card in client.get(url("car", timer.vehicle)).text

    said = do(browser_of_operator, "merge", timer, undone, reason=REASON, into=str(timer.pk))

    assert "is now one with" in said
    assert Finding.objects.get(pk=undone.pk).merged_into == timer
    event = AuditEvent.objects.get(kind="FINDING_JUDGED")
    assert (event.about, event.reason) == (timer.vehicle.public_id, f"undone, Merge: into timer: {REASON}")
    assert LogEntry.objects.get().get_change_message() == f"Merge: into timer: {REASON}"
    page = client.get(url("car", timer.vehicle)).text
    assert card not in page
    assert f'id="finding-{timer.pk}"' in page


def test_the_drivers_old_link_leads_to_the_one_that_stays(
    browser_of_operator: Browser, timer: Finding, undone: Finding, client: Browser
) -> None:
    sign_in(client, timer.vehicle)
    do(browser_of_operator, "merge", timer, undone, reason=REASON, into=str(timer.pk))

    answer = client.get(url("car_finding", timer.vehicle, str(undone.pk)))

    assert answer.headers["Location"] == url("car_finding", timer.vehicle, str(timer.pk))


def test_one_is_merged_from_its_own_page_and_from_the_case(
    browser_of_operator: Browser, timer: Finding, undone: Finding
) -> None:
    own = reverse("admin:charging_finding_change", args=[undone.pk])
    case = reverse("admin:charging_vehicle_change", args=[timer.vehicle.pk])
    assert f'href="{judge(undone, "merge")}"' in browser_of_operator.get(own).text
    assert f'href="{judge(undone, "merge", "?from=case")}"' in browser_of_operator.get(case).text
    page = browser_of_operator.get(judge(undone, "merge", "?from=case")).text
    assert f'value="{timer.pk}"' in page
    assert f'name="into" value="{undone.pk}"' not in page

    answer = browser_of_operator.post(
        judge(undone, "merge", "?from=case"), {"reason": REASON, "into": str(timer.pk), "confirmed": "1"}
    )

    assert answer.headers["Location"] == case
    assert Finding.objects.get(pk=undone.pk).merged_into == timer
    assert "/merge/" not in browser_of_operator.get(case).text


@pytest.mark.parametrize("second", ["none", "gone", "another car's"])
def test_it_takes_two_open_ones_of_one_car(browser_of_operator: Browser, timer: Finding, second: str) -> None:
    others = []
    if second == "gone":
        others = [factories.make_finding(vehicle=timer.vehicle, cause="undone", gone_at=factories.NOW)]
    elif second == "another car's":
        others = [factories.make_finding(vehicle=factories.make_parked_car())]

    said = do(browser_of_operator, "merge", timer, *others, reason=REASON, into=str(timer.pk))

    assert "Choose at least two open findings of one car." in said
    assert not AuditEvent.objects.filter(kind="FINDING_JUDGED").exists()


def test_what_went_meanwhile_is_told(
    browser_of_operator: Browser, timer: Finding, undone: Finding, monkeypatch: pytest.MonkeyPatch
) -> None:
    third = factories.make_finding(vehicle=timer.vehicle, cause="ceiling", clock_time=None, percent=60)
    monkeypatch.setattr("charging.admin.merging.own_now", lambda driver: _close(undone))

    said = do(browser_of_operator, "merge", timer, undone, third, reason=REASON, into=str(timer.pk))

    assert "Only two open findings of one car can be merged" in said
    assert Finding.objects.get(pk=third.pk).merged_into == timer


def _close(finding: Finding) -> object:
    Finding.objects.filter(pk=finding.pk).update(gone_at=factories.NOW)
    return factories.NOW


def test_a_viewer_merges_nothing(timer: Finding, undone: Finding) -> None:
    viewer = browser_of("Viewer")

    do(viewer, "merge", timer, undone, reason=REASON, into=str(timer.pk))

    assert viewer.get(judge(undone, "merge")).status_code == 403
    assert viewer.post(judge(undone, "merge"), {"reason": REASON, "into": str(timer.pk)}).status_code == 403
    assert not Finding.objects.filter(merged_into__isnull=False).exists()
