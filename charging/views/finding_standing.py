"""Where a finding stands: suspected, answered, gone. One sentence for its page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from charging.core.causes import Cause, Status
from charging.models import Finding
from charging.models.findings import Answer
from charging.views import formatting
from charging.views.situation import Situation

HAS_HOURS = (Cause.TIMER, Cause.REPORTED_SCHEDULE, Cause.WINDOW_END)
"""What leaves hours that plans keep to."""


def standing(finding: Finding, situation: Situation) -> str:
    """Returns what has become of the finding; empty while it simply waits for the driver."""
    if finding.answer == Answer.FALSE_ALARM:
        return _("Support has looked at it: this was a false alarm. There is nothing to switch off.")
    if finding.gone_at is not None:
        last = formatting.day_clock(finding.last_seen_at, situation.now, situation.timezone)
        return _("This is over: it was last seen %(last)s.") % {"last": last}
    if finding.answer == Answer.SWITCHED_OFF:
        return _("Watching: we will tell you after the next two nights.")
    if finding.answer == Answer.ON_PURPOSE and finding.clock_time is not None and finding.cause in HAS_HOURS:
        return _("You said that this is on purpose. We plan around it and ask no more about it.")
    if finding.answer == Answer.ON_PURPOSE:
        return _("You said that this is on purpose, so we ask no more about it.")
    if situation.vehicle.put_aside.get(f"finding-{finding.pk}") == finding.last_seen_at.isoformat():
        return _("You have put this aside. We show it on the dashboard again when it happens the next time.")
    if finding.status == Status.SUSPECTED:
        return _("We are not sure yet. We watch whether it happens again, and tell you then.")
    return ""
