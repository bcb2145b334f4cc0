"""What is stored of the driver: told, given as a copy, and deleted."""

from __future__ import annotations

from collections.abc import Callable
from tempfile import TemporaryFile

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from charging.models import Driver, Location, Vehicle
from charging.models.audit import AuditKind
from charging.operations import audit
from charging.operations.clocks import wall_now
from charging.operations.erasure import erase_driver
from charging.operations.export import export_driver
from charging.operations.letting_go import StillHeld
from charging.views.access import driver_of
from charging.views.answers import SeeOther
from charging.views.data_words import data_rows
from charging.views.forms import EraseForm, sent
from charging.views.link_session import way_out
from charging.views.still_held import ask_again, insists

View = Callable[[HttpRequest], HttpResponseBase]
FILE_NAME = "readyby-your-data.zip"


def confirmed(view: View) -> View:
    """The view for those who entered their password a moment ago; the others are asked. A guest has none."""
    asking: View = reauthentication_required(view)
    return asking


@never_cache
@require_safe
@login_required
def your_data(request: HttpRequest) -> HttpResponse:
    """What is stored, why and for how long, with the buttons for a copy and for deleting it."""
    driver = driver_of(request)
    if driver is None:
        return redirect("/setup/")
    context = {"rows": data_rows(), "is_own": not is_link_alone(request), "is_guest": driver.is_guest}
    return render(request, "charging/your_data.html", context)


@never_cache
@require_POST
@login_required
@confirmed
def export(request: HttpRequest) -> HttpResponseBase:
    """Everything that is stored of the driver, as a zip of JSON files."""
    driver = _driver_with_a_login(request)
    if driver is None:
        return SeeOther("/settings/")
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it
    export_driver(driver=driver, file=file, at_wall=wall_now())
    audit.record(kind=AuditKind.DRIVER_EXPORTED, now=wall_now(), account_id=request.user.pk, about=driver.public_id)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=FILE_NAME, content_type="application/zip")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@confirmed
def erase(request: HttpRequest) -> HttpResponse:
    """Says what is lost, and deletes it once that was confirmed twice: by a tick and by the button."""
    driver = _driver_with_a_login(request)
    if driver is None:
        return SeeOther("/settings/")
    form = EraseForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            erase_driver(driver=driver, at_wall=wall_now(), insists=insists(request), by_account_id=request.user.pk)
        except StillHeld as still_held:
            return ask_again(request, still_held, _("Delete everything anyway"), reverse("your_data"))
        logout(request)
        messages.success(request, _("Everything is deleted."))
        return SeeOther("/")
    context = {
        "form": form,
        "cars": list(Vehicle.objects.of_driver(driver).order_by("linked_at", "pk")),
        "places": list(Location.objects.of_driver(driver).order_by("created_at", "pk")),
        "keeps_login": driver.account is not None and driver.account.is_staff,
    }
    return render(request, "charging/erase.html", context)


def is_link_alone(request: HttpRequest) -> bool:
    """Whether the visitor only has a link that an app showed: that is enough to add a car, and for nothing else."""
    has_password = request.user.is_authenticated and request.user.has_usable_password()
    return bool(way_out(request)) and not has_password


def _driver_with_a_login(request: HttpRequest) -> Driver | None:
    return None if is_link_alone(request) else driver_of(request)
