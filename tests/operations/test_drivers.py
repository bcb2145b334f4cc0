"""People: under a client's own id, with a login, or as guests who may stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from charging.models import Driver, Location, Vehicle
from charging.operations.clients import ensure_built_in_client
from charging.operations.drivers import (
    GUESTS_LIVE_FOR,
    MOST_ADDRESSES,
    create_driver,
    create_guest,
    driver_of_account,
    expire_guests,
    keep_guest,
)
from charging.operations.issues import Refused
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_a_new_driver_lives_at_the_pace_of_the_wall() -> None:
    driver = create_driver(client=factories.make_client(), external_id="user-1", now=NOW)

    assert (driver.clock_wall_anchor, driver.clock_own_anchor, driver.clock_speed) == (NOW, NOW, 1)
    assert (driver.account, driver.is_guest, driver.created_at) == (None, False, NOW)


@pytest.mark.parametrize("external_id", ["a", "A-Z_0.9~@:", "alice@example.com", "x" * 255])
def test_ids_of_the_allowed_characters_are_taken(external_id: str) -> None:
    assert create_driver(client=factories.make_client(), external_id=external_id, now=NOW).external_id == external_id


@pytest.mark.parametrize(
    "external_id",
    ["", "x" * 256, "a b", "a/b", "a\n", "é", "a\x00b", "٣", "../x", "a%20b"],
    ids=["empty", "long", "space", "slash", "newline", "accent", "null", "arabic digit", "path", "percent"],
)
def test_other_ids_are_refused(external_id: str) -> None:
    with pytest.raises(ValueError, match="A user id has 1 to 255 characters"):
        create_driver(client=factories.make_client(), external_id=external_id, now=NOW)

    assert not Driver.objects.exists()


def test_an_id_is_taken_once_per_client_and_may_be_used_by_another() -> None:
    client = factories.make_client()
    create_driver(client=client, external_id="user-1", now=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        create_driver(client=client, external_id="user-1", now=NOW)
    create_driver(client=factories.make_client(), external_id="user-1", now=NOW)

    assert Driver.objects.filter(external_id="user-1").count() == 2


def test_a_guest_has_an_account_without_a_password() -> None:
    driver = create_guest(now=NOW)

    assert driver.is_guest
    assert driver.client == ensure_built_in_client(now=NOW)
    assert driver.account is not None
    assert not User.objects.get().has_usable_password()
    assert driver.account.email == ""


def test_guests_do_not_get_in_each_others_way() -> None:
    assert create_guest(now=NOW).external_id != create_guest(now=NOW).external_id


def test_the_driver_of_an_account_is_made_once() -> None:
    account = factories.make_account()

    first = driver_of_account(account=account, now=NOW)
    second = driver_of_account(account=account, now=NOW + timedelta(days=1))

    assert first == second
    assert second.created_at == NOW
    assert second.client.is_built_in
    assert (second.account, second.is_guest, second.clock_speed) == (account, False, 1)


def test_a_guest_who_adds_an_address_stays_the_same_driver_with_the_same_car() -> None:
    guest = create_guest(now=NOW)
    vehicle = factories.make_vehicle(driver=guest)

    kept = keep_guest(driver=guest, email="  alice@example.com ")

    stored = Driver.objects.get()
    assert kept.pk == stored.pk == vehicle.driver_id
    assert not stored.is_guest
    assert stored.account is not None
    assert (stored.account.email, stored.account.username) == ("alice@example.com", "alice@example.com")


@pytest.mark.parametrize(
    "email",
    ["", "alice", "alice@", "@example.com", "a b@example.com", "a@b@c.de", f"a@{'b' * 60}.{'c' * 60}." + "d" * 140],
)
def test_what_is_no_address_is_refused(email: str) -> None:
    guest = create_guest(now=NOW)

    with pytest.raises(Refused) as refused:
        keep_guest(driver=guest, email=email)

    assert [(issue.code, issue.path) for issue in refused.value.issues] == [("EMAIL_INVALID", "email")]
    assert Driver.objects.get().is_guest


def test_an_address_longer_than_an_account_can_hold_is_refused() -> None:
    guest = create_guest(now=NOW)
    domain = ".".join(["b" * 60] * 4)

    with pytest.raises(Refused, match="EMAIL_INVALID"):
        keep_guest(driver=guest, email=f"{'a' * 40}@{domain}.com")

    assert User.objects.get().email == ""


def test_a_guest_does_not_find_out_who_has_an_account_by_trying_many_addresses() -> None:
    guest, other = create_guest(now=NOW), create_guest(now=NOW)
    User.objects.create_user("somebody", "alice@example.com")
    for _ in range(MOST_ADDRESSES):
        with pytest.raises(Refused, match="EMAIL_TAKEN"):
            keep_guest(driver=guest, email="alice@example.com")

    for email in ("alice@example.com", "bob@example.com"):
        with pytest.raises(Refused, match="TOO_MANY_TRIES"):
            keep_guest(driver=guest, email=email)

    assert not keep_guest(driver=other, email="bob@example.com").is_guest


@pytest.mark.parametrize("email", ["alice@example.com", "ALICE@Example.com"])
def test_the_address_of_another_account_is_refused(email: str) -> None:
    User.objects.create_user("somebody", "alice@example.com")
    guest = create_guest(now=NOW)

    with pytest.raises(Refused, match="EMAIL_TAKEN"):
        keep_guest(driver=guest, email=email)

    assert Driver.objects.get().is_guest


def test_an_address_that_is_another_accounts_name_is_refused() -> None:
    User.objects.create_user("alice@example.com")
    guest = create_guest(now=NOW)

    with pytest.raises(Refused, match="EMAIL_TAKEN"):
        keep_guest(driver=guest, email="alice@example.com")

    assert Driver.objects.get().is_guest


def test_a_driver_without_an_account_cannot_be_kept() -> None:
    driver = factories.make_driver(account=None, is_guest=True)

    with pytest.raises(Refused, match="EMAIL_TAKEN"):
        keep_guest(driver=driver, email="alice@example.com")


def test_guests_are_deleted_after_thirty_days_with_everything_of_theirs() -> None:
    old, kept, young = (create_guest(now=NOW) for _ in range(3))
    factories.make_parked_car(driver=old)
    keep_guest(driver=kept, email="alice@example.com")
    Driver.objects.filter(pk=young.pk).update(created_at=NOW + timedelta(seconds=1))
    member = factories.make_driver()

    count = expire_guests(at_wall=NOW + GUESTS_LIVE_FOR)

    assert count == 1
    assert set(Driver.objects.all()) == {kept, young, member}
    assert User.objects.count() == 3
    assert not Vehicle.objects.exists()
    assert not Location.objects.exists()


def test_before_thirty_days_no_guest_is_deleted() -> None:
    create_guest(now=NOW)

    assert expire_guests(at_wall=NOW + GUESTS_LIVE_FOR - timedelta(seconds=1)) == 0
    assert User.objects.exists()
