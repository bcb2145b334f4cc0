"""Where the parts that sign people in ask us something."""

from __future__ import annotations

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
