"""Keeping a guest's account, and how the pages look."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from charging.operations.drivers import keep_guest
from charging.operations.issues import Refused
from charging.views.access import driver_of
from charging.views.answers import SeeOther, back_where
from charging.views.forms import KeepAccountForm, add_issues, sent
from charging.views.language import keep_form
from charging.views.typed_values import with_typed

THEME_COOKIE = "readyby_theme"
THEMES = frozenset({"light", "dark"})
THEME_CHOICES = (("auto", gettext_lazy("Automatic")), ("light", gettext_lazy("Light")), ("dark", gettext_lazy("Dark")))
A_YEAR = 365 * 24 * 60 * 60


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def keep_account(request: HttpRequest) -> HttpResponse:
    """Adds an e-mail address to a guest's account, so that it lasts."""
    driver = driver_of(request)
    if driver is None or not driver.is_guest:
        return redirect("dashboard")
    form = with_typed(KeepAccountForm(sent(request)), request)
    if request.method == "POST" and form.is_valid():
        try:
            keep_guest(driver=driver, email=form.cleaned_data["email"])
        except Refused as refused:
            add_issues(form, refused, {"email": "email"})
        else:
            return to_password(request)
    return render(request, "charging/keep_account.html", {"form": form})


def to_password(request: HttpRequest) -> SeeOther:
    """Where both doors lead once an account is kept: to its password, and from there to the dashboard."""
    messages.success(request, _("Your account is kept."))
    return SeeOther(f"{reverse('account_set_password')}?next={reverse('dashboard')}")


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remembers light, dark or the system's choice in a cookie."""
    keep_form(request)
    response = back_where(request)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        is_secure = request.is_secure()
        response.set_cookie(THEME_COOKIE, theme, max_age=A_YEAR, samesite="Lax", secure=is_secure, httponly=True)
    else:
        response.delete_cookie(THEME_COOKIE)
    return response


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How it works, and what to check."""
    return render(request, "charging/help.html")
