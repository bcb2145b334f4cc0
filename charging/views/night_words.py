"""What happened in one plug-in, in at most three sentences: when it charged how much, what it cost and saved."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from charging.models import ChargingSession
from charging.models.sessions import EnergySource
from charging.views import formatting
from charging.views.session_words import NO_ENERGY_KWH, NOTHING, shown


def night_words(session: ChargingSession) -> str:
    """Returns the sentences; what is not known is left out, and why it is not stands among the reasons."""
    return " ".join(words for words in (_charged(session), _cost(session), _saved(session)) if words)


def _charged(session: ChargingSession) -> str:
    if session.energy_source == EnergySource.UNKNOWN:
        return ""
    if session.energy_kwh < NO_ENERGY_KWH:
        return _("Nothing was charged.")
    values = {"energy": f"{formatting.number(session.energy_kwh, 2)}{formatting.NO_BREAK}kWh"}
    used = [use for use in session.as_quarters() if use.energy_kwh > 0]
    if not used:
        return _("Charged %(energy)s.") % values
    zone, last = ZoneInfo(session.timezone_name), session.unplugged_at or session.measured_at
    values["start"] = formatting.clock(max(used[0].start, session.plugged_in_at), zone)
    values["end"] = formatting.clock(min(used[-1].end, last), zone)
    return _("Charged %(energy)s between %(start)s and %(end)s.") % values


def _cost(session: ChargingSession) -> str:
    amounts = shown(session)
    if amounts.cost is None or session.energy_kwh < NO_ENERGY_KWH:
        return ""
    values = {"cost": formatting.money(amounts.cost, session.currency)}
    if amounts.at_once is None:
        return _("It cost %(cost)s.") % values
    values["at_once"] = formatting.money(amounts.at_once, session.currency)
    return _("It cost %(cost)s; charging from plug-in would have cost %(at_once)s.") % values


def _saved(session: ChargingSession) -> str:
    saving = shown(session).saving
    if saving is None or abs(saving) < NOTHING:
        return ""
    if saving < 0:
        extra = formatting.money(-saving, session.currency)
        return _("It cost about %(extra)s more than charging at once.") % {"extra": extra}
    return _("Saved about %(saving)s.") % {"saving": formatting.money(saving, session.currency)}
