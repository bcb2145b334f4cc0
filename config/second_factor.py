"""The second step of a sign-in: so many codes may be tried for an account, counted over all processes together.

allauth counts in Django's cache, which each process has for itself: with many of them many more could be tried.
"""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm

from charging.operations.attempts import seconds_to_wait

MOST_CODES = 10
WINDOW_SECONDS = 15 * 60


class _Counted:
    """A form with a code, which counts each that is tried for the account."""

    def clean_code(self) -> str:
        name = f"second factor {self.user.pk}"  # type: ignore[attr-defined]  # the form's own
        if seconds_to_wait(name=name, limit=MOST_CODES, window_seconds=WINDOW_SECONDS) is not None:
            raise get_adapter().validation_error("too_many_login_attempts")
        return str(super().clean_code())  # type: ignore[misc]  # the form's own


class CountedAuthenticateForm(_Counted, AuthenticateForm):  # type: ignore[misc]
    """The code at the sign-in."""


class CountedReauthenticateForm(_Counted, ReauthenticateForm):  # type: ignore[misc]
    """The code of somebody who confirms that it is still them."""
