"""Erased is erased: nothing is left of a driver, no car is left standing, and no backup brings them back."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core import serializers
from pytest_django import Settings

from charging.adapters.vehicles.gateway import Acknowledgement
from charging.models import (
    ChargeAction,
    Driver,
    IdempotentCall,
    OutboxMessage,
    Tombstone,
    Vehicle,
    VehicleView,
    Webhook,
    WebhookDelivery,
    WebhookEvent,
)
from charging.operations import linking, sending, tombstones, users
from charging.operations.erasure import erase_driver, reapply_erasures
from tests import canaries
from tests.factories import NOW, make_account, make_driver, make_parked_car

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


class ListeningGateway:
    """Takes every command and says so."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def start(self, **_command: object) -> Acknowledgement:
        self.asked.append("START")
        return Acknowledgement(accepted=True)

    def stop(self, **_command: object) -> Acknowledgement:
        self.asked.append("STOP")
        return Acknowledgement(accepted=True)


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> ListeningGateway:
    listening = ListeningGateway()
    monkeypatch.setattr(sending, "gateway_of", lambda _vehicle: listening)
    return listening


def hold(vehicle: Vehicle) -> Vehicle:
    """The car stands still under our lease."""
    Vehicle.objects.filter(pk=vehicle.pk).update(hold_until=NOW + timedelta(hours=3), hold_renew_by=LATER)
    return vehicle


def test_after_an_erasure_no_canary_is_left_anywhere(caplog: pytest.LogCaptureFixture, folder: Path) -> None:
    caplog.set_level(logging.DEBUG)
    driver = canaries.make_canary_driver()
    assert canaries.found_in(canaries.dump()) == list(canaries.CANARIES)

    erase_driver(driver=driver, at_wall=NOW)

    assert canaries.found_in(canaries.dump()) == []
    assert canaries.found_in(caplog.text) == []
    assert canaries.found_in((folder / "erased").read_text(encoding="ascii")) == []
    assert not Session.objects.exists()
    assert not IdempotentCall.objects.exists()
    assert not ChargeAction.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_somebody_else_loses_nothing() -> None:
    other = make_driver()
    car = make_parked_car(driver=other)
    driver = canaries.make_canary_driver(client=other.client)
    webhook = Webhook.objects.get()
    told = '{"user":{"id":"CANARY-user-7319"}}'
    WebhookEvent.objects.create(webhook=webhook, body=told, created_at=NOW)
    OutboxMessage.objects.create(client=other.client, event="x", seq=1, payload={"user": "bob"}, created_at=NOW)

    erase_driver(driver=driver, at_wall=NOW)

    assert list(Driver.objects.all()) == [other]
    assert list(Vehicle.objects.all()) == [car]
    assert [event.body for event in WebhookEvent.objects.all() if "user" in event.body] == [told]
    assert OutboxMessage.objects.get().payload == {"user": "bob"}


def test_a_delivery_without_events_is_not_sent_any_more() -> None:
    driver = canaries.make_canary_driver()
    kept = WebhookDelivery.objects.create(webhook=Webhook.objects.get(), created_at=NOW, next_attempt_at=NOW)
    for user in (canaries.EXTERNAL_ID, "bob"):
        body = f'{{"user":{{"id":"{user}"}}}}'
        WebhookEvent.objects.create(webhook=kept.webhook, delivery=kept, body=body, created_at=NOW)

    erase_driver(driver=driver, at_wall=NOW)

    assert list(WebhookDelivery.objects.filter(next_attempt_at__isnull=False)) == [kept]
    assert kept.events.get().body == '{"user":{"id":"bob"}}'


def test_of_operators_changes_who_and_when_stays() -> None:
    driver = canaries.make_canary_driver()
    before = list(LogEntry.objects.values("user", "action_time"))

    erase_driver(driver=driver, at_wall=NOW)

    assert list(LogEntry.objects.values("user", "action_time")) == before
    assert set(LogEntry.objects.values_list("object_repr", "change_message")) == {("", "")}


def test_a_held_car_is_started_first(gateway: ListeningGateway) -> None:
    driver = make_driver()
    hold(make_parked_car(driver=driver))

    erase_driver(driver=driver, at_wall=NOW)

    assert gateway.asked == ["START"]
    assert not Driver.objects.exists()


def test_a_held_car_whose_limit_fell_below_its_minimum_is_started_too(gateway: ListeningGateway) -> None:
    driver = make_driver()
    vehicle = hold(make_parked_car(driver=driver))
    VehicleView.objects.filter(vehicle=vehicle).update(charge_limit_percent=50)
    vehicle.policy.minimum_charge_limit = 60
    vehicle.policy.save()

    erase_driver(driver=driver, at_wall=NOW)

    assert gateway.asked == ["START"]
    assert not Driver.objects.exists()


