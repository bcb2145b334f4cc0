"""Charge now: the driver's word against the plan."""

from __future__ import annotations

import uuid

from django.db import models

from charging.core.facts import Override
from charging.models.vehicles import Vehicle


class SmartOverride(models.Model):
    """Smart commands are held back from `created_at` to `ended_at`. At most one of a vehicle is active.

    `until_at` of a test charge is how long its start is waited for.
    """

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="overrides")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    until_percent = models.FloatField(null=True, blank=True)
    until_at = models.DateTimeField(null=True, blank=True)
    is_from_elsewhere = models.BooleanField(default=False)
    is_claimed = models.BooleanField(default=False, help_text="The driver said: that was me")
    is_test = models.BooleanField(default=False, help_text="A test charge")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle"], condition=models.Q(ended_at__isnull=True), name="one_active_override_per_vehicle"
            ),
            models.CheckConstraint(
                condition=models.Q(until_percent__isnull=True) | models.Q(until_percent__gt=0, until_percent__lte=100),
                name="override_until_percent_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"override of {self.vehicle_id}"

    def as_override(self) -> Override:
        return Override(self.created_at, self.until_percent, self.until_at, self.is_from_elsewhere)
