"""The questions to the services that publish prices: when a day is asked for next, and how each service behaves."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from charging.models.prices import PriceArea


class PriceCall(models.Model):
    """A delivery day of an area that is wanted. `next_at` is None once nothing more is asked for it.

    `calls` counts how often it was asked for; `reason` is why the last time gave nothing, empty where it did.
    """

    area = models.ForeignKey(PriceArea, on_delete=models.CASCADE, related_name="calls")
    delivery_date = models.DateField()
    next_at = models.DateTimeField(null=True, blank=True)
    calls = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "delivery_date"], name="one_price_call_per_area_and_day")
        ]
        indexes = [models.Index(fields=["next_at"], name="price_calls_next_first")]

    def __str__(self) -> str:
        return f"{self.area.code} {self.delivery_date}"


class PriceServiceQuerySet(models.QuerySet["PriceService"]):
    def resting(self, now: datetime) -> dict[str, datetime]:
        """When each of the services that are left alone now may be asked again, by its name."""
        rows = self.filter(rests_until__gt=now).values_list("name", "rests_until")
        return {name: until for name, until in rows if until is not None}


class PriceService(models.Model):
    """A service that publishes prices. After a failure it is left alone until `rests_until`, longer each time."""

    name = models.CharField(max_length=40, unique=True)
    failures = models.PositiveSmallIntegerField(default=0, help_text="in a row")
    rests_until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    succeeded_at = models.DateTimeField(null=True, blank=True)

    objects = PriceServiceQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
