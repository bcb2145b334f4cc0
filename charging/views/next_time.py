"""The large time of the status card: what happens next, and how long until then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from charging.core.states import State
from charging.views import formatting
from charging.views.situation import Situation


@dataclass(frozen=True, slots=True)
class NextTime:
    """`clock` is the large time, `words` what happens then: "starts in 3 h 41 min"."""

    at: str
    clock: str
    words: str


Found = tuple[datetime | None, Promise | str]


def _waiting(situation: Situation) -> Found:
    window = situation.next_window
    return (window.start if window is not None else None), _("starts in %(duration)s")


def _at_the_latest(situation: Situation) -> Found:
    return situation.latest_start, _("at the latest, in %(duration)s")


def _charging(situation: Situation) -> Found:
    window = situation.current_window
    if window is None:
        return situation.ready_at, _("ready in about %(duration)s")
    if situation.next_window is not None:
        return window.end, _("pauses in %(duration)s")
    return window.end, _("ready in about %(duration)s")


def _next_try(situation: Situation) -> Found:
    return (situation.command.next_sending_at if situation.command is not None else None), _(
        "next try, in %(duration)s"
    )


def _override_end(situation: Situation) -> Found:
    override = situation.override
    if override is None or override.is_from_elsewhere:
        return None, ""
    if override.until_at is not None:
        return override.until_at, _("back to smart charging in %(duration)s")
    return (situation.ready_at if override.until_percent is None else None), _("full in about %(duration)s")


def _considering(situation: Situation) -> Found:
    need = situation.need
    match situation.vehicle.rule:
        case "below_minimum" if need is not None:
            return situation.now + need.forced_duration, _("at your minimum, in about %(duration)s")
        case "too_little_time" | "nothing_to_save" | "old_session" if (
            situation.view is not None and situation.view.is_charging
        ):
            return situation.ready_at, _("ready in about %(duration)s")
        case "charge_now":
            return _override_end(situation)
        case _:
            return None, ""


FIND: dict[State, Callable[[Situation], Found]] = {
    State.CONSIDERING: _considering,
    State.STOPPING: _waiting,
    State.STOPPED: _waiting,
    State.AWAITING_PRICES: _at_the_latest,
    State.STARTED: _charging,
    State.START_FAILED: _next_try,
    State.CHARGE_INTERRUPTED: _next_try,
    State.OVERRIDDEN: _override_end,
}


def next_time(situation: Situation) -> NextTime | None:
    """The next time that matters, or None where nothing is going to happen by itself."""
    find = FIND.get(situation.state)
    at, words = find(situation) if find is not None else (None, "")
    if at is None or at <= situation.now:
        return None
    return NextTime(
        at=at.isoformat(),
        clock=formatting.clock(at, situation.timezone),
        words=str(words) % {"duration": formatting.duration(at - situation.now)},
    )
