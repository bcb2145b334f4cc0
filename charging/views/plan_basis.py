"""What the charging time of a plan rests on, once earlier plug-ins have told something of it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from charging.core.need import expected_power_kw
from charging.core.reserve import USUAL_SHARE, share_of_usual
from charging.views import formatting
from charging.views.situation import Situation


def basis_of(situation: Situation) -> str:
    """Returns what earlier plug-ins tell of this plan, or that this one is slower; empty where neither is so."""
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
