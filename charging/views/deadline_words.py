"""Deadlines of single days, in words."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from charging.adapters.holidays import next_public_holiday
from charging.models import Policy
from charging.operations.facts import weekly_deadline
from charging.views import date_words


def weekday_name(weekday: int) -> str:
    """Returns the name of a weekday, 0 = Monday, as a label."""
    return capfirst(str(WEEKDAYS[weekday]))


def deadlines_in_words(policy: Policy) -> str:
    """Returns `07:00`, or `07:00 - Sat 09:00, Sun 09:00` where some days differ; empty without a deadline."""
    if policy.deadline is None:
        return ""
    days = [f"{WEEKDAYS_ABBR[day]} {at:%H:%M}" for day, at in policy.weekday_deadlines.items()]
    usual = f"{policy.deadline:%H:%M}"
    return f"{usual} \N{EN DASH} {', '.join(days)}" if days else usual


def usual_next(policy: Policy, timezone_name: str, now: datetime) -> time | None:
    """Returns the wall-clock time of the next deadline by the weekly rule; None without a deadline."""
    weekly = weekly_deadline(policy=policy, timezone_name=timezone_name)
    if weekly is None:
        return None
    return weekly.next_after(now, timezone_name).astimezone(ZoneInfo(timezone_name)).time()


def next_holiday_in_words(timezone_name: str, now: datetime) -> str:
    """Returns the next public holiday at a place, or that its holidays are not known."""
    found = next_public_holiday(now.astimezone(ZoneInfo(timezone_name)).date(), timezone_name)
    if found is None:
        return _("We do not know the public holidays at your place, so every day counts as its weekday.")
    day, name = found
    return _("The next one at your place is %(name)s on %(date)s.") % {
        "name": name,
        "date": date_words.weekday_day_month(day),
    }
