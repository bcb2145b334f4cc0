"""How a real car is connected: what is the matter, a new token, and the two ways to end it."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from charging.models import Connection, Vehicle
from charging.models.vehicles import GatewayName
from charging.operations.clocks import wall_now
from charging.operations.connected_cars import disconnect_car, forget_car
from charging.operations.connections import sign_in_again
from charging.operations.issues import Refused
from charging.operations.letting_go import StillHeld
from charging.operations.mqtt_connections import sign_in_to_broker_again
from charging.views.access import own_vehicle
from charging.views.answers import SeeOther, back_to_car
from charging.views.connection_words import connection_of, trouble_of
from charging.views.forms import add_issues, sent
from charging.views.still_held import ask_again, insists


class SignInForm(forms.Form):
    """A new token for the same address; what was typed is not written into a page again."""

    use_required_attribute = False
    token = forms.CharField(
        label=_("New long-lived access token"),
        help_text=_("In Home Assistant: your name, “Security”, “Long-lived access tokens”, “Create token”"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class BrokerSignInForm(forms.Form):
    """Another user or password for the same broker; the password is not written into a page again."""

    use_required_attribute = False
    user = forms.CharField(
        label=_("User of the broker"),
        help_text=_("Leave both empty where the broker asks for none"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password of that user"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


FORMS: dict[str, type[forms.Form]] = {GatewayName.HOME_ASSISTANT: SignInForm, GatewayName.MQTT: BrokerSignInForm}
"""How a driver signs in again; with Enode that is done there."""

ENDS = frozenset({"disconnect", "forget"})
"""What ends the access to a car."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def connection(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Shows the connection of a car; a POST signs in again, disconnects or forgets."""
    vehicle = own_vehicle(request, public_id)
    if not vehicle.needs_connection:
        raise Http404
    found = connection_of(vehicle)
    if request.POST.get("do") in ENDS:
        return _end(request, vehicle)
    form = FORMS.get(vehicle.gateway, SignInForm)(sent(request) if vehicle.gateway in FORMS else None)
    if form.is_bound and found is not None and form.is_valid() and _is_taken(form, found):
        return back_to_car(request, vehicle, gettext("Connected again. We are asking your car."))
    return _page(request, vehicle, found, form)


def _end(request: HttpRequest, vehicle: Vehicle) -> HttpResponse:
    """Disconnects or forgets the car; where it stands still and cannot be started, asks whether to do so anyway."""
    is_forgotten = request.POST["do"] == "forget"
    end = forget_car if is_forgotten else disconnect_car
    try:
        end(vehicle=vehicle, at_wall=wall_now(), insists=insists(request))
    except StillHeld as still_held:
        anyway = gettext("Forget the car anyway") if is_forgotten else gettext("Disconnect anyway")
        return ask_again(request, still_held, anyway, reverse("car_connection", args=[vehicle.public_id]))
    if not is_forgotten:
        return back_to_car(request, vehicle, gettext("Your car is disconnected. Its history stays."))
    messages.success(request, gettext("Your car is forgotten, with everything of it."))
    return SeeOther("/")


def _is_taken(form: forms.Form, found: Connection) -> bool:
    """Whether the new secret works; what is wrong with it stands in the form otherwise."""
    sign_in = sign_in_to_broker_again if isinstance(form, BrokerSignInForm) else sign_in_again
    try:
        sign_in(connection=found, at_wall=wall_now(), **form.cleaned_data)
    except Refused as refused:
        first = next(iter(form.fields))
        add_issues(form, refused, {name: name for name in form.fields} | {"address": first})
    return form.is_valid()


def _page(request: HttpRequest, vehicle: Vehicle, found: Connection | None, form: forms.Form) -> HttpResponse:
    context = {
        "vehicle": vehicle,
        "connection": found,
        "trouble": trouble_of(vehicle),
        "form": form,
        "is_broker": vehicle.gateway == GatewayName.MQTT,
        "is_enode": vehicle.gateway == GatewayName.ENODE,
    }
    has_errors = form.is_bound and bool(form.errors)
    return render(request, "charging/connection.html", context, status=422 if has_errors else 200)
