"""Looking at every car whose time has come, each at the pace of its driver's clock."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from time import monotonic

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db.models import F, Max

from charging.core.decision import Decision
from charging.core.facts import Hold
from charging.core.states import ENDED
from charging.models import Driver, Due, Heartbeat, Vehicle
from charging.operations import evaluation, sending, telemetry
from charging.operations.claims import KEPT_ANEW_AFTER_SECONDS, Claim, claim_due, give_back, keep, leave
from charging.operations.clocks import set_speed
from charging.operations.due import look_again
from charging.operations.failpoints import reach
from charging.operations.looking_together import look_together
from charging.operations.releasing import release_quietly

log = structlog.get_logger(__name__)

CARS_A_SWEEP = 1000
LASTS_SECONDS = 30.0
"""After that no further cars are taken: a job may last a minute, and the next bell has rung."""

STEPS_A_TURN = 60
"""How many due events of one fast clock are replayed before the next car has its turn."""

_one_at_a_time = threading.Lock()


def sweep(*, at_wall: datetime) -> int:
    """Replays what is due, car by car. Returns how many steps were made; 0 when another sweep of this process runs."""
    if not _one_at_a_time.acquire(blocking=False):
        return 0
    try:
        return _sweep(at_wall)
    finally:
        _one_at_a_time.release()


def _sweep(at_wall: datetime) -> int:
    steps, cars, lagging = 0, 0, set[int]()
    end = monotonic() + LASTS_SECONDS
    while cars < CARS_A_SWEEP and monotonic() < end:
        claim = claim_due(at_wall=at_wall, taken_at=_present(at_wall, end), but=lagging, is_first=cars == 0)
        if not claim.vehicle_ids:
            break
        cars += len(claim.vehicle_ids)
        reach("claims:taken")
        seen = look_together(vehicle_ids=claim.vehicle_ids, at_wall=at_wall)
        waiting = [pk for pk in claim.vehicle_ids if pk not in seen]
        steps += len(seen) + _look_at_each(waiting, claim=claim, lagging=lagging, at_wall=at_wall, end=end)
    return steps


def _look_at_each(waiting: list[int], *, claim: Claim, lagging: set[int], at_wall: datetime, end: float) -> int:
    """Looks at one car after the other while there is time; whom nobody got to is given back, whatever ended it."""
    steps, kept_at = 0, monotonic()
    try:
        while waiting and monotonic() < end:
            if monotonic() >= kept_at + KEPT_ANEW_AFTER_SECONDS:
                kept_at = monotonic()
                keep(vehicle_ids=waiting, at=_present(at_wall, end))
            pk = waiting.pop(0)
            if claim.needs_attention:
                release_quietly(vehicle_id=pk, at_wall=at_wall)
            done = run_vehicle(vehicle_id=pk, at_wall=at_wall)
            steps += done
            if done == STEPS_A_TURN:
                lagging.add(pk)
    finally:
        if waiting:
            leave(vehicle_ids=waiting)
    return steps


def _present(at_wall: datetime, end: float) -> datetime:
    """The instant of the wall by now, for a sweep that began at `at_wall` and lasts until `end`."""
    return at_wall + timedelta(seconds=int(LASTS_SECONDS - (end - monotonic())))


def run_vehicle(*, vehicle_id: int, at_wall: datetime) -> int:
    """Replays every due event of one car in order, up to its clock's present. Returns the number of steps.

    A fault in one car is logged and looked at again later; it never stops the others.
    """
    for step in range(STEPS_A_TURN):
        ripe = Due.objects.filter(pk=vehicle_id, due_at__lte=at_wall)
        # Mostly one step is all there is to do: that is asked without the rows that a step needs.
        due = ripe.select_related("vehicle__driver").first() if step == 0 or ripe.exists() else None
        if due is None:
            if step == 0:
                # What it was taken for is done or put off: whoever looks next need not wait until it is free.
                leave(vehicle_ids=[vehicle_id])
            return step
        now = _instant_of(due, at_wall)
        try:
            _step(due.vehicle, due, now)
        except SoftTimeLimitExceeded:
            # The time of the whole sweep is up, whatever car that happened at.
            raise
        except Exception as error:
            log.exception("evaluation failed", vehicle=str(due.vehicle.public_id))
            give_back(vehicle_id=vehicle_id, error=error, at_wall=at_wall)
            return step
    return STEPS_A_TURN


def _instant_of(due: Due, at_wall: datetime) -> datetime:
    """The instant to look at: the present, or for a fast clock the due instant itself; never before the last look."""
    driver = due.vehicle.driver
    now = driver.clock.own(at_wall) if driver.clock_speed == 1 else due.own_at
    seen = due.vehicle.evaluated_at
    return max(now, seen) if seen is not None else now


def _step(vehicle: Vehicle, due: Due, now: datetime) -> None:
    if due.next_poll_at <= now:
        telemetry.poll(vehicle=vehicle, now=now)
    decision = evaluation.evaluate(vehicle=vehicle, now=now, trigger="timer")
    reach("evaluation:committed")
    if decision.renew_hold is not None:
        _renew(vehicle, decision.renew_hold, now)
    sending.send_open_command(vehicle=vehicle, now=now)
    _slow_down(vehicle.driver, decision, now)


def _renew(vehicle: Vehicle, hold: Hold, now: datetime) -> None:
    """Renews a lease; where the gateway does not take it the old one runs on, and the car will start by itself."""
    if sending.renew_hold(vehicle=vehicle, hold=hold, now=now):
        reach("renewal:taken")
        Vehicle.objects.filter(pk=vehicle.pk).update(hold_until=hold.until, hold_renew_by=hold.renew_by)


def _slow_down(driver: Driver, decision: Decision, now: datetime) -> None:
    """A fast clock goes back to the wall's pace when the plan has ended, or after a day."""
    has_ended = any(move.to_state in ENDED for move in decision.moves)
    if driver.clock_speed != 1 and (has_ended or (driver.fast_until is not None and now >= driver.fast_until)):
        set_speed(driver=driver, speed=1, at_wall=driver.clock.wall(now))


def reconcile(*, at_wall: datetime) -> int:
    """Makes every held car and every open command due at once, and fast clocks slow, after a start or a restore.

    Time that passed while nothing ran is not replayed. Returns how many cars are looked at.
    """
    for driver in Driver.objects.exclude(clock_speed=1):
        seen = driver.vehicles.aggregate(newest=Max("evaluated_at"))["newest"]
        frozen_at = max(driver.clock_own_anchor, seen) if seen is not None else driver.clock_own_anchor
        Driver.objects.filter(pk=driver.pk).update(
            clock_wall_anchor=at_wall, clock_own_anchor=frozen_at, clock_speed=1, fast_until=None
        )
    vehicles = Vehicle.objects.select_related("driver")
    for vehicle in vehicles:
        look_again(vehicle=vehicle, now=vehicle.driver.clock.own(at_wall))
    return len(vehicles)


def beat(*, name: str, at_wall: datetime, clock_offset: timedelta | None = None) -> None:
    """Leaves a sign of life, with the database's clock minus the host's where that is known."""
    values = {"at": at_wall, "clock_offset": clock_offset}
    _, was_created = Heartbeat.objects.get_or_create(name=name, defaults=values | {"count": 1})
    if not was_created:
        Heartbeat.objects.filter(pk=name).update(**values, count=F("count") + 1)
