"""The cars."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from charging.core.states import State
from charging.core.vendor_names import VENDOR_NAMES
from charging.core.vendors import VENDORS
from charging.models.clients import Client
from charging.models.drivers import Driver


class OtherControl(models.TextChoices):
    """What the driver says of other schedules (wizard step 3)."""

    NOT_ASKED = "", _("not asked")
    NOTHING = "nothing", _("nothing else")
    UNSURE = "unsure", _("not sure")
    SAFETY_NET = "safety_net", _("a schedule in the car as a safety net")
    ANOTHER_SERVICE = "another_service", _("another service")


class GatewayName(models.TextChoices):
    """How a car is read and commanded."""

    SIMULATOR = "simulator", "simulator"
    PUSH = "push", "pushed by an app"
    HOME_ASSISTANT = "home_assistant", "Home Assistant"
    ENODE = "enode", "Enode"
    MQTT = "mqtt", "MQTT"


BEHIND_A_CONNECTION = frozenset({GatewayName.HOME_ASSISTANT, GatewayName.ENODE, GatewayName.MQTT})
"""Where a driver gives this server access, and may take it away."""

WITHOUT_LEASE = BEHIND_A_CONNECTION
"""Where a hold ends only by what this server does."""

SHARED: frozenset[str] = frozenset({GatewayName.ENODE})
"""Where one service answers for the cars of all drivers; elsewhere it is a driver's own server, or the car itself."""


SIMULATED_NAMES = {"Small car": _("Small car"), "Family car": _("Family car"), "Older car": _("Older car")}
"""What a simulated car is called until somebody names it: stored in English, shown in the reader's language."""


class VehicleQuerySet(models.QuerySet["Vehicle"]):
    def of_client(self, client: Client) -> VehicleQuerySet:
        return self.filter(driver__client=client)

    def of_driver(self, driver: Driver) -> VehicleQuerySet:
        return self.filter(driver=driver)

    def with_what_answers_tell(self) -> VehicleQuerySet:
        """With the rows that an API answer of a car, or of what is done with it, tells of."""
        return self.select_related("driver", "view__location", "policy")

    def with_everything_shown(self) -> VehicleQuerySet:
        """With the rows that every page and every API answer of a car needs."""
        return self.select_related(
            *("driver", "view__location__price_area", "policy", "simulated_car", "connected__connection")
        )


class Vehicle(models.Model):
    """A car, its properties, and the state it is in. Frequently changed readings live in `VehicleView`."""

    driver = models.ForeignKey(Driver, on_delete=models.CASCADE, related_name="vehicles")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vendor = models.CharField(max_length=20, choices=[(vendor, vendor) for vendor in VENDORS])
    brand = models.CharField(max_length=60, blank=True, default="")
    model = models.CharField(max_length=60, blank=True, default="")
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    display_name = models.CharField(max_length=100, blank=True, default="")
    vin = models.CharField(max_length=17, blank=True, default="")
    vendor_asset_id = models.CharField(max_length=100, blank=True, default="")
    battery_capacity_kwh = models.FloatField()
    max_power_kw = models.FloatField()
    gateway = models.CharField(max_length=30, choices=GatewayName, default=GatewayName.SIMULATOR)
    is_capable = models.BooleanField(default=True)
    other_control = models.CharField(max_length=20, choices=OtherControl, blank=True, default="")
    safety_net_time = models.TimeField(null=True, blank=True)
    charger_brand = models.CharField(max_length=60, blank=True, default="")
    linked_at = models.DateTimeField()

    state = models.CharField(
        max_length=45, choices=[(state.value, state.value) for state in State], default=State.DISABLED.value
    )
    state_changed_at = models.DateTimeField()
    event_seq = models.PositiveIntegerField(default=0)
    command_generation = models.PositiveIntegerField(default=0)
    is_protecting = models.BooleanField(default=False, help_text="Charging to its minimum when it was last judged")
    hold_until = models.DateTimeField(null=True, blank=True)
    hold_renew_by = models.DateTimeField(null=True, blank=True)
    evaluated_at = models.DateTimeField(null=True, blank=True)
    evaluation_count = models.PositiveIntegerField(default=0)
    considerations = models.JSONField(default=dict, blank=True)
    rule = models.CharField(max_length=60, blank=True, default="")
    cards_put_aside = models.JSONField(
        default=list,
        blank=True,
        help_text="Repair cards the driver put aside, each with its occasion, newest last",
    )

    objects = VehicleQuerySet.as_manager()

    class Meta:
        permissions = [("act_for_driver", "Can act for a car's driver")]
        indexes = [
            models.Index(fields=["linked_at", "public_id"], name="vehicles_oldest_first"),
            models.Index(fields=["vin"], condition=~models.Q(vin=""), name="vehicles_by_vin"),
            models.Index(
                fields=["vendor_asset_id"], condition=~models.Q(vendor_asset_id=""), name="vehicles_by_asset_id"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=[s.value for s in State]), name="vehicle_state_known"),
            models.CheckConstraint(condition=models.Q(vendor__in=VENDORS), name="vehicle_vendor_known"),
            models.CheckConstraint(
                condition=models.Q(battery_capacity_kwh__gt=0, battery_capacity_kwh__lte=1000),
                name="vehicle_battery_capacity_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(max_power_kw__gt=0, max_power_kw__lte=500), name="vehicle_power_in_range"
            ),
            models.CheckConstraint(
                condition=models.Q(hold_until__isnull=True, hold_renew_by__isnull=True)
                | models.Q(hold_until__isnull=False, hold_renew_by__isnull=False),
                name="vehicle_hold_whole_or_absent",
            ),
        ]

    def __str__(self) -> str:
        name = self.display_name
        if self.is_simulated and name in SIMULATED_NAMES:
            return str(SIMULATED_NAMES[name])
        return name or f"{self.brand} {self.model}".strip() or self.vendor

    @property
    def is_asked_often(self) -> bool:
        """Whether readings cost nobody anything. On a fast clock each would take longer than the time it tells of."""
        return self.is_simulated and self.driver.clock_speed == 1

    @property
    def brand_name(self) -> str:
        """The brand as people write it, from the vendor where the car has told none."""
        return self.brand or VENDOR_NAMES[self.vendor]

    @property
    def has_lease(self) -> bool:
        """Whether a hold ends by itself, also while this server is down."""
        return self.gateway not in WITHOUT_LEASE

    @property
    def needs_connection(self) -> bool:
        """Whether it is read and commanded through a connection of its driver."""
        return self.gateway in BEHIND_A_CONNECTION

    @property
    def put_aside(self) -> dict[str, str]:
        """The occasion of each repair card that was put aside, newest last."""
        return dict(self.cards_put_aside)

    @property
    def is_simulated(self) -> bool:
        return self.gateway == GatewayName.SIMULATOR
