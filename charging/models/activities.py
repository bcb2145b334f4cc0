"""What happened, as the driver is told it: who did what and when."""

from __future__ import annotations

from django.db import models

from charging.models.vehicles import Vehicle


class Actor(models.TextChoices):
    """Who did it.

    `DRIVER` acts at the car, `DRIVER_HERE` in Readyby's own pages or through the API, `SUPPORT` is an operator.
    """

    DRIVER = "driver", "driver"
    DRIVER_HERE = "driver_here", "driver, here"
    SUPPORT = "support", "support"
    READYBY = "readyby", "Readyby"
    ELSEWHERE = "elsewhere", "car or another app"
    UNKNOWN = "unknown", "unknown"


class Activity(models.Model):
    """One line of the timeline: a code with its parameters, worded when it is shown."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="activities")
    at = models.DateTimeField()
    code = models.CharField(max_length=40)
    actor = models.CharField(max_length=12, choices=Actor)
    params = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name_plural = "activities"
        indexes = [models.Index(fields=["vehicle", "-at"], name="activities_newest_first")]

    def __str__(self) -> str:
        return f"{self.code} by {self.actor}"
