"""The forms by which a real car is connected: where Home Assistant is, and what of it is the car."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charging.core.vendor_names import VENDOR_NAMES
from charging.models.vehicles import GatewayName
from charging.operations.connection_choices import Choices
from charging.operations.linking import LinkedCar
from charging.views.number_input import NotANumber, parse_number
from onboarding.fields import text_field
from onboarding.forms import HOME_ASSISTANT

ENTITY_FIELDS = ("level", "plug", "charging", "power", "limit", "position", "switch", "start", "stop")
FIELD_OF_PATH = {
    "vendor": "make",
    "displayName": "name",
    "batteryCapacityKwh": "capacity",
    "maxChargingPowerKw": "kilowatts",
    **{use: use for use in ENTITY_FIELDS},
}


class HomeAssistantForm(forms.Form):
    """Where it is, and the token for it; what was typed as a token is not written into a page again."""

    use_required_attribute = False
    address = text_field(
        _("Address of Home Assistant"),
        _("What you type into your browser to open it, like http://homeassistant.local:8123"),
        inputmode="url",
        spellcheck="false",
        autocapitalize="none",
    )
    token = forms.CharField(
        label=_("Long-lived access token"),
        help_text=_("It is stored encrypted and never shown again"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not settings.READYBY_LOCAL_GATEWAYS:
            hint = gettext("Where it is reached from the internet, like https://home.example")
            self.fields["address"].help_text = hint


def _entity(label: Any, hint: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, help_text=hint, required=False)


class DescribedCarForm(forms.Form):
    """What a driver says of a real car. `car` gives it, for the gateway `gateway`."""

    use_required_attribute = False
    gateway = GatewayName.HOME_ASSISTANT
    name = text_field(_("What do you call the car?"))
    make = forms.ChoiceField(label=_("Make"), required=False)
    capacity = text_field(_("Battery size"), _("What can be used of it, in kWh"), inputmode="decimal")
    kilowatts = text_field(
        _("Charging power"),
        _("The most it takes where you charge, in kW: 3.7, 7.4 or 11 are usual"),
        inputmode="decimal",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices_of("make").choices = [("", gettext("Select")), *VENDOR_NAMES.items()]

    def _choices_of(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not name.strip() or not name.isprintable():
            raise ValidationError(gettext("Enter a name for the car"))
        return name.strip()

    def clean_make(self) -> str:
        make: str = self.cleaned_data["make"]
        if not make:
            raise ValidationError(gettext("Select the make of the car"))
        return make

    def clean_capacity(self) -> float:
        return read_number(self.cleaned_data["capacity"], gettext("Battery size must be a number, like 77"))

    def clean_kilowatts(self) -> float:
        return read_number(self.cleaned_data["kilowatts"], gettext("Charging power must be a number, like 11"))

    def car(self) -> LinkedCar:
        """The car, as its driver describes it."""
        data = self.cleaned_data
        return LinkedCar(
            gateway=self.gateway,
            vendor=data["make"],
            battery_capacity_kwh=data["capacity"],
            max_power_kw=data["kilowatts"],
            display_name=data["name"],
        )

    def described(self) -> dict[str, Any]:
        """The same for the answer of the first question."""
        return {name: self.cleaned_data[name] for name in ("name", "make", "capacity", "kilowatts")}

    @staticmethod
    def initial_car(known: dict[str, Any], vendor: str) -> dict[str, Any]:
        """What was said of the car before, else what an app asked for."""
        return {
            "name": known.get("name", ""),
            "make": known.get("make", vendor),
            "capacity": shown_number(known.get("capacity")),
            "kilowatts": shown_number(known.get("kilowatts", 11)),
        }


class EntitiesForm(DescribedCarForm):
    """What of Home Assistant is the car. `car` and `chosen` give the answer."""

    level = _entity(_("Battery level"))
    plug = _entity(_("Plugged in or not"))
    switch = _entity(_("Switch that lets it charge"), _("We switch it on and off"))
    start = _entity(_("Button that starts charging"))
    stop = _entity(_("Button that stops charging"))
    charging = _entity(_("Charging or not"), _("Left out, the power or the switch tells"))
    power = _entity(_("Charging power"))
    limit = _entity(_("The car’s own charge limit"), _("Left out, it is taken to charge to 100 %"))
    position = _entity(_("Where it is"), _("Smart charging happens only at your places"))

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for use in ENTITY_FIELDS:
            groups = [
                (device or gettext("Without a device"), self._named(entities, choices.home))
                for device, entities in choices.by_use[use]
            ]
            self._choices_of(use).choices = [("", gettext("None")), *groups]

    @staticmethod
    def _named(entities: tuple[tuple[str, str], ...], home: str) -> list[tuple[str, str]]:
        at_home = gettext("No tracker: at %(home)s whenever it is plugged in")
        return [(each, at_home % {"home": words} if each == home else words) for each, words in entities]

    def chosen(self) -> dict[str, str]:
        """The entities by use, those that were chosen; of a switch and buttons the switch."""
        found = {use: self.cleaned_data[use] for use in ENTITY_FIELDS if self.cleaned_data.get(use)}
        return {use: text for use, text in found.items() if "switch" not in found or use not in {"start", "stop"}}

    def answer(self) -> dict[str, Any]:
        return {"car": HOME_ASSISTANT, **self.described(), "entities": self.chosen()}

    @staticmethod
    def initial_of(answer: dict[str, Any], choices: Choices, vendor: str) -> dict[str, Any]:
        """The stored answer, else what looks most like a car."""
        known = answer if answer.get("car") == HOME_ASSISTANT else {}
        return {**EntitiesForm.initial_car(known, vendor), **(known.get("entities") or choices.suggested)}


def shown_number(value: float | None) -> str:
    """Returns the number as it stands in a field, empty for none."""
    return "" if value is None else f"{value:g}"


def read_number(text: str, message: str) -> float:
    """Returns the number that was typed. Raises ValidationError with the message."""
    try:
        return parse_number(text)
    except NotANumber as fault:
        raise ValidationError(message) from fault
