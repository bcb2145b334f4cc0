"""The forms of the dashboard: every message says what to do, in the words of its label."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from typing import TYPE_CHECKING, Any, TypeAlias

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charging.operations.issues import Refused
from charging.views import formatting
from charging.views.number_input import NotANumber, parse_whole_percent
from charging.views.policy_fields import minimum_of, ready_by_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Words: TypeAlias = "str | _StrPromise"
LONGEST_MINUTES = 24 * 60


def _text(label: Words, hint: Words = "", **attrs: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"} | attrs)
    return forms.CharField(label=label, help_text=hint, required=False, max_length=200, widget=widget)


def _radios(label: Words, choices: Iterable[tuple[str, Words]], missing: Words) -> forms.ChoiceField:
    messages: dict[str, Words] = {"required": missing, "invalid_choice": missing}
    return forms.ChoiceField(label=label, choices=list(choices), widget=forms.RadioSelect, error_messages=messages)


class ReadyByForm(forms.Form):
    """Cleaned: `ready_by` a time, `scope` tonight or every_day."""

    use_required_attribute = False
    ready_by = _text(_("Ready by"), _("Use 24-hour time"), inputmode="numeric")
    scope = _radios(
        _("For which days?"),
        [("tonight", _("Only the next time")), ("every_day", _("Every day"))],
        _("Select whether this is for the next time or for every day"),
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_ready_by(self) -> time:
        return ready_by_of(self.cleaned_data["ready_by"])


class MinimumForm(forms.Form):
    """Cleaned: `minimum` a whole percent. Whether the car allows it is the operation's to say."""

    use_required_attribute = False
    minimum = _text(_("Minimum charge"), inputmode="numeric")
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_minimum(self) -> int:
        return minimum_of(self.cleaned_data["minimum"])


UNTIL: list[tuple[str, Words]] = [
    ("full", _("Until the car is full")),
    ("percent", _("Until a level")),
    ("minutes", _("For some time")),
]


class ChargeNowForm(forms.Form):
    """Cleaned: `until` full, percent or minutes, and the `percent` or `minutes` that it asks for."""

    use_required_attribute = False
    until = _radios(
        _("Charge until when?"),
        UNTIL,
        _("Select until when to charge"),
    )
    percent = _text(_("Level"), _("Only for “Until a level”"), inputmode="numeric")
    minutes = _text(_("Minutes"), _("Only for “For some time”"), inputmode="numeric")

    def __init__(self, *args: Any, limit_percent: float = 100, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if limit_percent < 100:
            until = self.fields["until"]
            assert isinstance(until, forms.ChoiceField)
            full = gettext("Until %(limit)s, the car’s limit") % {"limit": formatting.percent(limit_percent)}
            until.choices = [("full", full), *UNTIL[1:]]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("until") == "full":
            data["until"] = self._meant(data)
        if data.get("until") == "percent":
            message = gettext("Level must be a whole number from 1 to 100")
            data["percent"] = self._whole("percent", 1, 100, message)
        if data.get("until") == "minutes":
            message = gettext("Minutes must be a whole number from 5 to %(most)d") % {"most": LONGEST_MINUTES}
            data["minutes"] = self._whole("minutes", 5, LONGEST_MINUTES, message)
        return data

    def _meant(self, data: dict[str, Any]) -> str:
        """Who fills in a level or minutes means them, although “full” was selected before."""
        filled = [name for name in ("percent", "minutes") if data.get(name, "").strip()]
        if len(filled) > 1:
            self.add_error("until", gettext("Select until when to charge: you filled in a level and minutes"))
        return filled[0] if filled else "full"

    def _whole(self, name: str, least: int, most: int, message: str) -> int | None:
        try:
            value = parse_whole_percent(self.cleaned_data.get(name, ""))
        except NotANumber:
            value = -1
        if least <= value <= most:
            return value
        self.add_error(name, message)
        return None


class PauseForm(forms.Form):
    """Cleaned: `until` plug_in or turned_on."""

    use_required_attribute = False
    until = _radios(
        _("Pause smart charging until when?"),
        [("plug_in", _("Until the next time I plug in")), ("turned_on", _("Until I turn it on again"))],
        _("Select until when to pause"),
    )


class KeepAccountForm(forms.Form):
    """Cleaned: `email`, checked by the operation."""

    use_required_attribute = False
    email = _text(_("Email address"), inputmode="email", autocomplete="email", spellcheck="false")


class EraseForm(forms.Form):
    """Valid once it was ticked that everything is to go."""

    use_required_attribute = False
    is_sure = forms.BooleanField(
        label=_("Yes, delete everything. I know that it cannot be brought back"),
        error_messages={"required": _("Tick the box if you want everything deleted")},
    )


def sent(request: HttpRequest) -> QueryDict | None:
    """The sent form, even an empty one; None while the page is only shown."""
    return request.POST if request.method == "POST" else None


def add_issues(form: forms.Form, refused: Refused, fields: dict[str, str]) -> None:
    """Puts what an operation refused beside the fields it is about; `fields` maps API paths to field names.

    What is about something that the form does not ask stands above it.
    """
    for issue in refused.issues:
        name = fields.get(issue.path)
        form.add_error(name if name in form.fields else None, issue.message)
