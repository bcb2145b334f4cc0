"""A copy of what is stored of a driver, and deleting it: for people who ask support instead of their own page."""

from __future__ import annotations

from collections.abc import Callable
from tempfile import TemporaryFile

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charging.admin.change_log import log_change, log_erasure
from charging.admin.operation_form import ReasonForm
from charging.admin.read_only import Screen
from charging.models import Driver
from charging.models.audit import AuditKind
from charging.operations import audit
from charging.operations.clocks import wall_now
from charging.operations.erasure import erase_driver
from charging.operations.export import export_driver
from charging.operations.letting_go import StillHeld

HELD = _(
    "A car that is held does not answer: %(cars)s. Nothing was deleted. Afterwards nobody here could let it charge. "
    "Try again later, or tick this box."
)
REASON_STAYS = _("The reason stays in the log of operators: write no name and no address.")


class EraseForm(ReasonForm):
    is_sure = forms.BooleanField(label=_("Delete everything of this driver for good"))
    insists = forms.BooleanField(label=_("Erase even if a car stays stopped"), required=False)


def export_page(*, screen: Screen, request: HttpRequest, driver: Driver) -> HttpResponseBase:
    """Asks why, then answers with the driver's data as a zip of JSON files."""

    def answer(form: forms.Form) -> HttpResponseBase:
        file = TemporaryFile()  # noqa: SIM115 - the answer closes it
        export_driver(driver=driver, file=file, at_wall=wall_now(), is_rough=True)
        file.seek(0)
        reason = form.cleaned_data["reason"]
        audit.record(
            kind=AuditKind.DRIVER_EXPORTED,
            now=wall_now(),
            account_id=request.user.pk,
            about=driver.public_id,
            reason=reason,
        )
        message = f"exported: {reason}"
        log_change(screen=screen, request=request, row=driver, message=message)
        name = f"readyby-{driver.public_id}.zip"
        return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")

    said = gettext(
        "One zip of JSON files with everything that is stored of this driver, positions rounded to about 100 meters. "
        "The driver’s own export, on their page Your data, has them exactly."
    )
    return reason_page(screen, request, driver, ReasonForm, answer, title=gettext("Export"), said=said)


def erase_page(*, screen: Screen, request: HttpRequest, driver: Driver) -> HttpResponseBase:
    """Asks why and whether it is meant, then erases the driver and goes back to the list."""

    def answer(form: forms.Form) -> HttpResponseBase | None:
        pk, reason = driver.pk, form.cleaned_data["reason"]
        insists, by = form.cleaned_data["insists"], request.user.pk
        try:
            erase_driver(driver=driver, at_wall=wall_now(), insists=insists, by_account_id=by, reason=reason)
        except StillHeld as still_held:
            names = ", ".join(str(vehicle) for vehicle in still_held.vehicles)
            form.add_error("insists", HELD % {"cars": names})
            return None
        log_erasure(request=request, row=driver, pk=pk, reason=reason)
        messages.success(request, gettext("Erased."))
        return HttpResponseRedirect(reverse("admin:charging_driver_changelist"))

    counts = {"cars": driver.vehicles.count(), "places": driver.locations.count()}
    said = gettext(
        "Cars that are held are told to charge; then the driver, the login, %(cars)d cars, %(places)d places and the "
        "whole history are deleted. This cannot be undone."
    )
    return reason_page(
        screen, request, driver, EraseForm, answer, title=gettext("Erase"), said=said % counts, is_destructive=True
    )


def reason_page(
    screen: Screen,
    request: HttpRequest,
    driver: Driver,
    form_class: type[forms.Form],
    answer: Callable[[forms.Form], HttpResponseBase | None],
    *,
    title: str,
    said: str,
    is_destructive: bool = False,
) -> HttpResponseBase:
    """Returns the page with the form, or after it was filled in what `answer` does then; it may find one more error."""
    form = form_class(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and (answered := answer(form)) is not None:
        return answered
    context = {
        **screen.admin_site.each_context(request),
        "title": title,
        "subtitle": str(driver),
        "opts": screen.opts,
        "original": driver,
        "form": form,
        "said": f"{said} {REASON_STAYS}",
        "button": title,
        "is_destructive": is_destructive,
    }
    return TemplateResponse(request, "admin/operation_form.html", context)
