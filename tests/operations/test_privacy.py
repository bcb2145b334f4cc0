"""Every field of every table is classified, and what is personal is in the driver's export."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db.models import Model
from pytest_django import Settings

from charging.models import Driver, IdempotentCall
from charging.operations import privacy, traces
from charging.operations.export import ABOUT, export_driver
from tests import canaries
from tests.factories import NOW, make_driver, make_parked_car

pytestmark = pytest.mark.django_db

MODELS = {model._meta.label: model for model in apps.get_models(include_auto_created=True)}
WITHOUT_A_ROW = {
    *("auth.User_groups", "auth.User_user_permissions", "account.EmailConfirmation", "mfa.Authenticator"),
    *("axes.AccessAttemptExpiration", "axes.AccessFailureLog", "axes.AccessLog"),
    *(label for label in MODELS if label.startswith("oauth2_provider.")),
    *("charging.PlanningRow", "charging.VendorHealth", "charging.VendorBudget"),
}
"""Tables of libraries that a driver without groups, a second factor and apps has nothing in; one that only a car whose
plan runs calmly has a row in; and those of who does not answer, and of what was asked."""


def fields_of(model: type[Model]) -> list[str]:
    return sorted(field.name for field in model._meta.get_fields() if field.concrete)


def exported(driver: Driver) -> dict[str, Any]:
    file = io.BytesIO()
    export_driver(driver=driver, file=file, at_wall=NOW)
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        return {name.removesuffix(".json"): json.loads(archive.read(name)) for name in archive.namelist()}


def test_every_table_is_classified_or_nobodys_and_no_other_is() -> None:
    assert {table.label for table in privacy.tables()} | privacy.nobodys() == set(MODELS)
    assert {label for label in privacy.nobodys() if label.startswith(("charging.", "onboarding."))} == set()


@pytest.mark.parametrize("table", privacy.tables(), ids=lambda table: table.label)
def test_every_field_stands_in_exactly_one_list(table: privacy.Table) -> None:
    assert sorted((*table.personal, *table.secret, *table.none)) == fields_of(MODELS[table.label])
    assert set(table.unexported) <= set(table.personal)
    assert set(table.apart) <= set(table.personal)


@pytest.mark.parametrize("table", privacy.tables(), ids=lambda table: table.label)
def test_what_is_personal_has_an_owner_and_a_heading(table: privacy.Table) -> None:
    assert bool(table.personal) == bool(table.owner) == bool(table.heading)
    assert {table.heading, *table.apart.values()} - {""} <= set(privacy.headings())


def test_a_name_that_says_secret_is_classified_as_one() -> None:
    marks = ("password", "token", "secret", "encrypted", "sealed")
    open_ones = [
        f"{table.label}.{name}"
        for table in privacy.tables()
        for name in table.personal
        if any(mark in name for mark in marks)
    ]

    assert open_ones == []


def test_the_export_has_every_personal_field_of_every_table_with_rows() -> None:
    driver = canaries.make_canary_driver()

    data = exported(driver)

    owned = {table.label: table for table in privacy.tables() if table.owner}
    assert set(owned) - set(data) <= WITHOUT_A_ROW
    assert {label: sorted(rows[0]) for label, rows in data.items() if label in owned} == {
        label: sorted(owned[label].exported) for label in data if label in owned
    }
    about = data[ABOUT.removesuffix(".json")]
    assert about["driver"] == str(driver.public_id)
    assert about["rows"] == {f"{label}.json": len(data[label]) for label in data if label in owned}


def test_the_export_has_each_canary_and_no_secret() -> None:
    driver = canaries.make_canary_driver()
    assert driver.account is not None
    session = Session.objects.get()

    text = json.dumps(exported(driver))

    assert canaries.found_in(text) == list(canaries.CANARIES)
    hidden = [driver.account.password, session.session_key, IdempotentCall.objects.get().sealed_answer]
    assert [secret for secret in hidden if secret in text] == []


def test_the_export_has_nothing_of_anybody_else() -> None:
    driver = make_driver()
    make_parked_car(driver=driver)
    canaries.make_canary_driver(client=driver.client)

    data = exported(driver)

    assert canaries.found_in(json.dumps(data)) == []
    assert len(data["charging.Vehicle"]) == 1


def test_a_driver_without_a_login_has_an_export_too() -> None:
    driver = make_driver(account=None)

    assert set(exported(driver)) == {"about", "charging.Driver"}


def test_an_answer_that_no_key_opens_names_nobody() -> None:
    driver = make_driver()
    IdempotentCall.objects.create(
        client=driver.client, method="POST", path_checksum="p", key="k", body_checksum="b", status=200,
        sealed_answer="torn", created_at=NOW,
    )  # fmt: skip

    assert not traces.calls_of(driver).exists()


def test_how_long_something_is_kept_follows_the_settings(settings: Settings) -> None:
    settings.READYBY_KEEP_POSITIONS_HOURS, settings.READYBY_KEEP_READINGS_DAYS = 5, 7

    kept = [privacy.kept_for(heading) for heading in ("position", "readings", "messages", "account")]

    assert kept == [timedelta(hours=5), timedelta(days=7), timedelta(days=30), None]
