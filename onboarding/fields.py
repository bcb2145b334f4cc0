"""The fields of the wizard's forms: never required by the browser, judged by us, with our own words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Label = str | _StrPromise


def text_field(label: Label, hint: Label = "", *, strip: bool = True, **attrs: str) -> forms.CharField:
    """A text control. Null characters reach the form's own check, which has a sentence for them."""
    field = forms.CharField(label=label, help_text=hint, required=False, strip=strip)
    field.widget = forms.TextInput(attrs={"autocomplete": "off"} | attrs)
    field.validators = [check for check in field.validators if not isinstance(check, ProhibitNullCharactersValidator)]
    return field


def radio_field(label: Label, choices: Iterable[tuple[str, Any]], missing: Label = "") -> forms.ChoiceField:
    """Radios; none chosen, or one that is not offered, gives the sentence `missing`. Without it none may be chosen."""
    return forms.ChoiceField(
        label=label,
        choices=list(choices),
        widget=forms.RadioSelect,
        required=bool(missing),
        error_messages={"required": missing, "invalid_choice": missing} if missing else {},
    )
