"""What must hold before a plan, in words and as a table."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charging.admin.case_table import Table, word

WORDS: dict[str, Promise] = {
    "is_plugged_in": _("The car is plugged in"),
    "is_charging": _("The car charges (no condition)"),
    "at_charging_location": _("It is plugged in at one of the driver’s places"),
    "has_time_estimate": _("Level and capacity are known, so that its need is"),
    "is_smart_charge_capable": _("It can be started and stopped from here"),
    "needs_significant_charge": _("It needs more than an hour and more than 5 % (no condition)"),
    "has_charge_above_threshold": _("Its level is above the minimum"),
    "single_user": _("No other account has smart charging on for it"),
    "wont_stop_existing_charging_session": _("It does not charge since before the last ready-by time"),
    "likely_to_generate_savings": _("A plan saves enough, or one is at work"),
}
"""By the name that the API has for it (API_CONTRACT 7.4)."""


def considerations_table(considerations: Mapping[str, object]) -> Table:
    """Returns a row for each that is stored: in words, its name, and whether it holds."""
    rows = [(str(WORDS.get(name, name)), name, word(holds)) for name, holds in considerations.items()]
    columns = (gettext("condition"), gettext("name"), gettext("holds"))
    return Table(gettext("What must hold before a plan"), rows, columns)
