"""Wrong passwords lock a name for where they came from, and nobody who is signed in already."""

import pytest
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


def test_the_lock_of_one_name_does_not_shut_out_another(client: Client) -> None:
    alice, bob = make_account(password=PASSWORD), make_account(password=PASSWORD)

    for _ in range(5):
        client.post(reverse("account_login"), {"login": alice.email, "password": "wrong"})
    client.post(reverse("account_login"), {"login": bob.email, "password": PASSWORD})

    assert client.session["_auth_user_id"] == str(bob.pk)
