"""The places; changed through the operation, which finds area and cars anew."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from charging.admin.moments import moment
from charging.admin.operation_form import ReasonForm, change_page, values_of
from charging.admin.read_only import Screen, read_only
from charging.models import Location, PriceArea
from charging.operations import locations
from charging.operations.clocks import own_now


class LocationForm(ReasonForm):
    """The values of a place. What makes them right is the operation's to say."""

    name = forms.CharField(label=_("Name"), max_length=1000)
    latitude = forms.FloatField(label=_("Latitude"))
    longitude = forms.FloatField(label=_("Longitude"))
    radius_meters = forms.IntegerField(label=_("Radius in meters"))
    timezone_name = forms.CharField(label=_("Time zone"), max_length=64)
    price_area = forms.ModelChoiceField(
        PriceArea.objects.order_by("code"), label=_("Price area"), required=False, to_field_name="code"
    )
    example_area = forms.ModelChoiceField(
        PriceArea.objects.order_by("code"), label=_("Example prices of"), required=False, to_field_name="code"
    )

    def changes(self) -> dict[str, Any]:
        """The values that differ from the stored ones, as the operation takes them: areas by their code."""
        changed = {name: value for name, value in values_of(self).items() if name in self.changed_data}
        for name in {"price_area", "example_area"} & changed.keys():
            area = changed.pop(name)
            changed[f"{name}_code"] = area.code if area is not None else None
        return changed


def initial_of(location: Location) -> dict[str, Any]:
    values = {name: getattr(location, name) for name in LocationForm.base_fields if name != "reason"}
    for name in ("price_area", "example_area"):
        values[name] = values[name].code if values[name] is not None else None
    return values


CREATED = moment("created_at", _("created"), lambda location: location.timezone_name)


@admin.display(description=_("e-mail"), ordering="driver__account__email")
def email(location: Location) -> str:
    return location.driver.account.email if location.driver.account is not None else ""


@admin.register(Location)
@read_only
class LocationAdmin(Screen):
    list_display = ("name", "driver", email, "timezone_name", "price_area", "example_area", "radius_meters", CREATED)
    list_filter = ("is_area_hand_set", "driver__client", "price_area")
    list_select_related = ("driver__account", "price_area", "example_area")
    date_hierarchy = "created_at"
    search_fields = (
        "name",
        "driver__account__email",
        "driver__external_id",
        "driver__vehicles__display_name",
        "=public_id",
    )
    ordering = ("-pk",)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        location = self.get_object(request, object_id)
        if location is None or not request.user.has_perm("charging.change_location"):
            return super().change_view(request, object_id, form_url, extra_context)
        form = LocationForm(request.POST if request.method == "POST" else None, initial=initial_of(location))

        def apply() -> None:
            now = own_now(driver=location.driver)
            locations.update_location(location=location, now=now, **form.changes())

        return change_page(screen=self, request=request, row=location, form=form, apply=apply, about=location.public_id)
