"""How the services behind which cars are behave, as every process has to know: breakers, and budgets of questions."""

from __future__ import annotations

from django.db import models

from charging.core.breaker import FAILURES_TO_OPEN, Breaker, Operation
from charging.models.connections import Connection
from charging.models.drivers import Driver
from charging.models.vehicles import Vehicle


class VendorHealthQuerySet(models.QuerySet["VendorHealth"]):
    def not_answering(self) -> VendorHealthQuerySet:
        """The breakers that are not closed."""
        return self.filter(failures__gte=FAILURES_TO_OPEN)


class VendorHealth(models.Model):
    """The breaker of one operation of one service; there is no row while it never failed.

    Where a driver's own server stands behind a connection, that is the service; a simulated car is one of its own.
    With neither, one service of that kind is there for everybody, and the row is no driver's. Instants are of the
    wall's clock, a simulated car's of its driver's.
    """

    vendor = models.CharField(max_length=30, help_text="The kind of gateway")
    operation = models.CharField(max_length=5, choices=[(each.value, each.value) for each in Operation])
    driver = models.ForeignKey(Driver, on_delete=models.CASCADE, null=True, blank=True, related_name="health_rows")
    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, null=True, blank=True, related_name="health_rows"
    )
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, null=True, blank=True, related_name="health_rows")
    failures = models.PositiveSmallIntegerField(default=0, help_text="in a row")
    opened_at = models.DateTimeField(null=True, blank=True)
    rests_until = models.DateTimeField(null=True, blank=True, help_text="Nothing is asked before")
    urgent_at = models.DateTimeField(null=True, blank=True, help_text="Last START that could not wait")

    objects = VendorHealthQuerySet.as_manager()

    class Meta:
        verbose_name = "breaker"
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "operation"],
                condition=models.Q(connection__isnull=True, vehicle__isnull=True),
                name="one_breaker_per_vendor_and_operation",
            ),
            models.UniqueConstraint(
                fields=["connection", "operation"],
                condition=models.Q(connection__isnull=False),
                name="one_breaker_per_connection_and_operation",
            ),
            models.UniqueConstraint(
                fields=["vehicle", "operation"],
                condition=models.Q(vehicle__isnull=False),
                name="one_breaker_per_vehicle_and_operation",
            ),
            models.CheckConstraint(
                condition=models.Q(driver__isnull=True, connection__isnull=True, vehicle__isnull=True)
                | models.Q(driver__isnull=False, connection__isnull=False, vehicle__isnull=True)
                | models.Q(driver__isnull=False, connection__isnull=True, vehicle__isnull=False),
                name="breaker_has_one_service",
            ),
            models.CheckConstraint(
                condition=models.Q(failures__lt=FAILURES_TO_OPEN) | models.Q(rests_until__isnull=False),
                name="open_breaker_has_a_rest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operation} of {self.vendor}"

    def as_breaker(self) -> Breaker:
        """The row as the value that the rules work on."""
        return Breaker(self.failures, self.opened_at, self.rests_until, self.urgent_at)


class VendorBudget(models.Model):
    """How many questions are left: to one account, or to all of a kind of gateway together."""

    vendor = models.CharField(max_length=30, help_text="The kind of gateway")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, null=True, blank=True, related_name="budgets")
    left = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor"], condition=models.Q(connection__isnull=True), name="one_budget_per_vendor"
            ),
            models.UniqueConstraint(
                fields=["connection"],
                condition=models.Q(connection__isnull=False),
                name="one_budget_per_connection",
            ),
            models.CheckConstraint(condition=models.Q(left__gte=0), name="budget_is_not_overdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.left:.0f} questions to {self.vendor}"
