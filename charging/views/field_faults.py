"""What is wrong with a number or a time that was typed, in the words of the label beside the field.

The label stands in the sentence as it is, in quotation marks: so it reads the same in every language.
"""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _


def not_a_whole_number(form: forms.Form, name: str, *, least: int, most: int) -> str:
    """Returns that the field takes a whole number, both ends included."""
    words = {"label": _label(form, name), "least": least, "most": most}
    return _("“%(label)s” must be a whole number from %(least)d to %(most)d") % words


def not_a_percentage(form: forms.Form, name: str) -> str:
    """Returns that the field takes a number from 0 to 100."""
    return _("“%(label)s” must be a number from 0 to 100") % {"label": _label(form, name)}


def not_a_price(form: forms.Form, name: str) -> str:
    """Returns that the field takes a price."""
    return _("“%(label)s” must be a number, such as 24.5") % {"label": _label(form, name)}


def not_a_time(form: forms.Form, name: str) -> str:
    """Returns that the field takes a time of day, or the end of the day."""
    return _("“%(label)s” must be hours and minutes, from 00:00 to 24:00") % {"label": _label(form, name)}


def not_below(form: forms.Form, name: str, *, limit: str) -> str:
    """Returns that the field takes less than the level where the car stops; `limit` is in words."""
    words = {"label": _label(form, name), "limit": limit}
    return _("“%(label)s” must be less than %(limit)s, where your car stops") % words


def _label(form: forms.Form, name: str) -> str:
    return str(form.fields[name].label)
