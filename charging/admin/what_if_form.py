"""What may be supposed of a car, filled in with how things are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charging.models import Location
from charging.operations.facts import place_where_it_charges
from charging.operations.what_if import Supposition
from charging.views.situation import Situation

BACK, AHEAD = timedelta(days=1), timedelta(days=14)


class WhatIfForm(forms.Form):
    """Level, plug, place, policy, prices and clock. Made for one car at one instant."""

    soc_percent = forms.FloatField(label=_("Battery in %"), min_value=0, max_value=100, required=False)
    is_plugged_in = forms.BooleanField(label=_("Plugged in"), required=False)
    location = forms.ModelChoiceField(
        Location.objects.none(), label=_("Place"), required=False, empty_label=_("none of the driver’s places")
    )
    is_enabled = forms.BooleanField(label=_("Smart charging is on"), required=False)
    deadline = forms.TimeField(label=_("Ready by, as the wall shows it at the place"), required=False)
    minimum_percent = forms.FloatField(label=_("Minimum charge in %"), min_value=0, max_value=100)
    price_factor = forms.DecimalField(
        label=_("All prices times"), min_value=Decimal(0), max_value=Decimal(100), max_digits=8, decimal_places=3
    )
    at = forms.DateTimeField(
        label=_("Clock, as the wall shows it at the place"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )

    def __init__(self, situation: Situation, data: QueryDict | None = None) -> None:
        super().__init__(data, initial=present_values(situation))
        self.situation = situation
        self.zone = ZoneInfo(situation.timezone_name)
        places: Any = self.fields["location"]
        places.queryset = Location.objects.of_driver(situation.vehicle.driver).with_prices().order_by("created_at")

    def clean_at(self) -> datetime:
        """The instant on the driver's clock. Left as it was filled in, it is the present to the second."""
        typed: datetime = self.cleaned_data["at"]
        local = typed.replace(tzinfo=self.zone)
        now = self.situation.now
        if local == now.astimezone(self.zone).replace(second=0, microsecond=0):
            return now
        at = local.astimezone(UTC)
        if not now - BACK <= at <= now + AHEAD:
            raise forms.ValidationError(gettext("Choose an instant between a day ago and 14 days ahead"))
        return at

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("is_enabled") and not cleaned.get("deadline") and "deadline" not in self.errors:
            self.add_error("deadline", gettext("Smart charging that is on needs a time to be ready by"))
        return cleaned

    def supposition(self) -> Supposition:
        """Returns what was filled in. Only after the form was found in order."""
        return Supposition(**self.cleaned_data)


def present_values(situation: Situation) -> dict[str, Any]:
    """Returns how things are, as the form shows them."""
    view, policy = situation.view, situation.policy
    is_plugged_in = situation.is_plugged_in
    place = place_where_it_charges(view) if view is not None else None
    return {
        "soc_percent": view.soc_percent if view is not None else None,
        "is_plugged_in": is_plugged_in,
        "location": place,
        "is_enabled": situation.is_on,
        "deadline": policy.deadline if policy is not None else None,
        "minimum_percent": policy.minimum_charge_limit if policy is not None else 0,
        "price_factor": 1,
        "at": situation.now.astimezone(situation.timezone).replace(tzinfo=None),
    }
