"""One of many processes that are after the same cars as fast as they can. For a process in which Django runs."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field
from random import Random

from django.db import connection, transaction
from django.db.models import Count, Sum

from charging.models import Command, Due, Vehicle
from charging.operations import evaluation, overrides
from charging.operations.claims import claim_due
from charging.operations.clocks import own_now, wall_now
from charging.operations.issues import Refused
from charging.operations.looking_together import look_together
from charging.operations.sweep import run_vehicle

ACT_SHARE = 0.25
"""So often a turn begins with a driver who charges now, or goes back to smart: without that there is no command."""


@dataclass
class Racer:
    """Looks at cars as a sweep does, and as the web does where others have taken all; `together` is a part of `done`.

    What a race must not do is raised.
    """

    draw: Random
    cars: list[int]
    done: int = 0
    together: int = 0
    acts: int = 0
    _mine: list[int] = field(default_factory=list)

    def turn(self) -> None:
        if self.draw.random() < ACT_SHARE:
            self._act(self._any())
        self._mine = list(claim_due(at_wall=wall_now()).vehicle_ids)
        if not self._mine:
            self._look_in(self._any())
            return
        seen = look_together(vehicle_ids=self._mine, at_wall=wall_now())
        self.together += len(seen)
        self.done += len(seen)
        for pk in self._mine:
            if pk not in seen:
                self.done += run_vehicle(vehicle_id=pk, at_wall=wall_now())
        make_due(self._mine)

    def _any(self) -> Vehicle:
        return Vehicle.objects.select_related("driver").get(pk=self.draw.choice(self.cars))

    def _act(self, vehicle: Vehicle) -> None:
        act = overrides.charge_now if self.draw.random() < 0.5 else overrides.end_override
        with contextlib.suppress(Refused):
            self.done += act(vehicle=vehicle, now=own_now(driver=vehicle.driver)) is not None
            self.acts += 1

    def _look_in(self, vehicle: Vehicle) -> None:
        """As a call of the web does, which asks nobody for the car but waits until it has it."""
        evaluation.evaluate(vehicle=vehicle, now=own_now(driver=vehicle.driver), trigger="race")
        self.done += 1
        make_due([vehicle.pk])


def run(*, seconds: float, evaluations: int, seed: int) -> Racer:
    """Takes turns until it has looked so often, or for so long."""
    racer = Racer(Random(seed), list(Vehicle.objects.order_by("pk").values_list("pk", flat=True)))
    end = time.monotonic() + seconds
    while racer.done < evaluations and time.monotonic() < end:
        racer.turn()
    return racer


@transaction.atomic
def make_due(vehicle_ids: list[int]) -> None:
    """Those that nobody has taken are due at once. It waits for nobody, so that it is not us who make a deadlock."""
    free = Due.objects.select_for_update(skip_locked=True).filter(pk__in=vehicle_ids, claimed_until=None)
    Due.objects.filter(pk__in=list(free.values_list("pk", flat=True))).update(due_at=wall_now())


def evaluations() -> int:
    return Vehicle.objects.aggregate(sum=Sum("evaluation_count"))["sum"] or 0


def commands() -> int:
    return Command.objects.count()


def duplicates() -> int:
    """How often a car has two commands of one generation."""
    return Command.objects.values("vehicle", "generation").annotate(count=Count("pk")).filter(count__gt=1).count()


def deadlocks() -> int:
    """How many the database has seen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])
