"""The form of one place: every way of choosing a point sets the same two fields."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charging.core.geo import distance_m
from charging.models import Driver, Location, PriceArea
from charging.operations import places
from charging.operations.locations import location_issues
from charging.operations.names import tidy_name
from charging.views.area_names import area_name
from charging.views.field_faults import not_a_whole_number
from charging.views.number_input import NotANumber, parse_number, parse_whole_percent, split_pair
from onboarding.fields import radio_field, text_field

TOO_CLOSE_M = 100
STEPS_M = (10, 100, 1000)
EXAMPLE_POINTS = {"NO2": (58.1467, 7.9956), "SE4": (55.605, 13.0038)}
"""The areas that lend their sample prices, each with a town in it: Kristiansand and Malmö."""

NOT_IN_LIST = {"invalid_choice": _("Select an area from the list")}


class PlaceForm(forms.Form):
    """Gives `name`, `latitude`, `longitude`, `radius_meters`, `price_area` and `example_area` when it is valid."""

    use_required_attribute = False
    name = text_field(_("Name"))
    q = text_field(
        _("Search for a town"),
        _("This server knows towns, not streets. Then move the point to where you charge"),
        autocomplete="address-level2",
    )
    latitude = text_field(_("Latitude"), inputmode="decimal")
    longitude = text_field(_("Longitude"), inputmode="decimal")
    radius = text_field(_("Radius in meters"), _("From 50 to 500, so that a car park counts"), inputmode="numeric")
    price_area = forms.ChoiceField(label=_("Price area"), required=False, error_messages=NOT_IN_LIST)
    example_area = forms.ChoiceField(label=_("Prices to try it with"), required=False, error_messages=NOT_IN_LIST)
    step = radio_field(_("Each move"), [("10", "10 m"), ("100", "100 m"), ("1000", "1 km")])

    def __init__(self, *args: Any, driver: Driver, public_id: UUID | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = Location.objects.of_driver(driver).order_by("created_at")
        self.others = [place for place in stored if place.public_id != public_id]
        self.swapped: tuple[float, float] | None = None
        self.geocoder_host = places.geocoder_host()
        if self.geocoder_host:
            self.fields["q"].label = gettext("Search for an address")
            hint = gettext("Street, town or postcode. What you type is sent to %(host)s")
            self.fields["q"].help_text = hint % {"host": self.geocoder_host}
            self.fields["q"].widget.attrs["autocomplete"] = "street-address"
        areas = [(area.code, area_name(area)) for area in PriceArea.objects.order_by("country", "code")]
        self._offer("price_area", [("", gettext("The one of the point")), *areas])
        examples = [(code, gettext("Example prices of %(area)s") % {"area": code}) for code in EXAMPLE_POINTS]
        self._offer("example_area", [("", gettext("None. Wait for prices of this area")), *examples])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_name(self) -> str:
        name = tidy_name(self.cleaned_data["name"])
        for issue in location_issues({"name": name}):
            raise ValidationError(issue.message)
        for other in self.others:
            if other.name.casefold() == name.casefold():
                sentence = gettext("You already have a place called %(name)s. Enter another name")
                raise ValidationError(sentence % {"name": other.name})
        return name

    def clean_radius(self) -> int:
        text = self.cleaned_data["radius"] or "150"
        message = not_a_whole_number(self, "radius", least=50, most=500)
        try:
            radius = parse_whole_percent(text.removesuffix("m").rstrip())
        except NotANumber as fault:
            raise ValidationError(message) from fault
        if not 50 <= radius <= 500:
            raise ValidationError(message)
        return radius

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        texts = _pasted_pair(data.get("latitude", ""), data.get("longitude", ""))
        if texts == ("", ""):
            message = gettext("Choose a point: search for a town, pick it on the map, or enter coordinates")
            if self.geocoder_host:
                message = gettext("Choose a point: search for an address, pick it on the map, or enter coordinates")
            self.add_error("q", ValidationError(message, code="no_point"))
            return data
        data["latitude"] = self._coordinate("latitude", texts[0])
        data["longitude"] = self._coordinate("longitude", texts[1])
        if data["latitude"] is not None and data["longitude"] is not None:
            self._check_point(data["latitude"], data["longitude"])
        return data

    def _coordinate(self, name: str, text: str) -> float | None:
        missing, wrong = {
            "latitude": (gettext("Enter the latitude as well"), gettext("Latitude must be a number from -90 to 90")),
            "longitude": (
                gettext("Enter the longitude as well"),
                gettext("Longitude must be a number from -180 to 180"),
            ),
        }[name]
        if not text:
            self.add_error(name, missing)
            return None
        try:
            value = parse_number(text)
        except NotANumber:
            self.add_error(name, wrong)
            return None
        if abs(value) > (90 if name == "latitude" else 180):
            self.add_error(name, wrong)
            return None
        return value

    def _check_point(self, latitude: float, longitude: float) -> None:
        if latitude == 0 and longitude == 0:
            self.add_error("latitude", gettext("This point is in the sea. Check the coordinates"))
        elif abs(longitude) <= 90 and places.looks_swapped(latitude, longitude):
            self.swapped = (longitude, latitude)
            sentence = gettext(
                "These coordinates look the wrong way round. "
                "Did you mean latitude %(latitude)s, longitude %(longitude)s?"
            )
            self.add_error("latitude", sentence % {"latitude": f"{longitude:g}", "longitude": f"{latitude:g}"})
        else:
            self._check_neighbors(latitude, longitude)

    def _check_neighbors(self, latitude: float, longitude: float) -> None:
        for other in self.others:
            meters = distance_m(latitude, longitude, other.latitude, other.longitude)
            if meters < TOO_CLOSE_M:
                sentence = gettext("This is %(meters)d m from %(name)s. Change %(name)s instead, or move the point")
                self.add_error("q", sentence % {"meters": round(meters), "name": other.name})
                return


def nearest_example(point: tuple[float, float]) -> str:
    """Returns the code of the area nearest to a point that lends its sample prices."""
    return min(EXAMPLE_POINTS, key=lambda code: distance_m(*point, *EXAMPLE_POINTS[code]))


def point_of(latitude: str, longitude: str) -> tuple[float, float] | None:
    """Returns the point that two texts, or one pasted pair, stand for; None where they stand for none."""
    texts = _pasted_pair(latitude.strip(), longitude.strip())
    try:
        point = parse_number(texts[0]), parse_number(texts[1])
    except NotANumber:
        return None
    return point if abs(point[0]) <= 90 and abs(point[1]) <= 180 else None


def _pasted_pair(latitude: str, longitude: str) -> tuple[str, str]:
    for text, other in ((latitude, longitude), (longitude, latitude)):
        pair = split_pair(text) if not other or other == text else None
        if pair is not None:
            return pair
    return latitude, longitude
