"""The people whose cars are charged, and their clocks."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from charging.core.clock import Clock
from charging.models.clients import Client

if TYPE_CHECKING:
    from django.contrib.auth.models import User


CLOCK = ("clock_wall_anchor", "clock_own_anchor", "clock_speed", "fast_until")
"""The columns of a driver that a `Clock` is made of, in its order."""


class DriverQuerySet(models.QuerySet["Driver"]):
    def of_client(self, client: Client) -> DriverQuerySet:
        return self.filter(client=client)

    def of_account(self, account: User) -> DriverQuerySet:
        return self.filter(account=account)


class Driver(models.Model):
    """A person whose cars are charged: known to a client by `external_id`, maybe with a login of their own.

    The clock is an anchor on the wall, an anchor of its own and a speed. Only simulated drivers run fast.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="drivers")
    external_id = models.CharField(max_length=255)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="driver"
    )
    is_guest = models.BooleanField(default=False)
    language = models.CharField(
        max_length=10, default=settings.LANGUAGE_CODE, help_text="In which mails are written; chosen in the footer"
    )
    unauthorized_at = models.DateTimeField(
        null=True, blank=True, help_text="The client gave up its access to the cars; empty while it has it"
    )
    created_at = models.DateTimeField()
    clock_wall_anchor = models.DateTimeField()
    clock_own_anchor = models.DateTimeField()
    clock_speed = models.PositiveSmallIntegerField(default=1)
    fast_until = models.DateTimeField(null=True, blank=True, help_text="Instant of the own clock")

    objects = DriverQuerySet.as_manager()

    class Meta:
        permissions = [("see_as_driver", "Can look at a driver's pages as they see them")]
        indexes = [models.Index(fields=["client", "created_at", "public_id"], name="drivers_in_order")]
        constraints = [
            models.UniqueConstraint(fields=["client", "external_id"], name="one_driver_per_client_and_external_id"),
            models.CheckConstraint(condition=~models.Q(external_id=""), name="driver_has_an_external_id"),
            models.CheckConstraint(condition=models.Q(clock_speed__in=[1, 60, 600]), name="driver_clock_speed_known"),
        ]

    def __str__(self) -> str:
        return self.external_id

    @property
    def called(self) -> str:
        """The name for people: the e-mail address of the account where it has one, else the user id."""
        email = self.account.email if self.account is not None else ""
        return email or self.external_id

    @property
    def has_real_car(self) -> bool:
        """Whether any of the driver's cars is more than a simulation."""
        return self.vehicles.exclude(gateway="simulator").exists()

    @property
    def clock(self) -> Clock:
        """The driver's clock as a value."""
        return Clock(self.clock_wall_anchor, self.clock_own_anchor, self.clock_speed, self.fast_until)
