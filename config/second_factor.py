"""The second step of a sign-in: an account tries so many codes, and each counts once, over all processes together.

allauth notes both in Django's cache, which each process has for itself: with many of them many more could be tried, and
a code that somebody has looked at would open the next one.
"""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator

from charging.operations.attempts import seconds_to_wait

MOST_CODES = 10
WINDOW_SECONDS = 15 * 60


class _Counted:
    """A form with a code, which counts each that is tried for the account."""

    def clean_code(self) -> str:
        name = f"second factor {self.user.pk}"  # type: ignore[attr-defined]  # the form's own
        if seconds_to_wait(name=name, limit=MOST_CODES, window_seconds=WINDOW_SECONDS) is not None:
            raise get_adapter().validation_error("too_many_login_attempts")
        try:
            code = str(super().clean_code())  # type: ignore[misc]  # the form's own
        except ValueError as fault:
            # Its secret opens with none of the keys: nobody comes in by it.
            raise mfa_adapter().validation_error("incorrect_code") from fault
        if self.authenticator.type == Authenticator.Type.TOTP and self._has_come_in():  # type: ignore[attr-defined]
            raise mfa_adapter().validation_error("incorrect_code")
        return code

    def _has_come_in(self) -> bool:
        """Whether the app's code of this half minute was used; windows of both begin together."""
        name = f"code of the app {self.user.pk}"  # type: ignore[attr-defined]
        return seconds_to_wait(name=name, limit=1, window_seconds=app_settings.TOTP_PERIOD) is not None


class CountedAuthenticateForm(_Counted, AuthenticateForm):  # type: ignore[misc]
    """The code at the sign-in."""


class CountedReauthenticateForm(_Counted, ReauthenticateForm):  # type: ignore[misc]
    """The code of somebody who confirms that it is still them."""
