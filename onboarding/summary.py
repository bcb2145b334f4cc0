"""Answers in words: for "check and turn on", and where two tabs disagree."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.utils.translation import gettext

from charging.operations import guides
from charging.views import formatting
from onboarding.car_models import BEHAVIOURS, WELL_BEHAVED, car_models
from onboarding.forms import ENODE, HOME_ASSISTANT, MQTT, OTHER_CONTROL_CHOICES


def describe(key: str, answer: dict[str, Any]) -> str:
    """Returns the answer of a step for the middle of a sentence: a number or a time, else words in quotes.

    Empty for no answer.
    """
    if not answer:
        return ""
    match key:
        case "ready_by":
            return f"{time.fromisoformat(answer['time']):%H:%M}"
        case "minimum":
            return formatting.percent(answer["percent"])
        case "car":
            return quoted(car(answer))
        case "other_control":
            return quoted(other_control(answer))
        case _:
            return ""


def quoted(words: str) -> str:
    """The words in the quotation marks of the reader's language."""
    return gettext("“%(words)s”") % {"words": words}


def car(answer: dict[str, Any]) -> str:
    if answer.get("car") == HOME_ASSISTANT:
        return gettext("%(name)s, through Home Assistant") % {"name": answer["name"]}
    if answer.get("car") == ENODE:
        return gettext("%(name)s, through Enode") % {"name": answer["name"]}
    if answer.get("car") == MQTT:
        return gettext("%(name)s, through MQTT") % {"name": answer["name"]}
    model = car_models().get(answer.get("model", ""))
    if model is None:
        return ""
    values = {
        "model": str(model.label),
        "soc": formatting.percent(answer["soc_percent"]),
        "limit": formatting.percent(answer["charge_limit_percent"]),
    }
    words = gettext("%(model)s, simulated. Battery %(soc)s, stops at %(limit)s") % values
    behaviour = answer.get("behaviour", WELL_BEHAVED)
    return f"{words}. {dict(BEHAVIOURS)[behaviour]}" if behaviour != WELL_BEHAVED else words


def minimum(answer: dict[str, Any]) -> str:
    percent = answer["percent"]
    return formatting.percent(percent) if percent else gettext("%(zero)s, none") % {"zero": formatting.percent(0)}


def other_control(answer: dict[str, Any]) -> str:
    choice = str(dict(OTHER_CONTROL_CHOICES).get(answer["other_control"], ""))
    if answer.get("safety_net_time"):
        return gettext("%(choice)s, from %(time)s") % {"choice": choice, "time": answer["safety_net_time"]}
    return {
        "nothing": gettext("Nothing else controls charging"),
        "unsure": gettext("Not sure. We watch the first three nights"),
        "another_service": gettext("Another service controls charging"),
    }.get(answer["other_control"], choice)


def charger(answer: dict[str, Any]) -> str:
    brand = str(answer.get("charger_brand", ""))
    words = {"": gettext("I do not know"), guides.OTHER: gettext("Another charger")}
    return words.get(brand, brand)


def ready_by(answer: dict[str, Any]) -> str:
    at = time.fromisoformat(answer["time"])
    return gettext("%(time)s, every day") % {"time": f"{at:%H:%M}"}
