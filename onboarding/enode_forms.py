"""The forms by which a car is connected by Enode: which of several, and what only its driver can say of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charging.operations.enode_links import FoundCar, linked_car
from charging.operations.linking import LinkedCar
from onboarding.connect_forms import read_number, shown_number
from onboarding.fields import radio_field, text_field
from onboarding.forms import ENODE

USUAL_KILOWATTS = 11
FIELD_OF_PATH = {"displayName": "name", "batteryCapacityKwh": "capacity", "maxChargingPowerKw": "kilowatts"}


class LinkForm(forms.Form):
    """Nothing is asked: the button alone counts."""

    use_required_attribute = False


class WhichLinkedCarForm(forms.Form):
    """One of the cars of an account."""

    use_required_attribute = False
    which = radio_field(_("Which car?"), [], missing=_("Select the car"))

    def __init__(self, *args: Any, cars: tuple[FoundCar, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        which = self.fields["which"]
        assert isinstance(which, forms.ChoiceField)
        which.choices = [(car.id, car.words) for car in cars]


class LinkedCarForm(forms.Form):
    """What the car does not tell of itself. `car` gives it, `answer` what the draft keeps."""

    use_required_attribute = False
    name = text_field(_("What do you call the car?"))
    capacity = text_field(_("Battery size"), _("What can be used of it, in kWh"), inputmode="decimal")
    kilowatts = text_field(
        _("Charging power"),
        _("The most it takes where you charge, in kW: 3.7, 7.4 or 11 are usual"),
        inputmode="decimal",
    )

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not name.strip() or not name.isprintable():
            raise ValidationError(gettext("Enter a name for the car"))
        return name.strip()

    def clean_capacity(self) -> float:
        return read_number(self.cleaned_data["capacity"], gettext("Battery size must be a number, like 77"))

    def clean_kilowatts(self) -> float:
        return read_number(self.cleaned_data["kilowatts"], gettext("Charging power must be a number, like 11"))

    def car(self, found: FoundCar) -> LinkedCar:
        data = self.cleaned_data
        return linked_car(
            car=found, name=data["name"], battery_capacity_kwh=data["capacity"], max_power_kw=data["kilowatts"]
        )

    def answer(self, found: FoundCar) -> dict[str, Any]:
        return {"car": ENODE, "vehicle": found.id, **{name: self.cleaned_data[name] for name in self.base_fields}}

    @staticmethod
    def initial_of(answer: dict[str, Any], found: FoundCar) -> dict[str, Any]:
        """The stored answer, else what the car tells of itself."""
        known = answer if (answer.get("car"), answer.get("vehicle")) == (ENODE, found.id) else {}
        return {
            "name": known.get("name", found.name or f"{found.brand} {found.model}".strip()),
            "capacity": shown_number(known.get("capacity", found.battery_capacity_kwh)),
            "kilowatts": shown_number(known.get("kilowatts", USUAL_KILOWATTS)),
        }
