"""Signing in is done by Django, django-axes and allauth: their signals are the one door to its moments.

Readyby sends and receives no others. What happened is written where it happens, so that it fails where it cannot be.
"""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from axes.signals import user_locked_out
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from charging.models.audit import AuditKind
from charging.operations import audit
from charging.operations.clocks import wall_now
from charging.views import view_as
from config.login_name import FIELDS


def account_named(name: str) -> int | None:
    """The number of the account that somebody tried to sign in with; None where there is none of that name."""
    if "\x00" in name:
        return None
    found = User.objects.filter(email__iexact=name) | User.objects.filter(username__iexact=name)
    return found.values_list("pk", flat=True).first()


@receiver(user_logged_in)
def note_sign_in(user: User, **_: Any) -> None:
    audit.record(kind=AuditKind.SIGNED_IN, now=wall_now(), account_id=user.pk)


@receiver(user_logged_out)
def note_end_of_looking(request: HttpRequest, **_: Any) -> None:
    view_as.end(request=request, why="signed out")


@receiver(user_login_failed)
def note_failure(credentials: dict[str, Any], **_: Any) -> None:
    name = next((str(credentials[field]) for field in FIELDS if credentials.get(field)), "")
    audit.record(
        kind=AuditKind.SIGN_IN_FAILED, now=wall_now(), account_id=account_named(name.strip()), reason="password"
    )


@receiver(authentication_failed)
def note_wrong_code(user: User, authenticator: Any, **_: Any) -> None:
    reason = str(authenticator.type) if authenticator is not None else "code"
    audit.record(kind=AuditKind.SIGN_IN_FAILED, now=wall_now(), account_id=user.pk, reason=reason)


@receiver(user_locked_out)
def note_lock(username: str | None, **_: Any) -> None:
    audit.record(kind=AuditKind.LOCKED, now=wall_now(), account_id=account_named(username or ""))


@receiver([authenticator_added, authenticator_reset])
def note_factor(user: User, authenticator: Any, **_: Any) -> None:
    audit.record(kind=AuditKind.FACTOR_ADDED, now=wall_now(), account_id=user.pk, reason=str(authenticator.type))


@receiver(authenticator_removed)
def note_factor_gone(user: User, authenticator: Any, **_: Any) -> None:
    audit.record(kind=AuditKind.FACTOR_REMOVED, now=wall_now(), account_id=user.pk, reason=str(authenticator.type))


@receiver([password_changed, password_reset, password_set])
def note_password(user: User, **_: Any) -> None:
    audit.record(kind=AuditKind.PASSWORD_CHANGED, now=wall_now(), account_id=user.pk)
