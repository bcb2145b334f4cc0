"""What is written to an address before anybody is signed in, and what is not said after it."""

from __future__ import annotations

import re

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings

from tests.factories import make_account

pytestmark = pytest.mark.django_db

ADDRESS = "alice@example.com"
PASSWORD = "a long password of theirs"


def written(mailoutbox: list[EmailMessage]) -> tuple[str, str]:
    """Subject and text of the one mail, which knows of no other sender than us."""
    [mail] = mailoutbox
    text = str(mail.body)
    assert mail.to == [ADDRESS]
    assert not re.search(r"\[|Hello from|Thank you for using|&\w+;", str(mail.subject) + text)
    assert text.strip().endswith("\nReadyby")
    return str(mail.subject), text


def test_a_forgotten_password(client: Client, mailoutbox: list[EmailMessage]) -> None:
    make_account(username=ADDRESS, email=ADDRESS, password=PASSWORD)

    client.post("/accounts/password/reset/", {"email": ADDRESS})

    subject, text = written(mailoutbox)
    assert subject == "A new password for Readyby"
    found = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", text)
    assert found is not None
    assert client.get(found[1]).status_code == 302


def test_a_forgotten_password_of_nobody(client: Client, mailoutbox: list[EmailMessage]) -> None:
    client.post("/accounts/password/reset/", {"email": ADDRESS})

    subject, text = written(mailoutbox)
    assert subject == "A new password for Readyby"
    assert "There is no account with this address" in text
    assert "http://testserver/accounts/signup/" in text


@pytest.mark.parametrize(
    ("is_known", "subject", "address"),
    [
        pytest.param(False, "Confirm your email address for Readyby", "/accounts/confirm-email/", id="new"),
        pytest.param(True, "You have an account with Readyby", "/accounts/password/reset/", id="known"),
    ],
)
def test_signing_up_where_addresses_are_confirmed(
    client: Client, mailoutbox: list[EmailMessage], settings: Settings, is_known: bool, subject: str, address: str
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    if is_known:
        make_account(username=ADDRESS, email=ADDRESS, password=PASSWORD)

    client.post("/accounts/signup/", {"email": ADDRESS, "password1": PASSWORD})

    told, text = written(mailoutbox)
    assert told == subject
    assert f"http://testserver{address}" in text


def test_signing_in_and_out_leaves_no_message_for_later(client: Client) -> None:
    make_account(username=ADDRESS, email=ADDRESS, password=PASSWORD)

    answer = client.post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD})
    assert answer.status_code == 302

    assert "Successfully" not in client.get("/accounts/password/change/", follow=True).text
    client.post("/accounts/logout/")
    assert "signed out" not in client.get("/accounts/login/").text
