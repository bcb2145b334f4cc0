"""Every list and every page opens, says what it is, and breaks no rule of the content security policy."""

from __future__ import annotations

import re
import sys
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.db.models import Model
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from oauth2_provider.models import Application

from charging.models import Vehicle
from charging.operations import clients
from tests import factories
from tests.admin.conftest import fill_history
from tests.factories import NOW

pytestmark = pytest.mark.django_db

OURS = sorted(model._meta.model_name or "" for model in admin.site._registry if model._meta.app_label == "charging")
CHANGEABLE = {"location", "policy"}
READ_ONLY = [name for name in OURS if name not in CHANGEABLE]
INLINE_CODE = re.compile(r'<style(?![^>]*nonce=)|<script(?![^>]*(?:src=|nonce=|application/json))|\sstyle="|\son\w+="')


def url(name: str, page: str, *args: Any) -> str:
    return reverse(f"admin:charging_{name}_{page}", args=args)


def test_the_name_of_many_is_spelled_as_such() -> None:
    names = [str(model._meta.verbose_name_plural) for model in apps.get_app_config("charging").get_models()]

    assert not [name for name in names if re.search("[^aeiou]ys$|[^e]xs$|sss$", name)]


def test_everything_that_support_looks_up_has_a_screen() -> None:
    assert set(OURS) == {
        *(
            "activity",
            "auditevent",
            "chargeaction",
            "chargingsession",
            "client",
            "command",
            "connectedcar",
            "connection",
            "decisionlog",
            "driver",
            "due",
            "farewell",
            "finding",
            "heartbeat",
        ),
        *("learnedpower", "linksession", "location", "webhook", "webhookdelivery"),
        *("outboxmessage", "plan", "policy"),
        *(
            "price",
            "pricearea",
            "pricecall",
            "pricedocument",
            "priceservice",
            "reading",
            "receiveddelivery",
            "smartoverride",
            "stateevent",
            "vehicle",
            "vendorbudget",
            "vendorhealth",
            "wizardevent",
        ),
    }


@pytest.mark.parametrize("name", OURS)
def test_the_list_opens_with_its_rows(
    name: str, browser_of_operator: Browser, one_row_of_everything: dict[str, Model]
) -> None:
    answer = browser_of_operator.get(url(name, "changelist"))

    assert answer.status_code == 200
    assert 'class="field-' in answer.text
    assert "Readyby operations" in answer.text
    assert not INLINE_CODE.search(answer.text)


@pytest.mark.parametrize("name", OURS)
def test_the_page_of_a_row_opens(
    name: str, browser_of_operator: Browser, one_row_of_everything: dict[str, Model]
) -> None:
    answer = browser_of_operator.get(url(name, "change", one_row_of_everything[name].pk))

    assert answer.status_code == 200
    assert not INLINE_CODE.search(answer.text)


@pytest.mark.parametrize("name", OURS)
def test_a_row_that_is_gone_leads_back_to_the_index(name: str, browser_of_operator: Browser) -> None:
    gone = "nothing" if name == "heartbeat" else 999_999

    answer = browser_of_operator.get(url(name, "change", gone))

    assert answer.status_code == 302
    assert answer["Location"] == reverse("admin:index")


