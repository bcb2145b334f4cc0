"""The operators' pages: for staff who signed in with a second factor, at the one door for everybody."""

from __future__ import annotations

import re
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.views.main import ERROR_FLAG
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from charging.management.commands.quickstart import OPERATOR_EMAIL
from charging.views.client_address import is_of_this_machine
from config.confirming import View, confirmed

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""Recovery codes stand in for one of these, and are none by themselves."""
YEAR = re.compile("[12][0-9]{3}", re.ASCII)


def has_factor(request: HttpRequest) -> bool:
    """Whether the account that is signed in has an app or a key for its second step."""
    return bool(is_mfa_enabled(request.user, FACTORS))


def used_factor(request: HttpRequest) -> bool:
    """Whether this sign-in, or a confirmation since, took the second step."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def is_exempt(request: HttpRequest) -> bool:
    """The account that `quickstart` made, on the machine that it was made on, while it has no second factor."""
    is_first = request.user.get_username() == OPERATOR_EMAIL
    return is_first and settings.IS_EMBEDDED and is_of_this_machine(request) and not has_factor(request)


def within_the_calendar(view: View) -> View:
    """The view of the admin; a year that no calendar has is answered as Django answers other filters of no sense."""

    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        years = [str(value) for name, value in request.GET.items() if name.endswith("__year")]
        if all(YEAR.fullmatch(year) for year in years):
            return view(request, *args, **kwargs)
        return redirect(f"{request.path}?{ERROR_FLAG}=1")

    return answered


class OperatorSite(AdminSite):
    """Django's admin, shut without a second factor."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Returns whether the request may see any page here: active staff, with a factor that was used."""
        if not super().has_permission(request):
            return False
        return is_exempt(request) or (has_factor(request) and used_factor(request))

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # type: ignore[override]  # its stubs know less
        """Returns the view for whoever may see it, and did not sign in too long ago for what it does."""
        return super().admin_view(within_the_calendar(confirmed(view)), cacheable)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Returns the first page, with the fleet at a glance for whoever may see cars."""
        from charging.admin.troubles import tiles  # noqa: PLC0415 - the screens register at this very site

        may_see = request.user.has_perm("charging.view_vehicle")
        return super().index(request, {"tiles": tiles() if may_see else (), **(extra_context or {})})

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Returns the way to what is missing: the sign-in, the second factor, or its use. Raises PermissionDenied."""
        where = request.GET.get("next", "") or reverse("admin:index")
        if self.has_permission(request):
            return redirect("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(where, resolve_url("account_login"))
        if not super().has_permission(request):
            raise PermissionDenied
        if not has_factor(request):
            messages.info(request, _("The pages of operators need a second step at sign-in. Set one up here first."))
            return redirect("mfa_index")
        has_app = is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
        name = "mfa_reauthenticate" if has_app else "mfa_reauthenticate_webauthn"
        return redirect_to_login(where, resolve_url(name))

    def password_change(  # type: ignore[override]  # its stubs know the page alone
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Returns the way to the page on which everybody changes the password."""
        return redirect("account_change_password")
