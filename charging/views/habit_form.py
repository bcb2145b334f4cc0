"""The form that replays the last month for other evenings."""

from __future__ import annotations

from datetime import time

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charging.views import formatting
from charging.views.field_faults import not_a_whole_number, not_below
from charging.views.number_input import NotANumber, parse_whole_percent
from charging.views.time_input import NotATime, parse_time


class HabitForm(forms.Form):
    """Cleaned: `plugged_in` a time, `battery` a whole percent below the level where the car stops."""

    use_required_attribute = False
    plugged_in = forms.CharField(
        label=_("Plugged in at"),
        help_text=_("Use 24-hour time"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    battery = forms.CharField(
        label=_("Battery when plugged in"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )

    def __init__(self, *args: object, limit_percent: float, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.limit_percent = limit_percent

    def clean_plugged_in(self) -> time:
        try:
            return parse_time(self.cleaned_data["plugged_in"])
        except NotATime as fault:
            raise ValidationError(gettext("Plugged in at must be hours and minutes, from 00:00 to 23:59")) from fault

    def clean_battery(self) -> int:
        message = not_a_whole_number(self, "battery", least=0, most=100)
        try:
            percent = parse_whole_percent(self.cleaned_data["battery"])
        except NotANumber as fault:
            raise ValidationError(message) from fault
        if not 0 <= percent <= 100:
            raise ValidationError(message)
        if percent >= self.limit_percent:
            raise ValidationError(not_below(self, "battery", limit=formatting.percent(self.limit_percent)))
        return percent
