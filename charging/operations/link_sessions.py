"""Links by which users of an app add their cars in Readyby's own pages."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from charging.models import Driver, LinkSession
from charging.operations.issues import Issue
from charging.operations.users import authorize

LIVES_FOR = timedelta(hours=24)
NO_LINKS = frozenset({"javascript", "data", "vbscript", "file", "blob", "about"})


@dataclass(frozen=True, slots=True)
class NewLink:
    """A new session with its token, which can never be shown again."""

    session: LinkSession
    token: str


def redirect_issues(redirect_uri: str) -> tuple[Issue, ...]:
    """Returns what is wrong with an address to go back to: a web address, or one that an app answers to."""
    try:
        parts = urlsplit(redirect_uri)
    except ValueError:
        parts = urlsplit("")
    is_web = parts.scheme in {"http", "https"}
    is_printable = redirect_uri.isascii() and redirect_uri.isprintable() and " " not in redirect_uri
    is_whole = bool(parts.netloc) if is_web else bool(parts.scheme) and bool(parts.netloc or parts.path)
    if is_whole and is_printable and parts.scheme not in NO_LINKS and len(redirect_uri) <= 2000:
        return ()
    message = _("Use an address such as https://app.example/done or myapp://done.")
    return (Issue("REDIRECT_INVALID", "redirectUri", message),)


def create_link(
    *, driver: Driver, redirect_uri: str, language: str, color_scheme: str, at_wall: datetime, vendor: str = ""
) -> NewLink:
    """Makes a link for a user, who is not asked for the make of the car where `vendor` names it."""
    token = secrets.token_urlsafe(32)
    session = LinkSession.objects.create(
        driver=driver,
        token_checksum=_checksum(token),
        redirect_uri=redirect_uri,
        language=language,
        color_scheme=color_scheme,
        vendor=vendor,
        created_at=at_wall,
        expires_at=at_wall + LIVES_FOR,
    )
    return NewLink(session, token)


def find_link(*, token: str, at_wall: datetime) -> LinkSession | None:
    """Returns the session of a token that was not used and has not expired."""
    living = LinkSession.objects.filter(used_at__isnull=True, expires_at__gt=at_wall).select_related("driver__client")
    return living.filter(token_checksum=_checksum(token)).first()


@transaction.atomic
def use_link(*, session: LinkSession, at_wall: datetime) -> User | None:
    """Uses a link up. Returns the login of its user, made where there is none; None for one that was used meanwhile."""
    if not LinkSession.objects.filter(pk=session.pk, used_at__isnull=True).update(used_at=at_wall):
        return None
    driver = Driver.objects.select_for_update().get(pk=session.driver_id)
    if driver.account is not None:
        return driver.account
    account = User.objects.create_user(username=f"link-{uuid.uuid4()}")
    account.set_unusable_password()
    account.save(update_fields=["password"])
    driver.account = account
    driver.save(update_fields=["account"])
    return account


def has_login_of_its_own(*, driver: Driver) -> bool:
    """Whether the user signs in by themselves, so that a link alone must not do it for them."""
    account = driver.account
    return account is not None and (account.is_staff or account.has_usable_password() or bool(account.email))


def leave_link(*, session: LinkSession, is_finished: bool, at_wall: datetime) -> str:
    """Returns where the app wants its user back, with an error where the car was not added."""
    if is_finished:
        authorize(driver=session.driver, at_wall=at_wall)
        return session.redirect_uri
    parts = urlsplit(session.redirect_uri)
    told = {"error": "cancelled", "error_message": _("The user left before the car was added.")}
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *told.items()])
    return urlunsplit(parts._replace(query=query))


def _checksum(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
