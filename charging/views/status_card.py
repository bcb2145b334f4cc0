"""The status card: why, and when."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from charging.core.states import State
from charging.views import formatting
from charging.views.battery_bar import BatteryBar, draw_battery
from charging.views.blanks import Blanks, UnknownValueError, sentences
from charging.views.card_actions import Action, card_actions
from charging.views.connection_words import connection_of, trouble_of
from charging.views.next_time import NextTime, next_time
from charging.views.obstacle_words import sentence_of, what_now
from charging.views.service_words import service_notice
from charging.views.situation import Situation
from charging.views.sub_reasons import words_for
from charging.views.wording import SILENT
from charging.views.words import Words


@dataclass(frozen=True, slots=True)
class StatusCard:
    """What the top of the dashboard shows. `state` is for tests and support, never for people."""

    state: str
    tone: str
    who: str
    headline: str
    sentence: str
    notice: str
    next_time: NextTime | None
    battery: BatteryBar
    age: str
    announcement: str
    is_urgent: bool
    actions: tuple[Action, ...]

    @property
    def can_charge_now(self) -> bool:
        return any(action.fields.get("until") == "full" and not action.why_not for action in self.actions)


def make_card(situation: Situation) -> StatusCard:
    words = words_for(situation)
    headline, sentence = _headline(words, situation), _sentence(words, situation)
    notice = _notice(situation)
    return StatusCard(
        state=situation.state.value,
        tone="needs" if notice and words.tone != "problem" else words.tone,
        who=_who(situation),
        headline=headline,
        sentence=sentence,
        notice=notice,
        next_time=next_time(situation),
        battery=draw_battery(
            soc_percent=situation.view.soc_percent if situation.view is not None else None,
            minimum_percent=situation.minimum_percent,
            limit_percent=situation.limit_percent,
        ),
        age=_age(situation),
        announcement=f"{headline}. {sentence}" if words.announce else "",
        is_urgent=words.announce == "assertive",
        actions=card_actions(situation, words),
    )


def _notice(situation: Situation) -> str:
    """What the matter is with the connection or the service, or that the car was not heard of for a while."""
    trouble, connection = trouble_of(situation.vehicle), connection_of(situation.vehicle)
    if trouble is not None and (connection is None or connection.is_sign_in_needed):
        return f"{trouble.headline}. {trouble.sentence}"
    silent = sentences((SILENT,), situation) if situation.silent_for is not None else ""
    if left_alone := service_notice(situation):
        return f"{silent} {left_alone}".strip()
    return f"{silent} {trouble.headline}. {trouble.sentence}" if silent and trouble is not None else silent


def _headline(words: Words, situation: Situation) -> str:
    try:
        return str(words.headline) % Blanks(situation)
    except UnknownValueError:
        return _("New plan")


def _sentence(words: Words, situation: Situation) -> str:
    """What the row says; of a car without control what is in the way of this very one."""
    told = sentence_of(situation.vehicle) if situation.state == State.UNKNOWN else ""
    return f"{told} {what_now(situation.vehicle)}" if told else sentences(words.sentences, situation)


def _who(situation: Situation) -> str:
    """`Family car at Home`, or only the car where it is at none of the places."""
    here = situation.view.location if situation.view is not None else None
    if here is None:
        return str(situation.vehicle)
    return _("%(car)s at %(place)s") % {"car": situation.vehicle, "place": here.name}


def _age(situation: Situation) -> str:
    view = situation.view
    if view is None or view.observed_at is None:
        return _("Your car has not answered yet")
    age = situation.now - view.observed_at
    if age.total_seconds() < 60:
        return _("Car answered just now")
    return _("Car answered %(age)s ago") % {"age": formatting.duration(age)}
