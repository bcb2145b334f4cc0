"""The way to what a driver sees: asked why, on record, and only looked at."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from charging.admin.change_log import log_change
from charging.admin.driver_data import reason_page
from charging.admin.operation_form import ReasonForm
from charging.admin.read_only import Screen
from charging.models import Driver
from charging.views import view_as
from charging.views.answers import SeeOther


def view_page(*, screen: Screen, request: HttpRequest, driver: Driver) -> HttpResponseBase:
    """Asks why, then leads to the driver's dashboard as they see it."""
    if not view_as.may_be_seen(driver):
        messages.error(request, _("There are no pages to look at: this driver has no login, or is one of the staff."))
        return SeeOther(reverse("admin:charging_driver_change", args=[driver.pk]))

    def answer(form: forms.Form) -> HttpResponseBase:
        reason = form.cleaned_data["reason"]
        view_as.begin(request=request, driver=driver, reason=reason)
        log_change(screen=screen, request=request, row=driver, message=f"looked at their pages: {reason}")
        return SeeOther(reverse("dashboard"))

    said = _(
        "You see the driver’s pages as they do, with a line that says so, and can change nothing. It ends with the "
        "button in that line, when you sign out, or after half an hour in which you opened no page."
    )
    return reason_page(screen, request, driver, ReasonForm, answer, title=_("See what they see"), said=said)
