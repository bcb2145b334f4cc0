"""The operators' door: Django's own login, with the name under which the lock on wrong passwords counts."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import authenticate


class LoginForm(AdminAuthenticationForm):
    """Like Django's, but django-axes is told the name as `login`, the field it counts wrong passwords by.

    Without it failures are counted under no name and looked up under the real one, and nobody is ever locked out.
    """

    def clean(self) -> dict[str, Any]:
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if username is not None and password:
            self.user_cache = authenticate(self.request, username=username, password=password, login=username)
            if self.user_cache is None:
                raise self.get_invalid_login_error()
            self.confirm_login_allowed(self.user_cache)
        return self.cleaned_data
