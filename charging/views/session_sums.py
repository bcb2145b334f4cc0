"""The money of one session, line by line; the saving last."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from charging.core.facts import Window
from charging.models import ChargingSession
from charging.models.sessions import EnergySource
from charging.views import formatting
from charging.views.session_words import NO_ENERGY_KWH, OVERRIDES, energy_and_cost, shown
from charging.views.sums import Sum, saving_sum


def session_sums(session: ChargingSession) -> tuple[Sum, ...]:
    """What it took and cost, the parts that are no merit of ours, the comparison and what is left as the saving."""
    is_estimate, amounts = session.energy_source == EnergySource.ESTIMATED, shown(session)
    sums = [Sum(_("Charged"), _energy(session))]
    if session.cost is None or amounts.cost is None:
        return (*sums, *part_sums(session), Sum(_("Cost"), _("not known, for want of prices")))
    sums.append(Sum(_("Cost"), _money(amounts.cost, session.currency, is_estimate)))
    if session.energy_kwh >= NO_ENERGY_KWH:
        average = session.cost / Decimal(str(session.energy_kwh))
        sums.append(Sum(_("Average price"), formatting.price(average, session.currency)))
    sums += part_sums(session)
    if amounts.at_once is not None:
        sums.append(Sum(_("From plug-in"), _money(amounts.at_once, session.currency, is_estimate)))
    if amounts.rest:
        # It is nobody's saving that the driver charged now, or that smart charging was off.
        sums.append(Sum(_("Not counted as our saving"), formatting.money(amounts.rest, session.currency)))
    if amounts.saving is not None:
        sums.append(saving_sum(amounts.saving, session.currency, is_estimate=is_estimate))
    return tuple(sums)


def part_sums(session: ChargingSession) -> tuple[Sum, ...]:
    """One line for what was charged up to the minimum, and one for what was charged against the plan."""
    sums = []
    if session.protective_energy_kwh >= NO_ENERGY_KWH:
        sums.append(minimum_sum(session.protective_energy_kwh, session.protective_cost, session.currency))
    if session.override_energy_kwh >= NO_ENERGY_KWH:
        amount = energy_and_cost(session.override_energy_kwh, session.override_cost, session.currency)
        sums.append(Sum(str(OVERRIDES[session.override_source]), amount))
    return tuple(sums)


def forced_sums(windows: Sequence[Window], currency: str) -> tuple[Sum, ...]:
    """The line of what a plan charges up to the minimum; none where it does not."""
    forced = [window for window in windows if window.is_forced]
    energy_kwh = sum(window.energy_kwh for window in forced)
    cost = sum((window.cost for window in forced), Decimal(0))
    return (minimum_sum(energy_kwh, cost, currency),) if energy_kwh >= NO_ENERGY_KWH else ()


def minimum_sum(energy_kwh: float, cost: Decimal | None, currency: str) -> Sum:
    return Sum(_("Up to your minimum, at any price"), energy_and_cost(energy_kwh, cost, currency))


def _energy(session: ChargingSession) -> str:
    if session.energy_source == EnergySource.UNKNOWN:
        return _("not known")
    return f"{formatting.number(session.energy_kwh, 2)}{formatting.NO_BREAK}kWh"


def _money(amount: Decimal, currency: str, is_estimate: bool) -> str:
    return formatting.about_money(amount, currency) if is_estimate else formatting.money(amount, currency)
