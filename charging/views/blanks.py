"""The values that sentences of the wording name, each from the situation; None where it is not known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext

from charging.core.states import WITHOUT_PLAN
from charging.models.activities import Actor
from charging.views import formatting
from charging.views.lateness import plugged_in_too_late, usual_power_kw
from charging.views.session_words import shown
from charging.views.situation import Situation

# A day may have several words, as in `28 November` and in the Norwegian `i morgen`: no blank breaks it or its time.
_DAY = rf"[^\W_]+\.?(?:{formatting.NO_BREAK}[^\W_]+\.?)*?"
DAY_AND_TIME = re.compile(rf"(?:(?P<day>{_DAY}){formatting.NO_BREAK})?(?P<time>\d\d:\d\d)")


class UnknownValueError(KeyError):
    """A sentence names a value that is not known here, so it is left out."""


class Blanks(Mapping[str, str]):
    """The values by name, worked out when a sentence asks. Raises UnknownValueError for one that has no value."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation

    def __getitem__(self, name: str) -> str:
        value = VALUES[name](self.situation)
        if value is None:
            raise UnknownValueError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(VALUES)

    def __len__(self) -> int:
        return len(VALUES)


def sentences(parts: tuple[Promise, ...], situation: Situation) -> str:
    """The sentences one after the other, filled in; those with an unknown value are left out."""
    blanks = Blanks(situation)
    filled = []
    for part in parts:
        try:
            filled.append(str(part) % blanks)
        except UnknownValueError:
            continue
    return without_repeated_days(" ".join(filled))


def without_repeated_days(text: str) -> str:
    """Says the day of a time once: `Starts tomorrow 01:45. Ready by 07:00.`"""
    said = ""

    def shorten(match: re.Match[str]) -> str:
        nonlocal said
        is_said, said = match["day"] == said, match["day"]
        return match["time"] if is_said else match[0]

    return DAY_AND_TIME.sub(shorten, text)


def times(count: int) -> str:
    """Returns `once` or `3 times`."""
    return gettext("once") if count == 1 else ngettext("%(count)d time", "%(count)d times", count) % {"count": count}


def _at(situation: Situation, at: datetime | None) -> str | None:
    return None if at is None else formatting.day_clock(at, situation.now, situation.timezone)


def _percent(level: float | None) -> str | None:
    return None if level is None else formatting.percent(level)


def _level(situation: Situation) -> str | None:
    return _percent(situation.view.soc_percent if situation.view is not None else None)


def _power(situation: Situation) -> str | None:
    view = situation.view
    power_kw = (view.charging_power_kw or view.observed_power_kw) if view is not None else None
    return formatting.power(power_kw) if power_kw else None


def _age(situation: Situation) -> str | None:
    view = situation.view
    if view is None or view.observed_at is None:
        return None
    return formatting.duration(situation.now - view.observed_at)


def _level_age(situation: Situation) -> str | None:
    view = situation.view
    if view is None or view.soc_observed_at is None:
        return None
    return formatting.duration(situation.now - view.soc_observed_at)


def _distance(situation: Situation) -> str | None:
    distance_m = situation.view.distance_m if situation.view is not None else None
    if distance_m is None:
        return None
    if distance_m < 950:
        return f"{formatting.number(round(distance_m, -1))}{formatting.NO_BREAK}m"
    return f"{formatting.number(distance_m / 1000)}{formatting.NO_BREAK}km"


def _saved(situation: Situation) -> Decimal | None:
    """What was really saved, or while the plan runs what it is to save."""
    if situation.result is not None:
        return shown(situation.result).saving
    money = situation.plan_money
    return None if money is None else money.saving


def _money_if_positive(situation: Situation, amount: Decimal | None) -> str | None:
    if situation.plan is None or amount is None or amount < Decimal("0.005"):
        return None
    return formatting.money(amount, situation.plan.currency)


def _extra(situation: Situation) -> str | None:
    saved = _saved(situation)
    return None if saved is None else _money_if_positive(situation, -saved)


def _charged(situation: Situation) -> str | None:
    result = situation.result
    return formatting.energy(result.energy_kwh) if result is not None and result.energy_source else None


def _override_end(situation: Situation) -> str:
    override = situation.override
    if override is not None and override.until_at is not None:
        return formatting.day_clock(override.until_at, situation.now, situation.timezone)
    level = override.until_percent if override is not None else None
    if level is not None and level < situation.limit_percent:
        return formatting.percent(level)
    return gettext("full (%(limit)s)") % {"limit": formatting.percent(situation.limit_percent)}


def _late_by(situation: Situation, at: datetime | None) -> str | None:
    plan = situation.plan if situation.state not in WITHOUT_PLAN else None
    deadline = plan.deadline_at if plan is not None else situation.deadline_at
    if at is None or deadline is None or at <= deadline:
        return None
    return formatting.duration(at - deadline)


