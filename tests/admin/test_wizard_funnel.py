"""The funnel of the wizard as operators see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client as Browser

from charging.admin.wizard_events import STEPS
from charging.operations.clocks import wall_now
from onboarding import steps
from tests.admin.test_acting import browser_of
from tests.admin.test_screens import INLINE_CODE
from tests.wizard_rows import make_wizard_event

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/charging/wizardevent/funnel/"


def cells(browser: Browser, query: str = "") -> str:
    answer = browser.get(f"{ADDRESS}{query}")
    assert answer.status_code == 200
    assert not INLINE_CODE.search(answer.text)
    return "".join(answer.text.split())


def test_its_steps_are_those_of_the_wizard() -> None:
    assert tuple(step.key for step in steps.STEPS) == STEPS


def test_it_counts_steps_faults_and_visitors(browser_of_operator: Browser) -> None:
    now = wall_now()
    make_wizard_event(at=now)
    make_wizard_event(at=now, happened="done", seconds=12, has_scripts=True)
    make_wizard_event(at=now, draft_number=2)
    make_wizard_event(at=now, draft_number=2, happened="refused", field="soc", code="invalid")
    make_wizard_event(at=now, step="check", happened="done")

    page = cells(browser_of_operator)

    assert "<td>car</td><td>2</td><td>1</td><td>1</td><td>50%</td><td>12</td>" in page
    assert "<td>car</td><td>soc</td><td>invalid</td><td>1</td><td>1</td>" in page
    assert "<td>Scripts</td><td>yes</td>" in page
    assert "<td>Device</td><td>phone</td><td>2</td><td>1</td><td>50%</td>" in page
    assert "<td>places</td><td>0</td><td>0</td><td>0</td><td>-</td><td>-</td>" in page


def test_the_time_it_looks_back_is_chosen(browser_of_operator: Browser) -> None:
    make_wizard_event(at=wall_now() - timedelta(days=10))

    assert "<td>car</td><td>1</td>" in cells(browser_of_operator, "?days=30")
    assert "<td>car</td><td>0</td>" in cells(browser_of_operator, "?days=7")
    assert "<td>car</td><td>1</td>" in cells(browser_of_operator, "?days=9999999")


def test_who_may_look_sees_it_and_nobody_sends_to_it(browser_of_operator: Browser) -> None:
    assert browser_of("Viewer").get(ADDRESS).status_code == 200
    assert browser_of_operator.post(ADDRESS).status_code == 405
    assert ADDRESS in browser_of_operator.get("/admin/").text
    assert ADDRESS in browser_of_operator.get("/admin/charging/wizardevent/").text


def test_staff_without_a_role_does_not() -> None:
    assert browser_of().get(ADDRESS).status_code == 403
