"""What is left of a user that a client removes."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from charging.models import Driver, OutboxMessage, Webhook, WizardEvent
from charging.operations import linking, users
from charging.operations.erasure import reapply_erasures
from charging.operations.tombstones import bury
from onboarding.models import OnboardingDraft
from tests.factories import NOW, make_account, make_driver, make_parked_car
from tests.wizard_rows import make_wizard_event

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("is_staff", [True, False], ids=["an operator's stays", "another's goes"])
def test_the_login_of_a_removed_user(is_staff: bool) -> None:
    account = make_account(is_staff=is_staff)
    driver = make_driver(account=account)

    users.remove_user(driver=driver, last_known=[], at_wall=NOW)

    assert not Driver.objects.exists()
    assert User.objects.filter(pk=account.pk).exists() is is_staff


def test_what_was_noted_of_their_setup_goes_with_them_and_with_each_car() -> None:
    driver = make_driver()
    cars = [make_parked_car(driver=driver) for _ in range(2)]
    for car in cars:
        draft = OnboardingDraft.objects.create(driver=driver, vehicle=car, created_at=NOW, updated_at=NOW)
        make_wizard_event(draft_number=draft.pk)
    kept = make_wizard_event(draft_number=0)

    linking.remove_car(vehicle=cars[0], last_known={}, at_wall=NOW)
    assert WizardEvent.objects.count() == 2
    users.remove_user(driver=driver, last_known=[], at_wall=NOW)

    assert list(WizardEvent.objects.all()) == [kept]


def test_a_car_that_a_backup_brought_back_goes_with_what_was_noted_too(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    car = make_parked_car()
    draft = OnboardingDraft.objects.create(driver=car.driver, vehicle=car, created_at=NOW, updated_at=NOW)
    make_wizard_event(draft_number=draft.pk)
    bury(public_ids=[car.public_id], at_wall=NOW)

    assert reapply_erasures(now=NOW) == 1

    assert not WizardEvent.objects.exists()


def test_a_user_without_a_login_goes_too() -> None:
    users.remove_user(driver=make_driver(account=None), last_known=[], at_wall=NOW)

    assert not Driver.objects.exists()


@pytest.mark.parametrize("is_given_up", [True, False], ids=["access given up", "access"])
def test_receivers_hear_of_a_deleted_car_unless_its_access_was_given_up(is_given_up: bool) -> None:
    driver = make_driver(unauthorized_at=NOW if is_given_up else None)
    cars = [make_parked_car(driver=driver) for _ in range(2)]
    Webhook.objects.create(client=driver.client, url="https://app.example/", created_at=NOW)

    linking.remove_car(vehicle=cars[0], last_known={"id": "1"}, at_wall=NOW)
    users.remove_user(driver=driver, last_known=[{"id": "2"}], at_wall=NOW)

    assert OutboxMessage.objects.filter(event="user:vehicle:deleted").count() == (0 if is_given_up else 2)
