"""What the driver calls a car, on a page of its own."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from charging.operations.car_names import rename_car
from charging.operations.issues import Refused
from charging.views.access import now_of, own_vehicle
from charging.views.answers import SeeOther
from charging.views.forms import add_issues, sent
from charging.views.typed_values import with_typed


class NameForm(forms.Form):
    """Cleaned: `name`. What it may be is the operation's to say."""

    use_required_attribute = False
    name = forms.CharField(
        label=gettext_lazy("Name of the car"),
        required=False,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def name(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Changes the name of a car of the driver."""
    vehicle = own_vehicle(request, public_id)
    form = with_typed(NameForm(sent(request), initial={"name": str(vehicle)}), request)
    if request.method == "POST" and form.is_valid():
        try:
            renamed = rename_car(vehicle=vehicle, name=form.cleaned_data["name"], now=now_of(vehicle))
        except Refused as refused:
            add_issues(form, refused, {"name": "name"})
        else:
            messages.success(request, _("It is called %(car)s.") % {"car": renamed})
            return SeeOther(reverse("settings"))
    return render(request, "charging/car_name.html", {"vehicle": vehicle, "form": form})
