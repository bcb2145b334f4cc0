"""What a driver wants: ready by when, and never below what."""

from __future__ import annotations

from django.db import models

from charging.models.vehicles import Vehicle


class Policy(models.Model):
    """One per vehicle. `deadline` is wall-clock time at the place where the car charges."""

    vehicle = models.OneToOneField(Vehicle, on_delete=models.CASCADE, primary_key=True, related_name="policy")
    is_enabled = models.BooleanField(default=False)
    deadline = models.TimeField(null=True, blank=True)
    minimum_charge_limit = models.FloatField(default=0)
    one_off_deadline_at = models.DateTimeField(null=True, blank=True, help_text="Ready by, for one plug-in only")
    paused_until = models.DateTimeField(null=True, blank=True)
    is_paused_until_next_plug_in = models.BooleanField(default=False)
    max_windows = models.PositiveSmallIntegerField(default=3)
    min_window_minutes = models.PositiveSmallIntegerField(default=30)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "policies"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minimum_charge_limit__gte=0, minimum_charge_limit__lte=100),
                name="policy_minimum_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(is_enabled=False) | models.Q(deadline__isnull=False),
                name="policy_enabled_needs_a_deadline",
            ),
            models.CheckConstraint(
                condition=models.Q(max_windows__gte=1, max_windows__lte=12), name="policy_max_windows_in_range"
            ),
            models.CheckConstraint(
                condition=models.Q(min_window_minutes__gte=5, min_window_minutes__lte=240),
                name="policy_min_window_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"policy of {self.vehicle_id}"
