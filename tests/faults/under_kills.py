"""Cars that live while processes are killed, and what has become of them. For a process in which Django runs."""

from __future__ import annotations

import time
from collections import Counter
from datetime import datetime, timedelta

from charging.models import Command, Due, StateEvent, Vehicle
from charging.models.commands import OPEN
from charging.operations.clocks import wall_now
from charging.operations.figures import load_sweeping
from tests.faults import fleet, invariants, record
from tests.faults.driving import Drivers, make_token
from tests.faults.figures import Figures
from tests.faults.installation import Installation
from tests.faults.killing import Killer
from tests.faults.processes import wait_for

FAST_SHARE = 0.1
SETTLING_TAKES = 150
"""Seconds in which everything has to come to rest: two pauses of a car that was taken by somebody who died."""

JUDGING_TAKES = 90
LATE = timedelta(seconds=20)


def run(it: Installation, *, kills: int, seed: int, cars: int, seconds: float, end_at: float) -> Figures:
    """Returns the figures; the kills are spread over fewer seconds where else the time until `end_at` ran out."""
    it.redis.start()
    credentials = fleet.make_client()
    vehicles = fleet.make_fleet(credentials.client, cars=cars, seed=seed, fast_share=FAST_SHARE, makers=4)
    record.begin()
    killer = Killer(it.readyby, seed)
    killer.start_all()
    wait_for(lambda: it.readyby.status("/livez") == 200, seconds=90, what="the web answers")
    token = make_token(it.readyby, credentials)
    fleet.start_clocks(vehicles)
    slow = [vehicle for vehicle in vehicles if vehicle.driver.clock_speed == 1]
    drivers = [Drivers(it.readyby, token, slow[n::2], seed=seed + n) for n in range(2)]
    for one in drivers:
        one.start()
    # However long it took until here, there is time to settle; on a slow machine the kills are closer together.
    seconds = max(30.0, min(seconds, end_at - time.monotonic() - SETTLING_TAKES - JUDGING_TAKES))
    most_lag = _kill_for(killer, kills, seconds)
    for one in drivers:
        one.stop()
    settled = _settle(killer)
    for started in killer.running.values():
        started.end()
    figures = _judge(killer, drivers, seed=seed)
    figures.rows |= {"longest lag of a car (s)": round(most_lag), "at rest after (s)": settled}
    figures.must_be_zero["never at rest"] = settled is None
    return figures


def _kill_for(killer: Killer, kills: int, seconds: float) -> float:
    """Kills so many times, evenly spread. Returns how late a car was looked at at most, in seconds."""
    begun, most_lag = time.monotonic(), 0.0
    for number in range(kills):
        time.sleep(max(0.0, begun + (number + 1) * seconds / kills - time.monotonic()))
        killer.kill_one()
        if number % 5 == 0:
            most_lag = max(most_lag, load_sweeping(at_wall=wall_now()).lag.total_seconds())
    return most_lag


def _settle(killer: Killer) -> int | None:
    """Slows all clocks down and lets everything come to rest. Returns the seconds that took, None for never."""
    fleet.slow_down_all()

    def is_at_rest() -> bool:
        killer.revive()
        is_late = Due.objects.filter(due_at__lte=wall_now() - LATE).exists()
        is_broken = Due.objects.filter(attempts__gt=0, claimed_until__lte=wall_now()).exists()
        return not is_late and not is_broken and not forgotten_commands()

    try:
        return round(wait_for(is_at_rest, seconds=SETTLING_TAKES, what="everything comes to rest", every=2))
    except AssertionError:
        return None


def forgotten_commands() -> list[Command]:
    """Open commands that nobody will ever send again, or should have by now and nobody is sending."""
    at_wall = wall_now()
    waiting = Command.objects.filter(status__in=OPEN).select_related("vehicle__driver")
    unleased = [one for one in waiting if one.lease_until is None or one.lease_until <= at_wall - LATE]
    return [one for one in unleased if _is_overdue(one, at_wall)]


def _is_overdue(command: Command, at_wall: datetime) -> bool:
    """One whose sendings are used up waits for the car until it is given up, which its next evaluations see."""
    if command.next_sending_at is None:
        return command.attempts == 0
    return command.vehicle.driver.clock.wall(command.next_sending_at) <= at_wall - LATE


def _judge(killer: Killer, drivers: list[Drivers], *, seed: int) -> Figures:
    """Counts, when no process of Readyby is left and nothing moves any more."""
    answers: Counter[int] = Counter()
    for one in drivers:
        answers.update(one.answers)
    found = invariants.breaches(seed=seed)
    figures = Figures()
    figures.rows |= {
        "kills": sum(killer.kills.values()),
        "of": ", ".join(f"{name} {count}" for name, count in sorted(killer.kills.items())),
        "cars": Vehicle.objects.count(),
        "evaluations": sum(Vehicle.objects.values_list("evaluation_count", flat=True)),
        "changes of state": StateEvent.objects.count(),
        "commands intended": Command.objects.count(),
        "commands still waited for": Command.objects.filter(status__in=OPEN).count(),
        "commands that reached a car": len(record.taken()),
        "calls of drivers carried out": sum(one.accepted for one in drivers),
        "answers by status, 0 for none": ", ".join(f"{status}: {count}" for status, count in sorted(answers.items())),
        "calls never answered": sum(one.unanswered for one in drivers),
    }
    figures.must_be_zero |= {
        "lost: commands that nobody sends": len(forgotten_commands()),
        "lost: cars that nobody looks at": Due.objects.filter(due_at__lte=wall_now() - 4 * LATE).count(),
        "lost: what drivers did": sum(one.lost() for one in drivers),
        "doubled effects": record.doubled(),
        "answers of 5xx but 503": sum(count for status, count in answers.items() if status >= 500 and status != 503),
        **{f"breach of {name}": count for name, count in found.items()},
    }
    return figures
