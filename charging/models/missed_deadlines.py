"""Missed deadlines, counted for whoever watches: rows that outlive the cars and are never taken away."""

from __future__ import annotations

from django.db import models


class MissedDeadline(models.Model):
    """One plan of a real car that ended without its promise kept. Says nothing of whose it was.

    A row for each, not a number that grows: plans that end at the same moment wait for nobody.
    """

    reason = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["reason"], name="missed_deadlines_by_reason")]

    def __str__(self) -> str:
        return f"{self.reason} {self.at:%Y-%m-%d %H:%M}"
