"""Where the parts that sign people in ask us something."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from charging.views.client_address import client_address


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's own, whose limits count a visitor under the same address as all the others."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)
