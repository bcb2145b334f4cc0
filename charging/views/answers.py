"""How a page answers a form: with another page, always by 303, and with one sentence in the card."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from charging.models import Vehicle
from charging.operations.issues import Refused

CONFIRMATION = "confirmation"


class SeeOther(HttpResponseRedirect):
    """Go there with a GET, whatever the method was."""

    status_code = 303


def back_to_car(request: HttpRequest, vehicle: Vehicle, sentence: str) -> SeeOther:
    """The car's dashboard, with the sentence in the card and the focus on it."""
    messages.success(request, sentence)
    return SeeOther(f"{reverse('car', args=[vehicle.public_id])}#{CONFIRMATION}")


def refused_at_car(request: HttpRequest, vehicle: Vehicle, refused: Refused) -> SeeOther:
    """The car's dashboard, with the reasons why nothing was done."""
    messages.error(request, ". ".join(issue.message for issue in refused.issues) + ".")
    return SeeOther(f"{reverse('car', args=[vehicle.public_id])}#{CONFIRMATION}")


def set_up_url(vehicle: Vehicle) -> str:
    """Where the wizard goes on with this car; it stands above this package and is known here by its address only."""
    return f"/setup/?car={vehicle.public_id}"


def back_where(request: HttpRequest) -> SeeOther:
    """The page that the form names as `next`, when it is one of ours; else the start."""
    target = request.POST.get("next", request.GET.get("next", ""))
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return SeeOther(target if is_ours else "/")
