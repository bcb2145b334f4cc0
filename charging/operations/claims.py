"""Taking the cars that are due: no two sweeps are at the same one, and one that breaks them comes later and alone.

The count of attempts is raised before a car is looked at and set back when that has ended: a car that takes its whole
process down is known by it after the restart.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F

from charging.models import Due
from charging.models.due import DueQuerySet

BATCH = 50
TAKEN_FOR = timedelta(seconds=12)
"""Whoever took cars and died with them kept them from the others no longer than this; who lives keeps them anew."""
KEPT_ANEW_AFTER_SECONDS = 4.0

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=30)
NEEDS_ATTENTION_AFTER = 5
"""So many attempts without an end: somebody has to look, and the car is let charge."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Cars that were taken, and which attempt at looking at them this is."""

    vehicle_ids: Sequence[int]
    attempts: int = 1

    @property
    def needs_attention(self) -> bool:
        """Whether looking has failed so often that the car is let charge without it."""
        return self.attempts > NEEDS_ATTENTION_AFTER


@transaction.atomic
def claim_due(
    *, at_wall: datetime, taken_at: datetime | None = None, but: Collection[int] = (), is_first: bool = False
) -> Claim:
    """Takes cars that are due, oldest first, at most BATCH; none that somebody else has taken.

    They are taken for a time from `taken_at` on, which may be later than the instant that they are due at.
    A car whose last evaluation did not end is taken alone, each time later than before: one as the first of a sweep, so
    that it gets its turn however many wait, the rest after all others.
    """
    ripe = Due.objects.ripe(at_wall).exclude(pk__in=but)
    begin = taken_at or at_wall
    if is_first and (taken := _take(ripe.filter(attempts__gt=0), 1)):
        return _alone(taken, begin)
    if taken := _take(ripe.filter(attempts=0), BATCH):
        Due.objects.filter(pk__in=taken).update(attempts=1, claimed_until=begin + TAKEN_FOR)
        return Claim(taken)
    return _alone(_take(ripe, 1), begin)


def _alone(taken: Sequence[int], at_wall: datetime) -> Claim:
    if not taken:
        return Claim(())
    attempts = Due.objects.values_list("attempts", flat=True).get(pk=taken[0]) + 1
    Due.objects.filter(pk__in=taken).update(attempts=attempts, claimed_until=at_wall + pause_after(attempts))
    return Claim(taken, attempts)


def pause_after(attempts: int) -> timedelta:
    """How long a car is left alone after so many attempts without an end: 1, 2, 4 ... 30 minutes."""
    doublings = min(max(attempts, 1) - 1, 5)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def keep(*, vehicle_ids: Sequence[int], at: datetime) -> None:
    """Keeps cars from others for as long again that were taken for the first time and have not had their turn yet."""
    Due.objects.filter(pk__in=vehicle_ids, attempts=1).update(claimed_until=at + TAKEN_FOR)


def leave(*, vehicle_ids: Sequence[int]) -> None:
    """Gives cars back that were taken and not looked at: they are due as before."""
    left = Due.objects.filter(pk__in=vehicle_ids, attempts__gt=0)
    left.update(attempts=F("attempts") - 1, claimed_until=None)


@transaction.atomic
def give_back(*, vehicle_id: int, error: Exception, at_wall: datetime) -> None:
    """Writes that looking at the car failed, and when it is tried again; its words may be private and are left out."""
    due = Due.objects.filter(pk=vehicle_id)
    due.filter(attempts=0).update(attempts=1)
    attempts = due.values_list("attempts", flat=True).first() or 1
    due.update(fault=type(error).__name__[:60], claimed_until=at_wall + pause_after(attempts))


def _take(ripe: DueQuerySet, most: int) -> list[int]:
    if connection.features.has_select_for_update_skip_locked:
        ripe = ripe.select_for_update(skip_locked=True)
    return list(ripe.values_list("vehicle_id", flat=True)[:most])
