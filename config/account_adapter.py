"""Where the parts that sign people in ask us something."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from charging.views.client_address import client_address


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's own, whose limits count a visitor under the same address as all the others."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts nothing: django-axes counts wrong passwords, by name and address together.

        allauth would count them by name alone, and anybody could shut out whoever's address they know.
        """

    def is_safe_url(self, url: str | None) -> bool:
        """Whether `url` is a page of this server; what cannot be read as an address is none."""
        with suppress(ValueError):
            return bool(super().is_safe_url(url))
        return False
