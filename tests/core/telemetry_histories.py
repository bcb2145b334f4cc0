"""Random histories of readings of one car, as untidy as the field's: gaps, silence about most things, repetitions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from charging.core.facts import PowerDelivery, Reading

EVENING = datetime(2026, 3, 1, 18, tzinfo=UTC)


def make_telemetry(seed: int, count: int = 14) -> list[Reading]:
    """The readings of some hours in time order, some of them at the same instant."""
    random = Random(seed)
    at, readings = EVENING, []
    for number in range(count):
        at += timedelta(minutes=random.choice((0, 1, 5, 5, 10, 40)))
        readings.append(
            Reading(
                observed_at=at,
                event_id=f"{seed}-{number}",
                power_delivery=random.choice(list(PowerDelivery)),
                soc_percent=random.choice((None, float(random.randint(20, 95)))),
                is_plugged_in=random.choice((None, True, True, True, False)),
                is_charging=random.choice((None, True, False)),
                is_fully_charged=random.choice((None, None, False)),
                charging_power_kw=random.choice((None, 0.0, 3.6, 7.2, 11.0)),
                charge_limit_percent=random.choice((None, 80.0, 90.0)),
            )
        )
    return readings


def arrivals(readings: list[Reading], seed: int) -> list[Reading]:
    """The same readings in another order, some of them twice."""
    random = Random(seed)
    arrived = readings + random.sample(readings, 3)
    random.shuffle(arrived)
    return arrived