@pytest.mark.parametrize("is_staff", [True, False], ids=["an operator's stays", "another's goes"])
def test_the_login_of_an_erased_driver(is_staff: bool) -> None:
    account = make_account(is_staff=is_staff)

    erase_driver(driver=make_driver(account=account), at_wall=NOW)

    assert User.objects.filter(pk=account.pk).exists() is is_staff


def test_a_driver_without_a_login_is_erased_too() -> None:
    erase_driver(driver=make_driver(account=None), at_wall=NOW)

    assert not Driver.objects.exists()


def backup() -> str:
    """The rows of drivers and cars as they are now."""
    rows = [*User.objects.all(), *Driver.objects.select_related("client"), *Vehicle.objects.all()]
    stored: str = serializers.serialize("json", rows)
    return stored


def restore(stored: str) -> None:
    for row in serializers.deserialize("json", stored):
        row.save()


def test_a_restored_backup_brings_nobody_back() -> None:
    driver, other = make_driver(), make_driver()
    make_parked_car(driver=driver)
    stored = backup()
    erase_driver(driver=driver, at_wall=NOW)
    Tombstone.objects.all().delete()
    restore(stored)
    assert Driver.objects.count() == 2

    count = reapply_erasures(now=LATER)

    assert count == 1
    assert list(Driver.objects.all()) == [other]
    assert not Vehicle.objects.exists()
    assert Tombstone.objects.filter(erased_at=NOW).count() == 2
    assert reapply_erasures(now=LATER) == 0


def test_without_the_file_the_table_names_them_and_the_file_is_written_again(folder: Path) -> None:
    driver = make_driver()
    stored = backup()
    erase_driver(driver=driver, at_wall=NOW)
    lines = (folder / "erased").read_text(encoding="ascii")
    (folder / "erased").unlink()
    restore(stored)

    assert reapply_erasures(now=LATER) == 1
    assert not Driver.objects.exists()
    assert (folder / "erased").read_text(encoding="ascii") == lines


def test_a_car_that_was_removed_alone_does_not_come_back() -> None:
    vehicle, other = make_parked_car(), make_parked_car()
    stored = backup()
    linking.remove_car(vehicle=vehicle, last_known={}, at_wall=NOW)
    restore(stored)

    count = reapply_erasures(now=LATER)

    assert count == 1
    assert list(Vehicle.objects.all()) == [other]
    assert Driver.objects.count() == 2


def test_a_user_whom_an_app_removed_does_not_come_back_either() -> None:
    driver = make_driver()
    stored = backup()
    users.remove_user(driver=driver, last_known=[], at_wall=NOW)
    restore(stored)

    assert reapply_erasures(now=LATER) == 1
    assert not Driver.objects.exists()


def test_who_comes_again_by_themselves_stays() -> None:
    driver = make_driver(external_id="alice")
    erase_driver(driver=driver, at_wall=NOW)
    again = make_driver(external_id="alice", client=driver.client)

    assert reapply_erasures(now=LATER) == 0
    assert list(Driver.objects.all()) == [again]


def test_with_nobody_erased_nothing_happens(folder: Path) -> None:
    make_driver()

    assert reapply_erasures(now=NOW) == 0
    assert not (folder / "erased").exists()


@pytest.mark.parametrize("kept_in", ["SECRET_KEY_FALLBACKS", "READYBY_ERASED_KEYS"])
def test_a_tombstone_of_a_former_key_still_counts(settings: Settings, kept_in: str) -> None:
    driver = make_driver()
    stored = backup()
    erase_driver(driver=driver, at_wall=NOW)
    restore(stored)
    setattr(settings, kept_in, [settings.SECRET_KEY])
    settings.SECRET_KEY = "another key, as long as they have to be"

    assert reapply_erasures(now=LATER) == 1


def test_a_torn_line_is_left_out_and_spoils_no_other(folder: Path) -> None:
    first, second = make_driver(), make_driver()
    stored = backup()
    erase_driver(driver=first, at_wall=NOW)
    with (folder / "erased").open("a", encoding="ascii") as file:
        file.write(f"{'a' * 64} yesterday\n{'b' * 64} 2025-12-09T21:04:00\n{'c' * 40}")
    erase_driver(driver=second, at_wall=NOW)
    Tombstone.objects.all().delete()
    restore(stored)

    assert reapply_erasures(now=LATER) == 2
    assert not Tombstone.objects.filter(checksum__in=["a" * 64, "b" * 64]).exists()


def test_a_checksum_says_nothing_without_the_key() -> None:
    public_id = make_driver().public_id

    assert tombstones.checksum_of(public_id, "one key") != tombstones.checksum_of(public_id, "another key")
    assert str(public_id).replace("-", "") not in tombstones.checksum_of(public_id, "one key")
