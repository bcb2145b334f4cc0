"""The state of a car as a badge: its word, with a color that says how much it matters."""

from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from charging.core.states import ENDED, EXECUTING, State
from charging.models import Vehicle

PROBLEMS = frozenset({State.STOP_FAILED, State.START_FAILED, State.CHARGE_INTERRUPTED, State.FAILED, State.UNKNOWN})


def tone_of(state: str) -> str:
    """Returns the style of a state: a problem, a plan at work, one that has ended, or quiet."""
    for tone, states in (("problem", PROBLEMS), ("running", EXECUTING), ("ended", ENDED)):
        if state in states:
            return tone
    return "quiet"


@admin.display(description=_("state"), ordering="state")
def state_badge(vehicle: Vehicle) -> SafeString:
    return format_html('<span class="state-badge state-{}">{}</span>', tone_of(vehicle.state), vehicle.state)
