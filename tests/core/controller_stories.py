"""Nights of one controller or another, told to the second, as by a car whose vendor names the time of each change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from charging.core.facts import CommandKind, PowerDelivery, PriceInterval, Reading
from charging.core.market_time import local_instant
from charging.core.nights import Night, OurCommand
from charging.core.periods import Period
from tests.core.interference_stories import HELD, UNPLUGGED
from tests.core.night_stories import FULL_POWER_KW, MONDAY, OSLO, tell

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
QUARTER = 15 * MINUTE
CHEAP, DEAR = Decimal("0.05"), Decimal("0.20")


def told(night: Night, *changes: tuple[datetime, bool], delivery: PowerDelivery = PowerDelivery.STOPPED) -> Night:
    """The night with a reading at each change, and one a second before it that still shows what was before."""
    level = 45.0
    exact = []
    for at, is_charging in changes:
        for seen_at, is_on in ((at - SECOND, not is_charging), (at, is_charging)):
            exact.append(
                Reading(
                    observed_at=seen_at,
                    event_id=seen_at.isoformat(),
                    power_delivery=PowerDelivery.CHARGING if is_on else delivery,
                    soc_percent=level,
                    is_plugged_in=True,
                    is_charging=is_on,
                    charging_power_kw=FULL_POWER_KW if is_on else 0.0,
                    charge_limit_percent=80.0,
                )
            )
            level += 0.1
    first = changes[0][0] - SECOND
    kept = [reading for reading in night.readings if reading.observed_at < first]
    return replace(night, readings=(*kept, *exact))


def started_and_ended(
    offsets: Sequence[tuple[float, float]], *, day: date = MONDAY, delivery: PowerDelivery = PowerDelivery.STOPPED
) -> Night:
    """At each of these minutes after two at night we start it; so many seconds later it is seen to end again."""
    two = local_instant(day + timedelta(days=1), datetime.min.replace(hour=2).time(), OSLO)
    changes, commands = [], []
    for minutes, lasted in offsets:
        sent = two + minutes * MINUTE
        begun = sent + 5 * SECOND
        commands.append(OurCommand(CommandKind.START, sent, sent, begun))
        changes += [(begun, True), (begun + lasted * SECOND, False)]
    night = tell(*HELD, UNPLUGGED, day=day)
    wanted = (*night.wanted, Period(two, two + timedelta(hours=4)))
    night = replace(night, commands=(*night.commands, *commands), wanted=wanted)
    return told(night, *changes, delivery=delivery)


def priced(night: Night, cheap_from: int, hours: int) -> Night:
    """The night with prices that are low in so many hours from that many hours after six in the evening on."""
    start = night.plugged_in_at
    prices = []
    for number in range(24 * 4):
        at = start + number * QUARTER
        is_cheap = cheap_from <= number / 4 < cheap_from + hours
        price = CHEAP if is_cheap else DEAR + Decimal(number) / 10_000
        prices.append(PriceInterval(at, at + QUARTER, price))
    return replace(night, prices=tuple(prices))


def paused(day: date, *lasted: float, delivery: PowerDelivery = PowerDelivery.STOPPED) -> Night:
    """We start it every ten minutes, and each time it charges so many seconds."""
    offsets = [(10.0 * number, seconds) for number, seconds in enumerate(lasted)]
    return started_and_ended(offsets, day=day, delivery=delivery)


def corrected(day: date, *minutes: float) -> Night:
    """We start it again and again; each time somebody stops it so many minutes after it has begun."""
    at, offsets = 0.0, []
    for after in minutes:
        offsets.append((at, after * 60))
        at += after + 7
    return started_and_ended(offsets, day=day)


def optimised(day: date, start: int, cheap: int | None = None, *, clock: str = "05") -> Night:
    """Held by us, and charged by somebody from so many hours after six on for two hours."""
    begin, stop = (18 + start) % 24, (20 + start) % 24
    night = tell(*HELD, f"{begin:02}:{clock} charges", f"{stop:02}:{clock} stops", UNPLUGGED, day=day, soc=30.0)
    return priced(night, start if cheap is None else cheap, 2)
