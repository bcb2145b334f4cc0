"""What signing in leaves in the audit: who, and how it went; never a name, an address or a password."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client as Browser
from django.urls import reverse

from charging.models import AuditEvent
from charging.operations.clients import create_client
from tests.admin.second_factor import code_of_the_app, enroll
from tests.factories import NOW, make_account

pytestmark = pytest.mark.django_db

PASSWORD = "a long password of theirs"


@pytest.fixture(autouse=True)
def nobody_has_tried_yet() -> None:
    cache.clear()


def events() -> list[tuple[str, int | None, str]]:
    return list(AuditEvent.objects.order_by("pk").values_list("kind", "account_id", "reason"))


def sign_in(browser: Browser, name: str, password: str) -> Any:
    return browser.post(reverse("account_login"), {"login": name, "password": password})


def test_a_sign_in_is_on_record_with_the_id_of_its_request(client: Browser) -> None:
    account = make_account(password=PASSWORD)

    sign_in(client, account.email, PASSWORD)

    assert events() == [("SIGNED_IN", account.pk, "")]
    assert uuid.UUID(AuditEvent.objects.get().request_id)


def test_wrong_passwords_and_the_lock_are_on_record(client: Browser) -> None:
    account = make_account(password=PASSWORD)

    for _ in range(5):
        sign_in(client, account.email.upper(), "wrong")

    assert Counter(events()) == {("SIGN_IN_FAILED", account.pk, "password"): 5, ("LOCKED", account.pk, ""): 1}


@pytest.mark.parametrize("name", ["nobody@example.com", "x\x00y@example.com"])
def test_a_name_that_nobody_has_is_not_kept(client: Browser, name: str) -> None:
    sign_in(client, name, "wrong")

    assert {account_id for _kind, account_id, _reason in events()} <= {None}
    assert not AuditEvent.objects.filter(reason__contains="@").exists()


def test_the_second_step_is_on_record_from_its_first_day_to_its_last(client: Browser) -> None:
    account = make_account(password=PASSWORD)
    sign_in(client, account.email, PASSWORD)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    secret = re.findall(r'value="([A-Z2-7]{32})"', client.get(reverse("mfa_activate_totp")).text)[0]
    before = AuditEvent.objects.count()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda do, **_: do())
        client.post(reverse("mfa_activate_totp"), {"code": code_of_the_app(secret)})
        client.post(reverse("mfa_deactivate_totp"))

    assert sorted(events()[before:]) == [
        ("FACTOR_ADDED", account.pk, "recovery_codes"),
        ("FACTOR_ADDED", account.pk, "totp"),
        ("FACTOR_REMOVED", account.pk, "recovery_codes"),
        ("FACTOR_REMOVED", account.pk, "totp"),
    ]
    assert not Authenticator.objects.exists()


def test_a_wrong_code_is_on_record(client: Browser) -> None:
    account = make_account(password=PASSWORD)
    enroll(account)
    sign_in(client, account.email, PASSWORD)

    client.post("/accounts/2fa/authenticate/", {"code": "000000"})

    assert events() == [("SIGN_IN_FAILED", account.pk, "totp")]


def test_a_changed_password_is_on_record(client: Browser) -> None:
    account = make_account(password=PASSWORD)
    client.force_login(account)
    new = "quite another long one"

    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert ("PASSWORD_CHANGED", account.pk, "") in events()


def test_a_password_set_by_mail_is_on_record(client: Browser) -> None:
    account = make_account(password=PASSWORD)
    client.post(reverse("account_reset_password"), {"email": account.email})
    link = re.findall(r"http://testserver(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body))[0]
    form = client.get(link, follow=True).redirect_chain[-1][0]

    client.post(form, {"password1": "quite another long one", "password2": "quite another long one"})

    assert ("PASSWORD_CHANGED", account.pk, "") in events()


def test_tokens_are_on_record_for_clients_that_there_are(client: Browser) -> None:
    made = create_client(name="Fleet", now=NOW)
    form = {"grant_type": "client_credentials", "client_id": made.client_id}

    client.post("/oauth2/token", form | {"client_secret": made.client_secret})
    client.post("/oauth2/token", form | {"client_secret": "wrong"})
    client.post("/oauth2/token", form | {"client_id": "made-up", "client_secret": "wrong"})

    assert list(AuditEvent.objects.order_by("pk").values_list("kind", "client_id", "reason")) == [
        ("SECRET_MADE", made.client.pk, ""),
        ("TOKEN_ISSUED", made.client.pk, ""),
        ("TOKEN_REFUSED", made.client.pk, "invalid_client"),
    ]
