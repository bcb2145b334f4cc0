"""The two answers that a policy is made of, judged the same way in the wizard and in the settings."""

from __future__ import annotations

from datetime import time

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from charging.views.number_input import NotANumber, parse_whole_percent
from charging.views.time_input import NotATime, OneMinuteDigit, parse_time


def ready_by_of(text: str) -> time:
    """Returns the time of day in the text. Raises ValidationError with a sentence that says what to write."""
    if not text:
        raise ValidationError(_("Enter the time your car should be ready"))
    try:
        return parse_time(text)
    except OneMinuteDigit as fault:
        raise ValidationError(_("Write the minutes with two digits")) from fault
    except NotATime as fault:
        raise ValidationError(_("Ready by must be hours and minutes, from 00:00 to 23:59")) from fault


def minimum_of(text: str) -> int:
    """Returns the whole percent in the text. Raises ValidationError with a sentence that says what to write."""
    if not text:
        raise ValidationError(_("Enter the minimum charge, or 0 for none"))
    try:
        percent = parse_whole_percent(text)
    except NotANumber as fault:
        raise ValidationError(_("Minimum charge must be a whole number")) from fault
    if not 0 <= percent <= 100:
        raise ValidationError(_("Minimum charge must be from 0 to 100"))
    return percent
