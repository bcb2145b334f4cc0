"""The night on which the clocks change: which moment a ready-by time means then, in words, on that night only."""

from __future__ import annotations

from datetime import UTC, datetime, time, tzinfo

from django.utils.translation import gettext as _

from charging.operations.facts import weekly_deadline
from charging.views.situation import Situation


def clock_change_words(wanted: time, deadline_at: datetime, timezone: tzinfo) -> str:
    """Which moment counts where the clocks skip the wanted time or show it twice; empty on any other night."""
    local = deadline_at.astimezone(timezone)
    values = {"wanted": f"{wanted:%H:%M}", "time": f"{local:%H:%M}"}
    if values["time"] != values["wanted"]:
        if not _is_skipped(datetime.combine(local.date(), wanted), timezone):
            # It was meant in the time zone of another place.
            return ""
        return _("The clocks go forward that night: there is no %(wanted)s, so %(time)s counts.") % values
    if local.replace(fold=1).utcoffset() != local.replace(fold=0).utcoffset():
        return _("The clocks go back that night: they show %(wanted)s twice, and the first time counts.") % values
    return ""


def _is_skipped(shown: datetime, timezone: tzinfo) -> bool:
    """Whether no clock there ever shows this."""
    return shown.replace(tzinfo=timezone).astimezone(UTC).astimezone(timezone).replace(tzinfo=None) != shown


def clock_change_of(situation: Situation) -> str:
    """The same of the car's next ready-by time; one for that night only is meant as it was stored."""
    deadline_at, policy = situation.deadline_at, situation.policy
    if deadline_at is None or policy is None:
        return ""
    local = deadline_at.astimezone(situation.timezone)
    weekly = weekly_deadline(policy=policy, timezone_name=situation.timezone_name)
    is_one_off = weekly is None or policy.one_off_deadline_at == deadline_at
    wanted = local.time() if is_one_off or weekly is None else weekly.on(local.date())
    return clock_change_words(wanted, deadline_at, situation.timezone)