def _ended_at(situation: Situation) -> datetime | None:
    return situation.plan.ended_at if situation.plan is not None else None


def _next_try_at(situation: Situation) -> datetime | None:
    command = situation.command
    if command is None or command.next_sending_at is None:
        return None
    return command.next_sending_at if command.next_sending_at > situation.now else None


def _finish_at(situation: Situation) -> datetime | None:
    plan = situation.plan
    if plan is None or plan.estimated_finish_at <= situation.now:
        return None
    return plan.estimated_finish_at


def _later_finish_at(situation: Situation) -> datetime | None:
    """The expected end, where it is not the end of this window, whose time has been said already."""
    finish_at = _finish_at(situation)
    return None if finish_at is None or _ends_with_this_window(situation) else finish_at


def _ends_with_this_window(situation: Situation) -> bool:
    window, finish_at = situation.current_window, _finish_at(situation)
    return window is not None and finish_at is not None and _at(situation, window.end) == _at(situation, finish_at)


def _what_if_windows(situation: Situation) -> str | None:
    what_if = situation.what_if
    if what_if is None or not what_if.plan.windows:
        return None
    # The day is said once, of the first start: the others follow within hours.
    spans = [formatting.span(window.start, window.end, situation.timezone) for window in what_if.plan.windows]
    day = formatting.day_word(what_if.plan.windows[0].start, situation.now, situation.timezone)
    return f"{day} {formatting.enumeration(spans)}".strip()


def _ready_if_at_once(situation: Situation) -> str | None:
    if situation.what_if is not None or situation.need is None or situation.need.energy_kwh <= 0:
        return None
    return _at(situation, situation.ready_at)


def _usual_power(situation: Situation) -> str | None:
    usual_kw = usual_power_kw(situation)
    return None if usual_kw is None else formatting.power(usual_kw)


def _power_alone(situation: Situation) -> str | None:
    """The power, where nothing is told that explains why it is late."""
    is_explained = usual_power_kw(situation) is not None or plugged_in_too_late(situation) is not None
    return None if is_explained else _power(situation)


def _ended_by(situation: Situation, *actors: str) -> str | None:
    return _at(situation, _ended_at(situation)) if situation.switched_off_by in actors else None


VALUES: dict[str, Callable[[Situation], str | None]] = {
    "age": _age,
    "asked_since": lambda s: _at(s, s.command.created_at if s.command is not None else None),
    "attempts": lambda s: times(s.command.attempts) if s.command is not None and s.command.attempts else None,
    "brand": lambda s: s.brand,
    "charged": _charged,
    "deadline": lambda s: _at(s, s.deadline_at),
    "distance": _distance,
    "ended": lambda s: _at(s, _ended_at(s)),
    "ended_late_by": lambda s: _late_by(s, _ended_at(s)),
    "extra": _extra,
    "finish": lambda s: _at(s, _finish_at(s)),
    "following_deadline": lambda s: _at(s, s.following_deadline_at),
    "late_by": lambda s: _late_by(s, s.ready_at),
    "latest_start": lambda s: _at(s, s.latest_start if s.latest_start and s.latest_start > s.now else None),
    "last_heard": lambda s: _at(s, s.view.observed_at if s.view is not None else None),
    "later_finish": lambda s: _at(s, _later_finish_at(s)),
    "level": _level,
    "level_age": _level_age,
    "limit": lambda s: formatting.percent(s.limit_percent),
    "limit_then": lambda s: formatting.percent(s.limit_percent) if _ends_with_this_window(s) else None,
    "minimum": lambda s: formatting.percent(s.minimum_percent),
    "next_start": lambda s: _at(s, s.next_window.start if s.next_window is not None else None),
    "next_try": lambda s: _at(s, _next_try_at(s)),
    "override_end": _override_end,
    "override_since": lambda s: _at(s, s.override.created_at if s.override is not None else None),
    "off_by_support": lambda s: _ended_by(s, Actor.SUPPORT),
    "off_by_you": lambda s: _ended_by(s, Actor.DRIVER, Actor.DRIVER_HERE),
    "off_otherwise": lambda s: _ended_by(s, "", Actor.READYBY, Actor.ELSEWHERE, Actor.UNKNOWN),
    "pause_end": lambda s: _at(s, s.policy.paused_until if s.policy is not None else None),
    "place": lambda s: s.place.name if s.place is not None else None,
    "plugged_in": lambda s: _at(s, plugged_in_too_late(s)),
    "power": _power,
    "power_alone": _power_alone,
    "ready_at": lambda s: _at(s, s.ready_at),
    "ready_if_at_once": _ready_if_at_once,
    "saving": lambda s: _money_if_positive(s, _saved(s)),
    "since": lambda s: _at(s, s.vehicle.state_changed_at),
    "usual_power": _usual_power,
    "what_if_windows": _what_if_windows,
    "window_end": lambda s: _at(s, s.current_window.end if s.current_window is not None else None),
}
