"""A charging session in words: what it saved or cost more, and what is to be known about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charging.core.cents import cents
from charging.models import ChargingSession
from charging.models.sessions import EnergySource, OverrideSource
from charging.views import formatting

NOTHING = Decimal("0.005")
"""Less than this is no money: it would be written as 0.00."""
NO_ENERGY_KWH = 0.005
UNKNOWN = formatting.EN_DASH

OVERRIDES: dict[str, Promise] = {
    OverrideSource.HERE: gettext_lazy("Charge now"),
    OverrideSource.ELSEWHERE: gettext_lazy("Started by something else"),
    OverrideSource.BOTH: gettext_lazy("Charge now, and started by something else"),
}
SOURCES: dict[str, Promise] = {
    EnergySource.METERED: gettext_lazy("Energy measured by the car."),
    EnergySource.ESTIMATED: gettext_lazy("Energy estimated from the battery level."),
}
MIXED_SOURCES = gettext_lazy(
    "Energy measured by the car; where it is estimated from the battery level, a note says so."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """The amounts of a session in whole cents, so that what is written adds up: None where they are not known.

    `rest` is the part of the difference between both costs that is not counted as a saving.
    """

    cost: Decimal | None
    at_once: Decimal | None
    saving: Decimal | None
    rest: Decimal


def shown(session: ChargingSession) -> Shown:
    cost = None if session.cost is None else cents(session.cost)
    at_once = None if session.cost_charged_at_once is None else cents(session.cost_charged_at_once)
    if session.saving is None or session.cost is None or session.cost_charged_at_once is None:
        return Shown(cost, at_once, None, Decimal(0))
    difference = cents(session.cost_charged_at_once) - cents(session.cost)
    is_all_ours = abs(session.cost_charged_at_once - session.cost - session.saving) < NOTHING
    saving = difference if is_all_ours else cents(session.saving)
    return Shown(cost, at_once, saving, difference - saving)


def money_or_unknown(amount: Decimal | None, currency: str) -> str:
    return UNKNOWN if amount is None else formatting.money(amount, currency)


def saving_words(saving: Decimal | None, currency: str) -> str:
    """Returns `1.49 EUR`, or for a loss what it is: `cost 0.58 EUR more`."""
    if saving is None:
        return UNKNOWN
    if saving <= -NOTHING:
        return _("cost %(amount)s more") % {"amount": formatting.money(-saving, currency)}
    return formatting.money(max(saving, Decimal(0)), currency)


def energy_and_cost(energy_kwh: float, cost: Decimal | None, currency: str) -> str:
    """Returns `1.20 kWh, 0.40 EUR`, the energy alone where its cost is not known."""
    energy = f"{formatting.number(energy_kwh, 2)}{formatting.NO_BREAK}kWh"
    return energy if cost is None else f"{energy}, {formatting.money(cost, currency)}"


def battery_words(session: ChargingSession) -> str:
    """Returns `38–80 %`."""
    low, high = session.soc_from_percent, session.soc_to_percent
    if low is None or high is None:
        return UNKNOWN
    return f"{formatting.number(low)}{formatting.EN_DASH}{formatting.percent(high)}"


def source_words(sessions: Iterable[ChargingSession]) -> str:
    """The sentence that says how the energy of all of these is known; empty where it is of none."""
    sources = {session.energy_source for session in sessions} - {EnergySource.UNKNOWN.value}
    if len(sources) > 1:
        return str(MIXED_SOURCES)
    return str(SOURCES[sources.pop()]) if sources else ""


def notes(session: ChargingSession, *, names_estimates: bool = False) -> list[str]:
    """What makes this session different from one that was charged as planned, the parts that are no merit of ours."""
    told = [note for make in NOTES if (note := make(session))]
    is_named = names_estimates and session.energy_source == EnergySource.ESTIMATED
    return [*told, _("Energy estimated")] if is_named else told


def reasons(session: ChargingSession) -> list[str]:
    """Why it has no saving, or not all numbers; empty for one that was charged as planned."""
    return [note for make in REASONS if (note := make(session))]


def was_steered(session: ChargingSession) -> bool:
    """Whether smart charging had a say in it at any time."""
    return any(minimum is not None for _at, minimum in session.steering)


def _still_there(session: ChargingSession) -> str:
    return _("Still plugged in") if session.unplugged_at is None else ""


def _protective(session: ChargingSession) -> str:
    if session.protective_energy_kwh < NO_ENERGY_KWH:
        return ""
    amount = energy_and_cost(session.protective_energy_kwh, session.protective_cost, session.currency)
    return _("Up to your minimum: %(amount)s") % {"amount": amount}


def _override(session: ChargingSession) -> str:
    if session.override_energy_kwh < NO_ENERGY_KWH:
        return ""
    amount = energy_and_cost(session.override_energy_kwh, session.override_cost, session.currency)
    return f"{OVERRIDES[session.override_source]}: {amount}"


def _without_plan(session: ChargingSession) -> str:
    if not session.place_name:
        return _("Not at one of your places")
    if session.has_plan:
        return ""
    return _("Charged at once, without a plan") if was_steered(session) else _("Smart charging off")


def _prices(session: ChargingSession) -> str:
    is_asked = bool(session.place_name) and session.energy_source != EnergySource.UNKNOWN
    return _("Not all prices are known") if is_asked and not session.has_all_prices else ""


def _energy(session: ChargingSession) -> str:
    return _("The car did not tell how much") if session.energy_source == EnergySource.UNKNOWN else ""


REASONS: tuple[Callable[[ChargingSession], str], ...] = (_without_plan, _prices, _energy)
NOTES: tuple[Callable[[ChargingSession], str], ...] = (_still_there, _protective, _override, *REASONS)
