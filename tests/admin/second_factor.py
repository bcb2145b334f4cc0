"""Staff who sign in as the admin asks of them: with a password and the code of an app."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.test import Client as Browser

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def enroll(account: User) -> Authenticator:
    """The account has an app for its second step, whose secret is SECRET."""
    return TOTP.activate(account, SECRET).instance


def code_of_the_app(secret: str = SECRET) -> str:
    """What the app shows now, and for half a minute; it counts once."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def confirm(browser: Browser, account: User, **details: Any) -> None:
    """Notes in the browser's session that its sign-in took this step, as allauth does."""
    request = HttpRequest()
    request.session = browser.session
    record_authentication(request, account, **{"method": "mfa", "type": "totp"} | details)
    request.session.save()


def sign_in_with_second_factor(browser: Browser, account: User) -> Browser:
    """The browser, in which the account has signed in with its app; it gets one where it has none."""
    if not Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists():
        enroll(account)
    browser.force_login(account)
    confirm(browser, account)
    return browser
