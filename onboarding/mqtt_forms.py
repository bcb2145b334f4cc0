"""The forms by which a car behind an MQTT broker is connected: where the broker is, and the topics of the car."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charging.models.vehicles import GatewayName
from onboarding.connect_forms import DescribedCarForm
from onboarding.fields import text_field
from onboarding.forms import MQTT

TOPIC_FIELDS = (
    *("level", "plug", "plug_words", "charging", "charging_words", "power", "power_unit", "limit"),
    *("at_home", "position", "longitude", "alive", "start", "start_payload", "stop", "stop_payload"),
)
FIELD_OF_PATH = {
    "vendor": "make",
    "displayName": "name",
    "batteryCapacityKwh": "capacity",
    "maxChargingPowerKw": "kilowatts",
    **{use: use for use in TOPIC_FIELDS},
}
OPTIONAL = ("charging", "power", "power_unit", "limit", "position", "longitude", "plug_words", "charging_words")
DATALIST = "topics"


def _plain(label: Any, hint: Any = "") -> forms.CharField:
    return text_field(label, hint, autocapitalize="none", spellcheck="false")


class BrokerForm(forms.Form):
    """Where it is, and who we are there; the password is not written into a page again."""

    use_required_attribute = False
    address = _plain(_("Address of the broker"), _("Like mqtt://192.168.1.10, with its port if it is not 1883"))
    user = _plain(_("User of the broker"), _("Leave both empty where the broker asks for none"))
    password = forms.CharField(
        label=_("Password of that user"),
        help_text=_("It is stored encrypted and never shown again"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not settings.READYBY_LOCAL_GATEWAYS:
            hint = gettext("Where it is reached from the internet, like mqtts://mqtt.home.example:8883")
            self.fields["address"].help_text = hint


def _topic(label: Any, hint: Any = "") -> forms.CharField:
    return text_field(label, hint, list=DATALIST, autocapitalize="none", spellcheck="false")


class TopicsForm(DescribedCarForm):
    """The topics of the car. `car` and `chosen` give the answer."""

    gateway = GatewayName.MQTT
    level = _topic(
        _("Battery level"), _("In percent. For JSON add what to take of it, like garage/car $.battery.level")
    )
    plug = _topic(_("Plugged in or not"))
    plug_words = _plain(
        _("What means plugged in"),
        _("Words with commas between, after | those that mean the opposite. Left out, on, true, 1 and the like do"),
    )
    start = _topic(_("Topic that starts charging"))
    start_payload = _plain(_("What we say there to start"))
    stop = _topic(_("Topic that stops charging"))
    stop_payload = _plain(_("What we say there to stop"))
    at_home = forms.ChoiceField(label=_("Where it is"), required=False)
    position = _topic(_("Topic that tells where it is"), _("JSON with latitude and longitude, or the latitude alone"))
    longitude = _topic(_("Longitude, if it has a topic of its own"))
    alive = _topic(
        _("How old all of this is"),
        _("A time stamp, or a last will: online or offline. Left out, a value is as old as our first sight of it"),
    )
    charging = _topic(_("Charging or not"), _("Left out, the power tells"))
    charging_words = _plain(_("What means charging"))
    power = _topic(_("Charging power"))
    power_unit = forms.ChoiceField(label=_("Unit of the power"), required=False, choices=[("W", "W"), ("kW", "kW")])
    limit = _topic(_("The car’s own charge limit"), _("Left out, it is taken to charge to 100 %"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices_of("at_home").choices = [
            ("yes", gettext("At my first place whenever it is plugged in")),
            ("", gettext("A topic tells, or I say it myself")),
        ]

    @property
    def has_more(self) -> bool:
        """Whether something among the optional topics is wrong."""
        return any(use in self.errors for use in OPTIONAL)

    def chosen(self) -> dict[str, str]:
        """The topics by use, those that were entered; a car that counts as at home needs no tracker."""
        found = {use: self.cleaned_data[use] for use in TOPIC_FIELDS if self.cleaned_data.get(use)}
        left_out = {"position", "longitude"} if "at_home" in found else set()
        return {use: text for use, text in found.items() if use not in left_out}

    def answer(self) -> dict[str, Any]:
        return {"car": MQTT, **self.described(), "entities": self.chosen()}

    @staticmethod
    def initial_of(answer: dict[str, Any], likeness: dict[str, str] | None, vendor: str) -> dict[str, Any]:
        """What was asked to be filled in, else the stored answer."""
        known = answer if answer.get("car") == MQTT else {}
        topics = likeness if likeness is not None else known.get("entities", {})
        return {**TopicsForm.initial_car(known, vendor), "at_home": "", **topics}
