"""The values that the words of a finding name, each where it is known: times are those of the place's clock."""

from __future__ import annotations

from datetime import datetime, time, tzinfo
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from charging.core.causes import Cause, Seen
from charging.models import Finding
from charging.operations import guides
from charging.operations.guides import Kind
from charging.views import formatting
from charging.views.finding_words import FINDING_WORDS, FindingWords, Wordings
from charging.views.fullest import fullest
from charging.views.situation import Situation

COMMON_APPS = frozenset({"ev.energy", "Monta", "Tibber"})
"""Those that drivers of several countries know; the guides have them all."""


def words_of(finding: Finding) -> FindingWords:
    """The row of the finding's cause."""
    return FINDING_WORDS[Cause(finding.cause)]


def title_of(finding: Finding) -> str:
    """The finding as one short sentence without a full stop."""
    return fullest(words_of(finding).title, own_values(finding))


def title_of_params(params: dict[str, Any]) -> str:
    """The same from what the timeline keeps of a finding: its cause, its time as HH:MM, its level."""
    clock, percent = params.get("clock_time"), params.get("percent")
    at = time.fromisoformat(clock) if clock else None
    return title_of(Finding(cause=params["cause"], clock_time=at, percent=percent, nights=0))


def say(wordings: Wordings, finding: Finding, situation: Situation) -> str:
    """The fullest of the wordings that is known of this finding and its car."""
    values = own_values(finding) | {"apps": _common_apps()}
    asked_at = _asked_at(finding)
    if asked_at is not None:
        values["asked"] = formatting.clock(asked_at, situation.timezone)
    if situation.view is not None and situation.view.charge_limit_percent is not None:
        values["limit"] = formatting.percent(situation.view.charge_limit_percent)
    deadline_at = situation.deadline_at
    if deadline_at is not None and _is_before(finding.clock_time, deadline_at, situation.timezone):
        values["deadline"] = formatting.clock(deadline_at, situation.timezone)
    return fullest(wordings, values)


def own_values(finding: Finding) -> dict[str, str]:
    """What the finding itself knows."""
    values = {"nights": nights_words(finding.nights)}
    if finding.clock_time is not None:
        values["time"] = f"{finding.clock_time:%H:%M}"
    if finding.percent is not None:
        values["percent"] = formatting.percent(finding.percent)
    return values


def nights_words(count: int) -> str:
    """Returns `On two nights`, to begin a sentence with."""
    names = {1: _("On one night"), 2: _("On two nights"), 3: _("On three nights"), 4: _("On four nights")}
    names[5] = _("On five nights")
    return names.get(count) or ngettext("On %(count)d night", "On %(count)d nights", count) % {"count": count}


def _common_apps() -> str:
    """A few services that steer charging, to give an idea: `Clever, ev.energy and Tibber`."""
    names = [guide.brand for guide in guides.of_kind(Kind.APP) if guide.brand in COMMON_APPS]
    return formatting.enumeration(names)


def _asked_at(finding: Finding) -> datetime | None:
    """When we had asked for the charging that was last seen to begin too late."""
    sent = [row["at"] for row in finding.evidence if row["seen"] == Seen.START_SENT]
    return parse_datetime(max(sent)) if sent else None


def _is_before(clock_time: time | None, deadline_at: datetime, timezone: tzinfo) -> bool:
    """Whether a time on the clock is on the morning of the ready-by time, and earlier."""
    return clock_time is not None and clock_time < deadline_at.astimezone(timezone).time()
