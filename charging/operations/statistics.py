"""What was charged, when and for how much: by span of time and by plug-in, from the stored sessions (API_CONTRACT 11).

A session keeps the energy of each quarter whose price is known. Energy without a price is spread evenly over the
plug-in, in entries that say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from django.db.models import Q

from charging.core.savings import QuarterUse
from charging.models import ChargingSession, Driver

QUARTER = timedelta(minutes=15)
LEAST_KWH = 0.005
EPOCH_MONDAY = datetime(1970, 1, 5, tzinfo=UTC)


class Resolution(StrEnum):
    """How long a bucket is."""

    QUARTER_HOUR = "QUARTER_HOUR"
    HALF_HOUR = "HALF_HOUR"
    HOUR = "HOUR"
    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    YEAR = "YEAR"


LENGTHS = {
    Resolution.QUARTER_HOUR: QUARTER,
    Resolution.HALF_HOUR: 2 * QUARTER,
    Resolution.HOUR: timedelta(hours=1),
    Resolution.DAY: timedelta(days=1),
    Resolution.WEEK: timedelta(days=7),
}


@dataclass(frozen=True, slots=True)
class Spread:
    """The least, the greatest and the mean of some numbers."""

    least: float
    greatest: float
    mean: float


@dataclass
class Use:
    """Energy that flowed: powers in kW, prices per kWh, costs in `currency`, which is empty where nothing is priced.

    `saving` is None where smart charging had no part; `at_once` are prices and energies without smart charging.
    """

    currency: str
    powers: list[float] = field(default_factory=list)
    hours: float = 0.0
    energy_kwh: float = 0.0
    priced: list[tuple[float, float]] = field(default_factory=list)
    at_once: list[tuple[float, float]] = field(default_factory=list)
    saving: float | None = None

    @property
    def power(self) -> Spread:
        mean = self.energy_kwh / self.hours if self.hours else 0.0
        return Spread(min(self.powers), max(self.powers), mean)

    @property
    def price(self) -> Spread | None:
        return _weighted(self.priced)

    @property
    def price_at_once(self) -> Spread | None:
        return _weighted(self.at_once)

    @property
    def cost(self) -> float:
        return sum(price * energy for price, energy in self.priced)

    def add(self, use: QuarterUse, price: float | None) -> None:
        """Adds what flowed in a piece of time."""
        hours = (use.end - use.start) / timedelta(hours=1)
        self.powers.append(use.energy_kwh / hours)
        self.hours += hours
        self.energy_kwh += use.energy_kwh
        if price is not None:
            self.priced.append((price, use.energy_kwh))


def _weighted(pairs: Sequence[tuple[float, float]]) -> Spread | None:
    weight = sum(energy for _price, energy in pairs)
    if weight <= 0:
        return None
    prices = [price for price, _energy in pairs]
    return Spread(min(prices), max(prices), sum(price * energy for price, energy in pairs) / weight)


def sessions_between(
    *, driver: Driver, start: datetime, end: datetime, location_id: str | None, vehicle_id: str | None
) -> list[ChargingSession]:
    """Returns the driver's plug-ins that touch `[start, end]` and in which something flowed, oldest first."""
    touching = Q(unplugged_at__isnull=True) | Q(unplugged_at__gte=start)
    sessions = ChargingSession.objects.of_driver(driver).filter(touching, plugged_in_at__lte=end)
    if location_id is not None:
        sessions = sessions.filter(location__public_id=location_id)
    if vehicle_id is not None:
        sessions = sessions.filter(vehicle__public_id=vehicle_id)
    sessions = sessions.filter(energy_kwh__gte=LEAST_KWH).select_related("vehicle", "location")
    return list(sessions.order_by("plugged_in_at", "pk"))


def pieces_of(session: ChargingSession) -> tuple[list[QuarterUse], list[QuarterUse]]:
    """Returns the quarters in which energy flowed at a known price, and evenly spread what flowed without one."""
    priced = [use for use in session.as_quarters() if use.energy_kwh > 0]
    missing = session.energy_kwh - sum(use.energy_kwh for use in priced)
    end = session.unplugged_at or session.measured_at
    if missing < LEAST_KWH or end <= session.plugged_in_at:
        return priced, []
    edges = [session.plugged_in_at]
    while edges[-1] < end:
        edges.append(min(end, _floor(edges[-1], QUARTER, timedelta(0)) + QUARTER))
    whole = end - session.plugged_in_at
    unpriced = [
        QuarterUse(begin, stop, Decimal(0), missing * ((stop - begin) / whole), 0.0) for begin, stop in pairwise(edges)
    ]
    return priced, unpriced


def by_session(sessions: Iterable[ChargingSession]) -> list[tuple[ChargingSession, Use]]:
    """Returns each plug-in with all that flowed in it."""
    found = []
    for session in sessions:
        use = Use(session.currency)
        priced, unpriced = pieces_of(session)
        for piece in priced:
            use.add(piece, float(piece.price_per_kwh))
        for piece in unpriced:
            use.add(piece, None)
        if session.saving is not None:
            use.saving = float(session.saving)
            use.at_once = _at_once(session)
        found.append((session, use))
    return found


def by_bucket(
    sessions: Iterable[ChargingSession],
    *,
    start: datetime,
    end: datetime,
    resolution: Resolution,
    offset: timedelta,
) -> list[tuple[datetime, Use]]:
    """Returns what flowed in `[start, end)` by bucket and currency, in time order; what has no price apart.

    A saving is divided by the energy of each bucket.
    """
    found: dict[tuple[datetime, str], Use] = {}
    for session in sessions:
        priced, unpriced = pieces_of(session)
        shares: dict[tuple[datetime, str], float] = {}
        for piece, price in (*((one, float(one.price_per_kwh)) for one in priced), *((one, None) for one in unpriced)):
            if not start <= piece.start < end:
                continue
            currency = session.currency if price is not None else ""
            key = (bucket_start(piece.start, resolution, offset), currency)
            found.setdefault(key, Use(currency)).add(piece, price)
            shares[key] = shares.get(key, 0.0) + piece.energy_kwh
        if session.saving is not None:
            _share_saving(session, found, shares)
    return [(key[0], found[key]) for key in sorted(found)]


def _share_saving(
    session: ChargingSession, found: dict[tuple[datetime, str], Use], shares: dict[tuple[datetime, str], float]
) -> None:
    assert session.saving is not None, "only what has a saving is shared"
    for key, energy_kwh in shares.items():
        use = found[key]
        use.saving = (use.saving or 0.0) + float(session.saving) * energy_kwh / session.energy_kwh
        use.at_once += _at_once(session)


def _at_once(session: ChargingSession) -> list[tuple[float, float]]:
    return [(float(u.price_per_kwh), u.energy_at_once_kwh) for u in session.as_quarters() if u.energy_at_once_kwh > 0]


def bucket_start(at: datetime, resolution: Resolution, offset: timedelta) -> datetime:
    """Returns the start of the bucket that an instant lies in, with edges where a clock at that offset shows them."""
    if resolution in LENGTHS:
        return _floor(at, LENGTHS[resolution], offset)
    local = (at + offset).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (local.replace(month=1) if resolution == Resolution.YEAR else local) - offset


def _floor(at: datetime, length: timedelta, offset: timedelta) -> datetime:
    since = at.astimezone(UTC) + offset - EPOCH_MONDAY
    return EPOCH_MONDAY + (since // length) * length - offset
