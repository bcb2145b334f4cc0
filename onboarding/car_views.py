"""One car more, and which car a link is for."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from charging.models import Driver, Vehicle
from charging.operations import clocks
from charging.operations.issues import Refused
from charging.views.answers import SeeOther
from charging.views.link_session import vendor_asked_for
from onboarding.car_models import models_of
from onboarding.drafts import add_car, open_draft_of
from onboarding.fields import radio_field
from onboarding.step_page import driver_of
from onboarding.steps import CAR, CHECK, first_missing

ANOTHER = "another"


class WhichCarForm(forms.Form):
    """One of the driver's cars by its id, or ANOTHER."""

    use_required_attribute = False
    car = radio_field(_("Which car do you want to connect?"), [], missing=_("Select a car, or another car"))

    def __init__(self, *args: object, cars: list[Vehicle]) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        choice = self.fields["car"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [*((str(car.public_id), str(car)) for car in cars), (ANOTHER, gettext("Another car"))]


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Begins the wizard for one car more; what was begun before is gone on with where it stood."""
    driver = driver_of(request)
    if driver is None:
        return _to_sign_in(request, reverse("settings"))
    try:
        add_car(driver=driver, now=clocks.own_now(driver=driver))
    except Refused as refused:
        messages.error(request, f"{refused.issues[0].message}.")
        return SeeOther(reverse("settings"))
    return SeeOther(CAR.url)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def which_car(request: HttpRequest) -> HttpResponse:
    """Asks which car a link is for, where there is one that it can be for; a car never becomes another one by it."""
    driver = driver_of(request)
    if driver is None:
        return _to_sign_in(request, request.get_full_path())
    cars = _cars_to_choose_from(request, driver)
    form = WhichCarForm(*([request.POST] if request.method == "POST" or not cars else []), cars=cars)
    if not cars:
        return _another(request, driver, form)
    if request.method != "POST":
        return render(request, "onboarding/which_car.html", {"form": form})
    if not form.is_valid():
        return render(request, "onboarding/which_car.html", {"form": form}, status=422)
    chosen = form.cleaned_data["car"]
    if chosen == ANOTHER:
        return _another(request, driver, form)
    car = next(each for each in cars if each.public_id == UUID(chosen))
    draft = open_draft_of(vehicle=car, now=clocks.own_now(driver=driver))
    return SeeOther((first_missing(draft.answered) or CHECK).url)


def _another(request: HttpRequest, driver: Driver, form: WhichCarForm) -> HttpResponse:
    try:
        add_car(driver=driver, now=clocks.own_now(driver=driver))
    except Refused as refused:
        form.full_clean()
        form.errors.clear()
        form.add_error("car", refused.issues[0].message)
        return render(request, "onboarding/which_car.html", {"form": form}, status=422)
    return SeeOther(reverse("setup_how"))


def _cars_to_choose_from(request: HttpRequest, driver: Driver) -> list[Vehicle]:
    """The driver's cars, of the make that the app has asked for where a car can be of it."""
    cars = Vehicle.objects.of_driver(driver).select_related("driver").order_by("linked_at", "pk")
    vendor = vendor_asked_for(request)
    makes = {model.vendor for model in models_of(vendor).values()} if vendor else set()
    return list(cars.filter(vendor=vendor) if makes == {vendor} else cars)


def _to_sign_in(request: HttpRequest, then: str) -> HttpResponse:
    return SeeOther(f"{reverse('account_login')}?{urlencode({'next': then})}")
