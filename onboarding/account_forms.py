"""The forms for signing in and making an account, in the words and manners of the wizard's own forms."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm, SignupForm
from django import forms
from django.utils.translation import gettext_lazy as _

MISSING = {
    "login": _("Enter your email address"),
    "email": _("Enter your email address"),
    "password": _("Enter your password"),
    "password1": _("Enter a password"),
}
NO_ADDRESS = _("Enter an email address, like name@example.com")


class SignInForm(LoginForm):  # type: ignore[misc]
    """E-mail address and password."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _speak_plainly(self)
        if "remember" in self.fields:
            self.fields["remember"].label = _("Stay signed in on this device")


class SignUpForm(SignupForm):  # type: ignore[misc]
    """E-mail address and a new password."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _speak_plainly(self)


def _speak_plainly(form: forms.Form) -> None:
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        field.error_messages["required"] = MISSING.get(name, field.error_messages["required"])
        if isinstance(field, forms.EmailField):
            field.error_messages["invalid"] = NO_ADDRESS
            field.validators = [_with_words(validator) for validator in field.validators]


def _with_words(validator: Any) -> Any:
    """Returns the check of an address with our sentence; other checks stay as they are."""
    if getattr(validator, "code", "") == "invalid" and hasattr(validator, "user_regex"):
        return type(validator)(message=NO_ADDRESS)
    return validator
