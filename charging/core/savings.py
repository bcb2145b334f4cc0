"""What a plug-in cost, and what the same energy would have cost without a pause from plug-in on.

The comparison is the charging that was seen, with its own power and taper, moved together so that it begins at
plug-in: as much energy, no pauses. Charging at once therefore saves exactly nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from charging.core.facts import PriceInterval
from charging.core.power_profile import Flow, Part, cut

Priced = list[tuple[Flow, PriceInterval | None]]
"""Pieces of flows, each within one price; None where it is not known."""


@dataclass(frozen=True, slots=True)
class Share:
    """Energy in kWh and its cost; the cost is None where not all of its prices are known."""

    energy_kwh: float
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class QuarterUse:
    """The energy that flowed in the time of one price, and that would have flowed then when charged at once."""

    start: datetime
    end: datetime
    price_per_kwh: Decimal
    energy_kwh: float
    energy_at_once_kwh: float


@dataclass(frozen=True, slots=True)
class Bill:
    """A plug-in in energy and money. Costs are None where not all prices are known.

    `saving` is that of the smart part alone: what was charged below the minimum, against the plan or while smart
    charging had no say is in `whole` and `cost_charged_at_once`, and no merit of ours. It is negative where the plan
    turned out dearer. `quarters` are in time order; those without a known price are left out.
    """

    whole: Share
    protective: Share
    override: Share
    cost_charged_at_once: Decimal | None
    saving: Decimal | None
    quarters: tuple[QuarterUse, ...]


def at_once(flows: Sequence[Flow], plugged_in_at: datetime) -> tuple[Flow, ...]:
    """The same charging, one flow after the other without a pause, from plug-in on."""
    moved, at = [], plugged_in_at
    for flow in flows:
        end = at + (flow.end - flow.start)
        moved.append(replace(flow, start=at, end=end))
        at = end
    return tuple(moved)


def bill_of(flows: Sequence[Flow], plugged_in_at: datetime, prices: Sequence[PriceInterval]) -> Bill:
    """The bill of flows that are divided into parts. `flows` and `prices` are in time order and do not overlap."""
    actual, moved = _priced(flows, prices), _priced(at_once(flows, plugged_in_at), prices)
    return Bill(
        whole=_share(actual),
        protective=_share(actual, Part.PROTECTIVE),
        override=_share(actual, Part.OVERRIDE),
        cost_charged_at_once=_share(moved).cost,
        saving=_difference(_share(moved, Part.SMART).cost, _share(actual, Part.SMART).cost),
        quarters=_quarters(actual, moved),
    )


def _priced(flows: Sequence[Flow], prices: Sequence[PriceInterval]) -> Priced:
    edges = sorted({at for interval in prices for at in (interval.start, interval.end)})
    pieces: Priced = []
    for flow in flows:
        within = edges[bisect_right(edges, flow.start) : bisect_left(edges, flow.end)]
        pieces += [(piece, _price_at(prices, piece.start)) for piece in cut(flow, within)]
    return pieces


def _price_at(prices: Sequence[PriceInterval], at: datetime) -> PriceInterval | None:
    index = bisect_right(prices, at, key=lambda interval: interval.start) - 1
    return prices[index] if index >= 0 and at < prices[index].end else None


def _share(pieces: Priced, part: Part | None = None) -> Share:
    """Energy and cost of one part, or of all of them."""
    counted = [(piece, interval) for piece, interval in pieces if part is None or piece.part == part]
    energy_kwh = sum(piece.energy_kwh for piece, _ in counted)
    if any(interval is None and piece.energy_kwh > 0 for piece, interval in counted):
        return Share(energy_kwh, None)
    costs = (_decimal(interval.price_per_kwh) * _decimal(piece.energy_kwh) for piece, interval in counted if interval)
    return Share(energy_kwh, sum(costs, Decimal(0)))


def _difference(cost: Decimal | None, less: Decimal | None) -> Decimal | None:
    return None if cost is None or less is None else cost - less


def _quarters(actual: Priced, moved: Priced) -> tuple[QuarterUse, ...]:
    used: dict[datetime, QuarterUse] = {}
    for pieces, is_actual in ((actual, True), (moved, False)):
        for piece, interval in pieces:
            if interval is None or piece.energy_kwh == 0:
                continue
            empty = QuarterUse(interval.start, interval.end, _decimal(interval.price_per_kwh), 0.0, 0.0)
            use = used.get(interval.start, empty)
            used[interval.start] = replace(
                use,
                energy_kwh=use.energy_kwh + piece.energy_kwh * is_actual,
                energy_at_once_kwh=use.energy_at_once_kwh + piece.energy_kwh * (not is_actual),
            )
    return tuple(used[start] for start in sorted(used))


def _decimal(value: Decimal | float) -> Decimal:
    return Decimal(str(value))
