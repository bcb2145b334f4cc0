"""Where you charge: the list of places, and the form of one place."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from charging.models import Location
from charging.operations import clocks, locations
from charging.operations.issues import Refused
from charging.views.answers import SeeOther
from charging.views.places import cars_with_plan_at
from charging.views.typed_values import forget_typed, typed_before
from onboarding import operations, place_input
from onboarding.fields import radio_field
from onboarding.last_month import last_month_of
from onboarding.place_form import PlaceForm, nearest_example, point_of
from onboarding.place_input import Values
from onboarding.place_page import place_context, place_rows, point_context, with_example
from onboarding.rate_limit import may_search
from onboarding.step_page import Visit, arrive, driver_of, saved, sent_form, show
from onboarding.steps import PLACES

EXAMPLE_POINT = (58.1467, 7.9956)
"""In Kristiansand, where the sample prices of NO2 hold."""


class AnotherForm(forms.Form):
    """Whether there is one more place to name."""

    use_required_attribute = False
    another = radio_field(
        _("Add another place?"),
        [("no", _("No")), ("yes", _("Yes"))],
        missing=_("Select whether to add another place"),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def places(request: HttpRequest) -> HttpResponse:
    """The list of places; before the first one, the form."""
    visit = arrive(request, PLACES)
    if isinstance(visit, HttpResponse):
        return visit
    if not visit.driver.locations.exists():
        return _edit(visit, None)
    if request.method != "POST":
        form = AnotherForm(initial={"another": "no"})
        return _show_list(visit, form)
    form = AnotherForm(request.POST)
    if not form.is_valid():
        return _show_list(visit, form)
    if form.cleaned_data["another"] == "yes":
        return SeeOther(reverse("setup_place_add"))
    return saved(visit)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, public_id: UUID | None = None) -> HttpResponse:
    """The form of a new place, or of one of the driver's."""
    visit = arrive(request, PLACES)
    if isinstance(visit, HttpResponse):
        return visit
    stored = get_object_or_404(visit.driver.locations, public_id=public_id) if public_id else None
    return _edit(visit, stored)


