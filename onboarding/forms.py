"""One form per question. Every message says what to do, in the words of its label."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charging.core.vendors import MINIMUM_FLOOR_PERCENT
from charging.models import Vehicle
from charging.models.vehicles import OtherControl
from charging.operations import guides
from charging.operations.enode import is_offered
from charging.views.field_faults import not_a_whole_number
from charging.views.number_input import NotANumber, parse_whole_percent
from charging.views.policy_fields import minimum_of, ready_by_of
from charging.views.time_input import NotATime, parse_time
from onboarding.car_models import BEHAVIOURS, DEFAULT_MODEL, WELL_BEHAVED, models_of
from onboarding.fields import radio_field, text_field

SIMULATED = "simulated"
HOME_ASSISTANT = "home_assistant"
ENODE = "enode"
MQTT = "mqtt"
WAYS = (
    (SIMULATED, _("Use a simulated car")),
    (ENODE, _("Connect my car by its maker’s account")),
    (HOME_ASSISTANT, _("Connect my car through Home Assistant")),
    (MQTT, _("Connect my car through an MQTT broker")),
)
WAY_HINTS = {
    SIMULATED: _("Behaves like a real car, and time can be sped up"),
    ENODE: _("Most cars that have an app of their own. You sign in with Enode"),
    HOME_ASSISTANT: _("Any car or charger that your own Home Assistant can start and stop"),
    MQTT: _("evcc, or whatever else publishes your car there and can start and stop it"),
}


class CarForm(forms.Form):
    """Step 1. `answer` gives {"car", "model", "soc_percent", "charge_limit_percent", "behaviour"}, and "vendor" where
    the make was not left to the driver.
    """

    use_required_attribute = False
    car = radio_field(
        _("Which car do you want to connect?"),
        WAYS,
        missing=_("Select your car, or select the simulated car"),
    )
    model = radio_field(_("Model"), [], missing=_("Select a model"))
    soc = text_field(_("Battery now"), _("A whole number from 0 to 100"), inputmode="numeric")
    limit = text_field(
        _("The car’s own charge limit"),
        _("A whole number from 50 to 100. The car itself stops here"),
        inputmode="numeric",
    )
    behaviour = radio_field(_("How does it behave?"), BEHAVIOURS)

    def __init__(self, *args: Any, vendor: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.vendor = vendor
        if not is_offered():
            ways = self.fields["car"]
            assert isinstance(ways, forms.ChoiceField)
            ways.choices = [way for way in WAYS if way[0] != ENODE]
        model = self.fields["model"]
        assert isinstance(model, forms.ChoiceField)
        model.choices = [(car.key, str(car.label)) for car in models_of(vendor).values()]

    def clean_soc(self) -> int:
        return self._whole_percent("soc", 0, 100)

    def clean_limit(self) -> int:
        return self._whole_percent("limit", 50, 100)

    def _whole_percent(self, name: str, least: int, most: int) -> int:
        message = not_a_whole_number(self, name, least=least, most=most)
        try:
            percent = parse_whole_percent(self.cleaned_data[name])
        except NotANumber as fault:
            raise ValidationError(message) from fault
        if not least <= percent <= most:
            raise ValidationError(message)
        return percent

    @property
    def has_errors_in_details(self) -> bool:
        return any(name in self.errors for name in ("model", "soc", "limit", "behaviour"))

    def answer(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "car": data["car"],
            "model": data["model"],
            "soc_percent": data["soc"],
            "charge_limit_percent": data["limit"],
            "behaviour": data["behaviour"],
            **({"vendor": self.vendor} if self.vendor else {}),
        }

    @staticmethod
    def initial_of(answer: dict[str, Any], vendor: str = "") -> dict[str, Any]:
        models = models_of(vendor)
        default = DEFAULT_MODEL if DEFAULT_MODEL in models else next(iter(models))
        stored = answer.get("model", default)
        return {
            "car": answer.get("car", SIMULATED),
            "model": stored if stored in models else default,
            "soc": answer.get("soc_percent", 38),
            "limit": answer.get("charge_limit_percent", 80),
            "behaviour": answer.get("behaviour", WELL_BEHAVED),
        }


class MinimumForm(forms.Form):
    """Step 2. A pick counts while the number beside it was left as it was shown. `answer` gives {"percent"}."""

    use_required_attribute = False
    minimum = text_field(_("Minimum charge"), inputmode="numeric")
    pick = radio_field(_("Or pick one"), [])
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, vehicle: Vehicle, limit_percent: float | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.vehicle = vehicle
        self.limit_percent = limit_percent
        floor = MINIMUM_FLOOR_PERCENT.get(vehicle.vendor, 0)
        pick = self.fields["pick"]
        assert isinstance(pick, forms.ChoiceField)
        pick.choices = [(str(percent), f"{percent} %") for percent in picks(floor, limit_percent)]
        hint = gettext("A whole number, %(floor)d or more.") % {"floor": floor}
        if not floor:
            hint = gettext("A whole number, 0 for none.")
        if limit_percent is not None:
            hint += " " + gettext("Your car stops at %(limit)d %%.") % {"limit": limit_percent}
        self.fields["minimum"].help_text = hint

    def clean_minimum(self) -> str:
        text: str = self.cleaned_data["minimum"]
        pick = self.data.get("pick", "")
        return pick if pick.isdecimal() and text == self.data.get("shown", "").strip() else text

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        try:
            data["percent"] = self._percent(data.get("minimum", ""))
        except ValidationError as fault:
            self.add_error("minimum", fault)
        return data

    def _percent(self, text: str) -> int:
        percent = minimum_of(text)
        limit, floor = self.limit_percent, MINIMUM_FLOOR_PERCENT.get(self.vehicle.vendor, 0)
        if limit is not None and percent > limit:
            sentence = gettext(
                "Minimum charge must be %(limit)d %% or less, because your car is set to stop at %(limit)d %%"
            )
            raise ValidationError(sentence % {"limit": limit})
        if percent < floor:
            sentence = gettext("Minimum charge must be %(floor)d %% or more for %(brand)s cars")
            raise ValidationError(sentence % {"floor": floor, "brand": self.vehicle.brand_name})
        return percent

    def answer(self) -> dict[str, Any]:
        return {"percent": self.cleaned_data["percent"]}

    @staticmethod
    def initial_of(answer: dict[str, Any], floor: int = 0) -> dict[str, Any]:
        percent = answer.get("percent", floor)
        return {"minimum": percent, "shown": percent, "pick": str(percent)}


def picks(floor: int, limit_percent: float | None) -> tuple[int, ...]:
    """Returns the minimums to choose from: none and some usual ones, or from a vendor's floor on up to the limit."""
    if not floor:
        return (0, 20, 30, 40)
    return tuple(percent for percent in range(floor, floor + 40, 10) if percent <= (limit_percent or 100))


