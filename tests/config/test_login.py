"""Wrong passwords lock a name for where they came from, and nobody who is signed in already."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.factories import make_account

pytestmark = pytest.mark.django_db

PASSWORD = "a long password of theirs"


@pytest.fixture(autouse=True)
def nobody_has_tried_yet() -> None:
    """Login attempts per address are counted in the cache, which outlives a test."""
    cache.clear()


@pytest.mark.parametrize("is_staff", [False, True], ids=["drivers", "operators"])
def test_after_five_wrong_passwords_the_right_one_does_not_come_in_either(client: Client, is_staff: bool) -> None:
    account = make_account(password=PASSWORD, is_staff=is_staff)

    for _ in range(5):
        client.post(reverse("account_login"), {"login": account.email, "password": "wrong"})
    client.post(reverse("account_login"), {"login": account.email, "password": PASSWORD})

    assert "_auth_user_id" not in client.session


def test_the_page_of_the_lock_says_how_long_it_lasts(client: Client) -> None:
    account = make_account()

    responses = [client.post(reverse("account_login"), {"login": account.email, "password": "wrong"}) for _ in range(5)]

    text = responses[-1].content.decode()
    assert responses[-1].status_code == 429
    assert "<h1>Too many wrong passwords</h1>" in text
    assert "Try again in 15 minutes. Charging is not affected." in text


def test_a_name_longer_than_can_be_counted_is_a_wrong_one_and_counted_all_the_same(client: Client) -> None:
    name = f"{'a' * 64}@{'.'.join(['b' * 60] * 4)}.example"

    answers = [client.post(reverse("account_login"), {"login": name, "password": "wrong"}) for _ in range(5)]

    assert len(name) > 255
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]


def test_the_lock_of_one_name_does_not_shut_out_another(client: Client) -> None:
    alice, bob = make_account(password=PASSWORD), make_account(password=PASSWORD)

    for _ in range(5):
        client.post(reverse("account_login"), {"login": alice.email, "password": "wrong"})
    client.post(reverse("account_login"), {"login": bob.email, "password": PASSWORD})

    assert client.session["_auth_user_id"] == str(bob.pk)


def test_two_hundred_wrong_passwords_do_not_shut_out_the_owner_elsewhere() -> None:
    account = make_account(password=PASSWORD)
    form = {"login": account.email, "password": "wrong"}
    for _ in range(200):
        Client(REMOTE_ADDR="203.0.113.66").post(reverse("account_login"), form)
    owner = Client(REMOTE_ADDR="198.51.100.1")

    owner.post(reverse("account_login"), form | {"password": PASSWORD})

    assert owner.session["_auth_user_id"] == str(account.pk)


def test_a_lock_does_not_end_a_session_that_lives() -> None:
    account = make_account(password=PASSWORD)
    owner = Client()
    owner.post(reverse("account_login"), {"login": account.email, "password": PASSWORD})

    for _ in range(6):
        Client().post(reverse("account_login"), {"login": account.email, "password": "wrong"})

    assert owner.get("/setup/").status_code != 429
    assert owner.get("/accounts/password/change/").status_code == 200


def told(answer: Any, name: str) -> tuple[int, str]:
    """What a page says, without what is new in each and without the name that was typed."""
    text = re.sub(r'nonce="[^"]*"|[A-Za-z0-9]{64}|\d{4}-\d\d-\d\d \d\d:\d\d', "", answer.content.decode())
    return answer.status_code, text.replace(name, "*")


@pytest.mark.parametrize(
    ("door", "field", "values"),
    [
        pytest.param("account_login", "login", {"password": "wrong"}, id="signing in"),
        pytest.param("account_reset_password", "email", {}, id="a new password"),
    ],
)
def test_a_known_address_is_answered_like_an_unknown_one(door: str, field: str, values: dict[str, str]) -> None:
    account = make_account(username="alice@example.com", email="alice@example.com", password=PASSWORD)
    stranger = "nobody@example.com"

    for _ in range(6):
        known, unknown = (
            told(Client().post(reverse(door), values | {field: name}, follow=True), name)
            for name in (account.email, stranger)
        )
        assert known == unknown


def test_a_password_is_worked_out_for_an_unknown_address_as_for_a_known_one() -> None:
    account = make_account(password=PASSWORD)
    counts = []

    for name in (account.email, "nobody@example.com"):
        with CountedHashes() as hashes:
            Client().post(reverse("account_login"), {"login": name, "password": "wrong"})
        counts.append(hashes.count)

    assert counts == [1, 1]


class CountedHashes:
    """How often a password is hashed within."""

    def __enter__(self) -> CountedHashes:
        self.count = 0
        self._encode = MD5PasswordHasher.encode

        def encode(hasher: MD5PasswordHasher, password: str, salt: str) -> str:
            self.count += 1
            return self._encode(hasher, password, salt)

        MD5PasswordHasher.encode = encode  # type: ignore[method-assign, assignment]
        return self

    def __exit__(self, *_: object) -> None:
        MD5PasswordHasher.encode = self._encode  # type: ignore[method-assign]
