"""When to look at a car again. A table of its own, so that planning rows stay free of an index that changes."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from charging.models.vehicles import Vehicle


class DueQuerySet(models.QuerySet["Due"]):
    def ripe(self, wall_now: datetime) -> DueQuerySet:
        """Those whose time has come and whom nobody is at, oldest first."""
        is_free = models.Q(claimed_until__isnull=True) | models.Q(claimed_until__lte=wall_now)
        return self.filter(is_free, due_at__lte=wall_now).order_by("due_at")


class Due(models.Model):
    """`own_at` is an instant of the driver's clock, `due_at` the same on the wall; rewritten when its speed changes.

    `attempts` counts looks at the car that have begun since the last one that ended well.
    """

    vehicle = models.OneToOneField(Vehicle, on_delete=models.CASCADE, primary_key=True, related_name="due")
    own_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    next_poll_at = models.DateTimeField(help_text="Instant of the driver's clock")
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    claimed_until = models.DateTimeField(null=True, blank=True, help_text="Left to whoever took it, by the wall")
    fault = models.CharField(max_length=60, blank=True, default="", db_default="")

    objects = DueQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "due"

    def __str__(self) -> str:
        return f"{self.vehicle_id} at {self.due_at:%Y-%m-%d %H:%M:%S}"


class Heartbeat(models.Model):
    """The last sign of life of a process or a periodic job."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    count = models.PositiveBigIntegerField(default=0)
    clock_offset = models.DurationField(null=True, blank=True, help_text="The database's clock minus that of the host")

    def __str__(self) -> str:
        return self.name