OTHER_CONTROL_CHOICES = (
    (OtherControl.NOTHING.value, _("Yes, nothing else controls charging")),
    (OtherControl.UNSURE.value, _("I am not sure")),
    (OtherControl.SAFETY_NET.value, _("I keep a schedule in the car as a safety net")),
    (OtherControl.ANOTHER_SERVICE.value, _("Another service controls my charging")),
)


class OtherControlForm(forms.Form):
    """Step 3. `answer` gives {"other_control", "safety_net_time", "charger_brand"}, the time as HH:MM or None."""

    use_required_attribute = False
    charger_brand = forms.ChoiceField(label=_("Which charger do you use?"), required=False)
    other_control = radio_field(
        _("Have you switched off other schedules?"),
        OTHER_CONTROL_CHOICES,
        missing=_("Select whether something else controls charging"),
    )
    safety_net_time = text_field(
        _("When does the car’s own schedule start?"), _("Only for a safety net. Use 24-hour time"), inputmode="numeric"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        charger = self.fields["charger_brand"]
        assert isinstance(charger, forms.ChoiceField)
        names = [(guide.brand, guide.brand) for guide in guides.of_kind(guides.Kind.CHARGER)]
        charger.choices = [("", gettext("I do not know")), *names, (guides.OTHER, gettext("Another charger"))]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["time"] = None
        if data.get("other_control") == OtherControl.SAFETY_NET:
            try:
                data["time"] = self._time(data.get("safety_net_time", ""))
            except ValidationError as fault:
                self.add_error("safety_net_time", fault)
        return data

    def _time(self, text: str) -> time:
        if not text:
            raise ValidationError(gettext("Enter the time your car’s own schedule starts"))
        try:
            return parse_time(text)
        except NotATime as fault:
            raise ValidationError(gettext("Start time must be a time, like the one shown in your car")) from fault

    def answer(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "other_control": data["other_control"],
            "safety_net_time": f"{data['time']:%H:%M}" if data["time"] else None,
            "charger_brand": data["charger_brand"],
        }

    @staticmethod
    def initial_of(answer: dict[str, Any]) -> dict[str, Any]:
        return {
            "other_control": answer.get("other_control", ""),
            "safety_net_time": answer.get("safety_net_time") or "",
            "charger_brand": answer.get("charger_brand", ""),
        }


class ReadyByForm(forms.Form):
    """Step 4. `answer` gives {"time"} as HH:MM."""

    use_required_attribute = False
    ready_by = text_field(_("Ready by"), _("Use 24-hour time"), inputmode="numeric")

    def clean_ready_by(self) -> time:
        return ready_by_of(self.cleaned_data["ready_by"])

    def answer(self) -> dict[str, Any]:
        return {"time": f"{self.cleaned_data['ready_by']:%H:%M}"}

    @staticmethod
    def initial_of(answer: dict[str, Any]) -> dict[str, Any]:
        return {"ready_by": answer.get("time", "07:00")}
