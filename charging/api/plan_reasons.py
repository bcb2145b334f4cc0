"""Why a plan looks as it does, in one sentence for each code that plans are stored with."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "cheapest": _("The car waits for cheaper hours before the deadline."),
    "now_is_cheapest": _("The hours right now are the cheapest before the deadline."),
    "flat": _("All prices before the deadline are the same, so the car charges at once."),
    "unpriced": _("The hours with known prices are too few, so part of the charge lies in hours without prices."),
    "no_prices": _("No prices are known before the deadline, so the car charges at once."),
    "no_slack": _("All the time before the deadline is needed, so the car charges straight through."),
    "no_time": _("The deadline is too close for the whole charge, so the car charges at once."),
    "already_charged": _("The car needs no energy."),
    "prices_changed": _("New prices made other hours cheaper."),
    "foreign_window": _("Another schedule decides when the car can charge, so the plan keeps to its hours."),
    "needs_longer": _("Charging takes longer than was planned."),
    "needs_less": _("Charging takes less time than was planned."),
    "below_minimum": _("The battery fell below the minimum, so the car charges up to it first."),
    "override_over": _("The driver's own charge is over, and the rest was planned anew."),
}
OTHERWISE = _("The plan keeps to the deadline at the least cost.")


def plan_sentence(code: str) -> str:
    """Returns the sentence of a code, a general one where the code has none."""
    return str(SENTENCES.get(code, OTHERWISE))
