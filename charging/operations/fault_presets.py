"""The faults that a driver may try on a simulated car, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from charging.adapters.vehicles.fault_parts import Act, DailyAct, Deed, Flapping, LoadBalancing, Period, Timer
from charging.adapters.vehicles.faults import Faults
from charging.core.market_time import next_deadline

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Beginning:
    """When a fault begins, the time zone of the clocks that it goes by, and the car's limit before it."""

    now: datetime
    timezone_name: str
    charge_limit_percent: float

    def lasting(self, duration: timedelta) -> Period:
        """From now on."""
        return Period(self.now, self.now + duration)

    def spell(self, hour: int, duration: timedelta) -> Period:
        """From the next time that the local clock shows this hour."""
        return Period(self.next(hour), self.next(hour) + duration)

    def next(self, hour: int, minute: int = 0) -> datetime:
        """The next time that the local clock shows this."""
        return next_deadline(time(hour, minute), self.timezone_name, self.now)


def _limit_falls(begin: Beginning) -> Faults:
    falls = DailyAct(Deed.SET_LIMIT, time(22), percent=50.0)
    return Faults(daily=(falls,), usual_limit_percent=begin.charge_limit_percent)


def _unplugged(begin: Beginning) -> Faults:
    pulled_at = begin.next(23)
    return Faults(once=(Act(Deed.UNPLUG, pulled_at), Act(Deed.PLUG_IN, pulled_at + 20 * MINUTE)))


PRESETS: dict[str, Callable[[Beginning], Faults]] = {
    # The car.
    "slow": lambda _: Faults(power_factor=0.85),
    "very_slow": lambda _: Faults(power_factor=0.7),
    "sleeps": lambda _: Faults(extra_wake_up=4 * MINUTE, lost_after_sleep_share=0.5),
    "ignores_start": lambda _: Faults(starts_to_ignore=1),
    "ignores_six_starts": lambda _: Faults(starts_to_ignore=6),
    "ignores_stop": lambda _: Faults(stops_to_ignore=1),
    "ceiling_at_60": lambda _: Faults(ceiling_percent=60.0),
    # The plug.
    "power_cut": lambda begin: Faults(power_cuts=(begin.lasting(HOUR),)),
    "flapping": lambda begin: Faults(flapping=Flapping(begin.lasting(2 * HOUR), every=4 * MINUTE)),
    "load_balancing": lambda _: Faults(load_balancing=LoadBalancing(every=15 * MINUTE)),
    # Timers and schedules.
    "timer_at_23": lambda _: Faults(timer=Timer(opens=time(23))),
    "timer_until_4": lambda _: Faults(timer=Timer(closes=time(4))),
    "reports_schedule": lambda _: Faults(
        timer=Timer(opens=time(23), closes=time(6)), reported_schedule="Preferred times 23:00 to 06:00"
    ),
    "schedule_conflict": lambda begin: Faults(conflicts=(Period(begin.now, begin.next(2)),)),
    # Another app.
    "another_app": lambda _: Faults(undoes_after=4 * MINUTE),
    "starts_at_23": lambda _: Faults(daily=(DailyAct(Deed.START, time(23)),)),
    "starts_at_odd_times": lambda _: Faults(irregular_starts_per_day=8),
    "limit_falls_at_22": _limit_falls,
    "charger_pauses": lambda _: Faults(pauses_after=MINUTE / 2),
    "checks_every_half_hour": lambda _: Faults(undoes_after=30 * MINUTE),
    # What we hear.
    "silent": lambda begin: Faults(silent=(begin.lasting(3 * HOUR),)),
    "offline_at_night": lambda begin: Faults(silent=(begin.spell(1, 2 * HOUR),)),
    "frozen": lambda begin: Faults(stale=(begin.lasting(3 * HOUR / 2),)),
    "stale": lambda _: Faults(stale_share=0.4),
    "mixed_up": lambda _: Faults(duplicate_share=0.3, late_share=0.3),
    "reply_lost": lambda _: Faults(lost_reply_share=1.0),
    # The cable.
    "unplugged_at_23": _unplugged,
    "drives_away_at_3": lambda begin: Faults(once=(Act(Deed.DRIVE_AWAY, begin.next(3)),)),
}


def begin_fault(name: str, begin: Beginning) -> Faults:
    """Returns the faults of this name as they begin. Raises KeyError for an unknown name."""
    return replace(PRESETS[name](begin), name=name, timezone_name=begin.timezone_name)
