"""What a plan rests on, once earlier plug-ins have told something: hours that are open, and power."""

from __future__ import annotations

from django.utils.translation import gettext as _

from charging.core.need import expected_power_kw
from charging.core.reserve import USUAL_SHARE, share_of_usual
from charging.operations.foreign_window import learned_hours
from charging.views import formatting
from charging.views.situation import Situation


def basis_of(situation: Situation) -> str:
    """Returns what earlier plug-ins tell of this plan; empty where they tell nothing.

    The hours that another schedule leaves, that this plug-in is slower than usual, or which power is known.
    """
    return " ".join(sentence for sentence in (_hours(situation), _power(situation)) if sentence)


def _hours(situation: Situation) -> str:
    opens, closes = learned_hours(situation.findings)
    values = {"opens": f"{opens:%H:%M}" if opens else "", "closes": f"{closes:%H:%M}" if closes else ""}
    if opens and closes:
        sentence = _(
            "Another schedule lets your car charge from %(opens)s to %(closes)s only, so the plan keeps to that."
        )
    elif opens:
        sentence = _("Another schedule lets your car charge from %(opens)s only, so the plan keeps to that.")
    elif closes:
        sentence = _("Another schedule lets your car charge until %(closes)s only, so the plan keeps to that.")
    else:
        return ""
    return sentence % values


def _power(situation: Situation) -> str:
    car, place = situation.car, situation.place
    learned = car.learned if car is not None else None
    if car is None or place is None or learned is None or not learned.is_trusted:
        return ""
    power = formatting.power(expected_power_kw(car))
    if share_of_usual(car) < USUAL_SHARE:
        sentence = _(
            "Your car charges slower than it usually does at %(place)s: %(power)s instead of about %(usual)s. The plan "
            "allows for it."
        )
        return sentence % {"place": place.name, "power": power, "usual": formatting.power(learned.power_kw)}
    sentence = _("Based on the last %(count)s times your car charged at %(place)s, with about %(power)s.")
    return sentence % {"count": learned.sessions, "place": place.name, "power": power}