def queries_for(browser: Browser, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        browser.get(address)
    return len(queries)


@pytest.mark.parametrize("name", OURS)
def test_a_list_asks_no_more_for_many_rows_than_for_one(
    name: str, browser_of_operator: Browser, one_row_of_everything: dict[str, Model]
) -> None:
    address = url(name, "changelist")
    browser_of_operator.get(address)
    before = queries_for(browser_of_operator, address)

    for _ in range(3):
        fill_history(factories.make_parked_car(), rows=2)

    assert queries_for(browser_of_operator, address) == before


@pytest.mark.parametrize("name", OURS)
def test_nothing_is_added_or_deleted_by_hand(
    name: str, browser_of_operator: Browser, one_row_of_everything: dict[str, Model]
) -> None:
    row = one_row_of_everything[name]
    rows = type(row)._default_manager

    added = browser_of_operator.post(url(name, "add"), {"name": "x"})
    deleted = browser_of_operator.post(url(name, "delete", row.pk), {"post": "yes"})
    listed = browser_of_operator.post(
        url(name, "changelist"), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    )

    assert (added.status_code, deleted.status_code) == (403, 403)
    assert listed.status_code in {200, 302, 403}
    assert rows.filter(pk=row.pk).exists()


@pytest.mark.parametrize("name", READ_ONLY)
def test_facts_cannot_be_changed(
    name: str, browser_of_operator: Browser, one_row_of_everything: dict[str, Model]
) -> None:
    row = one_row_of_everything[name]
    before = type(row)._default_manager.filter(pk=row.pk).values().get()

    answer = browser_of_operator.post(url(name, "change", row.pk), {"name": "x", "state": "DISABLED", "kind": "STOP"})

    assert answer.status_code == 403
    assert type(row)._default_manager.filter(pk=row.pk).values().get() == before


@pytest.mark.parametrize("name", sorted(CHANGEABLE))
def test_who_may_only_look_gets_no_form(
    name: str, browser_of_operator: Browser, operator: User, one_row_of_everything: dict[str, Model]
) -> None:
    operator.is_superuser = False
    operator.save()
    operator.user_permissions.add(Permission.objects.get(codename=f"view_{name}"))
    address = url(name, "change", one_row_of_everything[name].pk)

    answer = browser_of_operator.get(address)

    assert answer.status_code == 200
    assert '<input type="submit" value="Save"' not in answer.text
    assert browser_of_operator.post(address, {}).status_code == 403


@pytest.mark.parametrize("name", ["AccessToken", "Application", "Authenticator", "Grant", "RefreshToken"])
def test_tokens_secrets_and_second_factors_have_no_screen(name: str) -> None:
    assert name not in {model.__name__ for model in admin.site._registry}


def test_a_client_shows_the_id_of_its_key_and_not_its_secret(browser_of_operator: Browser) -> None:
    made = clients.create_client(name="Fleet", now=NOW)

    page = browser_of_operator.get(url("client", "change", made.client.pk)).text

    assert made.client_id in page
    assert made.client_secret not in page
    assert Application.objects.get().client_secret not in page


def test_only_staff_comes_in(client: Browser) -> None:
    client.force_login(factories.make_account())

    answer = client.get(reverse("admin:index"))

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("admin:login"))


def test_the_admin_answers_under_the_strict_policy(browser_of_operator: Browser) -> None:
    policy = browser_of_operator.get(reverse("admin:index"))["Content-Security-Policy"]

    assert "unsafe-inline" not in policy
    assert "default-src 'none'" in policy


def test_the_admin_of_the_map_is_not_loaded() -> None:
    assert "leaflet.admin" not in sys.modules


def log_page(browser: Browser, car: Vehicle) -> str:
    return browser.get(url("decisionlog", "change", car.decisions.get().pk)).text


def test_a_decision_is_decided_again_on_its_page(browser_of_operator: Browser, car: Vehicle) -> None:
    as_it_was = log_page(browser_of_operator, car)
    row = car.decisions.get()
    car.decisions.update(facts={**row.facts, "location_id": None})
    otherwise = log_page(browser_of_operator, car)
    car.decisions.update(facts={"state": "DISABLED"})
    unreadable = log_page(browser_of_operator, car)

    assert "The same facts lead to the same decision." in as_it_was
    assert "It differs today in: state, moves" in otherwise
    assert "written by another version" in unreadable


def test_a_finding_shows_what_it_rests_on_in_both_zones(browser_of_operator: Browser, car: Vehicle) -> None:
    car.findings.update(evidence=[{"at": NOW.isoformat(), "seen": "schedule_reported", "value": "<b>23:00</b>"}])

    page = browser_of_operator.get(url("finding", "change", car.findings.get().pk)).text

    assert "2025-12-09 21:04:00 UTC (Tue 22:04 Europe/Oslo)" in page
    assert "schedule_reported" in page
    assert "&lt;b&gt;23:00&lt;/b&gt;" in page