@require_POST
def remove_place(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Removes a place, after asking where a plan runs there; one that is gone already stays gone."""
    visit = arrive(request, PLACES)
    if isinstance(visit, HttpResponse):
        return visit
    for stored in visit.driver.locations.filter(public_id=public_id):
        if "sure" not in request.POST and (cars_here := cars_with_plan_at(stored)):
            context = {"place": stored, "cars_here": cars_here, "back_url": PLACES.url, "is_wizard": True}
            return render(request, "charging/place_remove.html", context)
        locations.delete_location(location=stored, now=visit.now)
    return SeeOther(PLACES.url)


@require_safe
def point_fragment(request: HttpRequest) -> HttpResponse:
    """The lines below the map for a point that was just set on it."""
    driver = driver_of(request)
    point = point_of(request.GET.get("latitude", ""), request.GET.get("longitude", ""))
    if driver is None or point is None:
        return HttpResponse(status=204)
    context = point_context(driver, point, request.GET.get("price_area", ""), clocks.own_now(driver=driver))
    context["form"] = PlaceForm(driver=driver, initial={"example_area": nearest_example(point)})
    return render(request, "onboarding/place_point.html", context)


def _show_list(visit: Visit, form: AnotherForm) -> HttpResponse:
    return show(visit, "onboarding/places.html", form, places=place_rows(visit), **last_month_of(visit))


def _edit(visit: Visit, stored: Location | None) -> HttpResponse:
    if visit.request.method != "POST":
        values = with_example(visit.driver, _values(visit, stored), visit.now)
        if (typed := typed_before(visit.request)) is not None:
            values = place_input.typed_into(values, typed.dict())
        return _show(visit, stored, values, _form(visit, stored, initial=values))
    forget_typed(visit.request)
    values = place_input.typed_into(_values(visit, stored), visit.request.POST.dict())
    post = visit.request.POST
    if "example_place" in post and visit.draft.vehicle is not None and visit.draft.vehicle.is_simulated:
        latitude, longitude = EXAMPLE_POINT
        values = place_input.at_point({**values, "price_area": "", "radius": "150"}, latitude, longitude)
        return _save(visit, stored, {**values, "name": values["name"] or gettext("Home")})
    changed = _changed(visit, stored, values)
    if changed is None:
        return _save(visit, stored, _at_chosen_match(visit, stored, values))
    message = changed.pop("message", "")
    if not message:
        operations.keep_place_input(draft=visit.draft, values=changed, now=visit.now)
        return SeeOther(f"{visit.request.get_full_path()}#{_news(changed)}")
    form = _form(visit, stored, data=changed)
    form.full_clean()
    form.errors.clear()
    form.add_error("q", message)
    return _show(visit, stored, changed, form)


def _at_chosen_match(visit: Visit, stored: Location | None, values: Values) -> Values:
    """The form at the match that is selected, where nothing was typed that says otherwise."""
    before = _values(visit, stored)
    typed, known = ([each.get(key, "") for key in ("latitude", "longitude")] for each in (values, before))
    if "found" not in visit.request.POST or typed != known:
        return values
    taken = place_input.at_match(values | {"matches": before.get("matches", [])}, visit.request.POST["found"])
    return values if taken.get("message") else taken


def _news(values: Values) -> str:
    """The id of what is new on the page after a button was pressed."""
    if values.get("is_search_down"):
        return "search-down"
    return "matches" if values.get("matches") else "point"


def _changed(visit: Visit, stored: Location | None, values: Values) -> Values | None:
    """Returns the form after the button that was pressed; None for the one that saves."""
    post = visit.request.POST
    if "move" in post:
        return place_input.moved(values, post["move"])
    if "zoom" in post:
        return place_input.zoomed(values, post["zoom"])
    if "use_car" in post:
        return place_input.at_car(values, getattr(visit.draft.vehicle, "view", None))
    if "found" in post and "take" in post:
        return place_input.at_match(values | {"matches": _values(visit, stored).get("matches", [])}, post["found"])
    if "swap" in post:
        point = point_of(values["longitude"], values["latitude"])
        return place_input.at_point(values, *point) if point is not None else values
    is_new_search = values["q"].strip() and values["q"] != post.get("searched", "")
    if "search" in post or ("save" not in post and is_new_search):
        return place_input.searched(values, may_ask=may_search(visit.request))
    return None


def _save(visit: Visit, stored: Location | None, values: Values) -> HttpResponse:
    form = _form(visit, stored, data=values)
    with_prices = with_example(visit.driver, values, visit.now)
    if not form.is_valid():
        return _show(visit, stored, values, _form(visit, stored, data=with_prices))
    if "example_area" in with_prices and "example_area" not in values:
        operations.keep_place_input(draft=visit.draft, values=values, now=visit.now)
        return SeeOther(f"{visit.request.get_full_path()}#point")
    data = form.cleaned_data | {"example_area": with_prices.get("example_area", "")}
    token = sent_form(visit.request).token
    try:
        operations.save_place(draft=visit.draft, stored=stored, values=data, token=token, now=visit.now)
    except Refused as refused:
        form.add_error("name", refused.issues[0].message)
        return _show(visit, stored, values, form)
    forget_typed(visit.request)
    return SeeOther(visit.next_url if visit.comes_from_check or visit.is_detour else PLACES.url)


def _values(visit: Visit, stored: Location | None) -> Values:
    """Returns the form as it was left, as the place is stored, or as it opens for a new one."""
    kept: dict[str, Any] = visit.draft.place_input
    place_id = str(stored.public_id) if stored is not None else ""
    if kept and kept.get("place_id") == place_id:
        return kept
    if stored is None:
        is_first = not visit.driver.locations.exists()
        return {**place_input.first_values(gettext("Home") if is_first else ""), "place_id": place_id}
    values = place_input.first_values(stored.name) | {"radius": str(stored.radius_meters), "place_id": place_id}
    if stored.is_area_hand_set and stored.price_area is not None:
        values["price_area"] = stored.price_area.code
    if stored.example_area is not None:
        values["example_area"] = stored.example_area.code
    return place_input.at_point(values, stored.latitude, stored.longitude)


def _form(visit: Visit, stored: Location | None, **kwargs: Any) -> PlaceForm:
    return PlaceForm(driver=visit.driver, public_id=stored.public_id if stored is not None else None, **kwargs)


def _show(visit: Visit, stored: Location | None, values: Values, form: PlaceForm) -> HttpResponse:
    return show(visit, "onboarding/place.html", form, place=stored, **place_context(visit, values))
