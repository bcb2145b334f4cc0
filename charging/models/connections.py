"""Connections to what reads and commands real cars, with their secrets, and the cars behind them."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from charging.core.obstacle import HOLDS_AFTER, Obstacle
from charging.core.trouble import Trouble
from charging.models.drivers import Driver
from charging.models.vehicles import Vehicle


class ConnectionKind(models.TextChoices):
    """What stands at the other end."""

    HOME_ASSISTANT = "home_assistant", "Home Assistant"
    ENODE = "enode", "Enode"
    MQTT = "mqtt", "MQTT"


class Connection(models.Model):
    """A driver's access to one system that knows cars. The secret is stored encrypted, together with whose it is.

    Of Enode there is none: this server's own credentials open it, and `public_id` is how the driver is called there.

    `trouble` is empty while it answers; nothing is asked before `rests_until`, and nothing but a START that cannot wait
    while the driver has to sign in again. Instants are of the wall's clock.
    """

    driver = models.ForeignKey(Driver, on_delete=models.CASCADE, related_name="connections")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=30, choices=ConnectionKind)
    address = models.CharField(max_length=300)
    name = models.CharField(max_length=100, blank=True, default="", help_text="What it calls itself")
    encrypted_secret = models.TextField(blank=True)
    trouble = models.CharField(
        max_length=20, choices=[(kind.value, kind.value) for kind in Trouble], blank=True, default=""
    )
    trouble_since = models.DateTimeField(null=True, blank=True)
    rests_until = models.DateTimeField(null=True, blank=True, help_text="Nothing is asked before")
    last_answer_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["driver", "kind", "address"], name="one_connection_per_driver_and_address"),
            models.CheckConstraint(condition=models.Q(kind__in=ConnectionKind.values), name="connection_kind_known"),
            models.CheckConstraint(condition=~models.Q(address=""), name="connection_has_an_address"),
            models.CheckConstraint(
                condition=models.Q(kind=ConnectionKind.ENODE.value, encrypted_secret="")
                | (~models.Q(kind=ConnectionKind.ENODE.value) & ~models.Q(encrypted_secret="")),
                name="connection_has_a_secret",
            ),
            models.CheckConstraint(
                condition=models.Q(trouble="", trouble_since__isnull=True)
                | (~models.Q(trouble="") & models.Q(trouble_since__isnull=False)),
                name="connection_trouble_has_an_instant",
            ),
        ]

    def __str__(self) -> str:
        return f"connection {self.public_id}"

    @property
    def is_sign_in_needed(self) -> bool:
        """Whether only the driver can bring it back, with a new secret."""
        return self.trouble == Trouble.SIGN_IN_NEEDED

    @property
    def owner(self) -> str:
        """Whose the secret is: moved to another row, or to another driver, it does not open."""
        return f"{self.public_id} of {self.driver_id}"


class ConnectedCar(models.Model):
    """A car behind a connection. `entities` maps what is used of it to its name at the other end.

    Of Enode it has the id of the vehicle there, and what that tells. `seen` is of MQTT, where a stored message has no
    age: by use, a checksum of what was said and since when it is.

    `obstacle` is what kept it from being started, stopped or seen at the last look, since when it has, and what is not
    there any more or resolves it. Instants are of the wall's clock.
    """

    vehicle = models.OneToOneField(Vehicle, on_delete=models.CASCADE, related_name="connected")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="cars")
    entities = models.JSONField(default=dict)
    seen = models.JSONField(default=dict, blank=True)
    obstacle = models.CharField(
        max_length=20, choices=[(each.value, each.value) for each in Obstacle], blank=True, default="", db_default=""
    )
    obstacle_since = models.DateTimeField(null=True, blank=True)
    obstacle_names = models.JSONField(default=list, db_default=models.Value([], models.JSONField()), blank=True)
    control_looked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("connected car")
        verbose_name_plural = _("connected cars")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(obstacle="", obstacle_since__isnull=True)
                | models.Q(
                    obstacle__in=[each.value for each in Obstacle],
                    obstacle_since__isnull=False,
                    control_looked_at__isnull=False,
                ),
                name="obstacle_has_an_instant",
            )
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id} behind {self.connection_id}"

    @property
    def lasting_obstacle(self) -> Obstacle | None:
        """What is in the way, once it has been for so long that it does not go by itself."""
        if self.obstacle_since is None or self.control_looked_at is None:
            return None
        return Obstacle(self.obstacle) if self.control_looked_at - self.obstacle_since >= HOLDS_AFTER else None

    @property
    def has_lost_control(self) -> bool:
        """Whether it cannot be started and stopped any more."""
        obstacle = self.lasting_obstacle
        return obstacle is not None and not obstacle.keeps_control


class Farewell(models.Model):
    """Somebody whom Enode has to forget: their access was taken away here, and it is told until it has heard of it.

    Whose it was is not known any more; `user_id` is the random id that they had there. Instants are of the wall.
    """

    user_id = models.UUIDField(unique=True)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"farewell {self.user_id}"


class ReceivedDelivery(models.Model):
    """A delivery of Enode that was taken, so that a second one is not: by its id, and by what was signed."""

    delivery_id = models.CharField(max_length=100, unique=True)
    body_checksum = models.CharField(max_length=64, unique=True)
    received_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "received deliveries"

    def __str__(self) -> str:
        return f"delivery {self.delivery_id}"
