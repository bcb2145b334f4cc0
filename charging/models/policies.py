"""What a driver wants: ready by when, and never below what."""

from __future__ import annotations

from datetime import time

from django.db import models

from charging.models.vehicles import Vehicle

WEEKDAY_FIELDS = (
    "deadline_monday",
    "deadline_tuesday",
    "deadline_wednesday",
    "deadline_thursday",
    "deadline_friday",
    "deadline_saturday",
    "deadline_sunday",
)
"""By weekday, 0 = Monday."""


def _on_that_day() -> models.TimeField[time | str | None, time | None]:
    return models.TimeField(null=True, blank=True, help_text="Empty: as on other days")


class Policy(models.Model):
    """One per vehicle. Deadlines are wall-clock times at the place where the car charges."""

    vehicle = models.OneToOneField(Vehicle, on_delete=models.CASCADE, primary_key=True, related_name="policy")
    is_enabled = models.BooleanField(default=False)
    deadline = models.TimeField(null=True, blank=True)
    deadline_monday = _on_that_day()
    deadline_tuesday = _on_that_day()
    deadline_wednesday = _on_that_day()
    deadline_thursday = _on_that_day()
    deadline_friday = _on_that_day()
    deadline_saturday = _on_that_day()
    deadline_sunday = _on_that_day()
    observes_holidays = models.BooleanField(default=True, help_text="Public holidays have the deadline of Sundays")
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
                condition=models.Q(deadline__isnull=False)
                | models.Q(**{f"{name}__isnull": True for name in WEEKDAY_FIELDS}),
                name="policy_weekdays_need_a_deadline",
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

    @property
    def weekday_deadlines(self) -> dict[int, time]:
        """The deadlines of weekdays that have one of their own, by weekday, 0 = Monday."""
        found = {weekday: getattr(self, name) for weekday, name in enumerate(WEEKDAY_FIELDS)}
        return {weekday: deadline for weekday, deadline in found.items() if deadline is not None}
