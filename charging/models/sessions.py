"""Charging sessions: one row for each plug-in of a car, with what flowed and what that cost."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal

from django.db import models

from charging.core.charge_parts import Steering
from charging.core.savings import QuarterUse
from charging.models.drivers import Driver
from charging.models.locations import Location
from charging.models.plans import MOST
from charging.models.vehicles import Vehicle

COSTS = ("cost", "cost_charged_at_once", "saving", "planned_cost", "protective_cost", "override_cost")


SHOWN_FROM_KWH = 0.05
"""Less is 0.0 kWh in a table."""


class EnergySource(models.TextChoices):
    """How the energy is known: from the power that the car measured, from its battery, or not at all."""

    UNKNOWN = "", "unknown"
    METERED = "metered", "measured by the car"
    ESTIMATED = "estimated", "estimated from the battery"


class OverrideSource(models.TextChoices):
    """Who charged against the plan."""

    NONE = "", "nobody"
    HERE = "here", "charge now"
    ELSEWHERE = "elsewhere", "somebody else"
    BOTH = "both", "charge now and somebody else"


class ChargingSessionQuerySet(models.QuerySet["ChargingSession"]):
    def of_driver(self, driver: Driver) -> ChargingSessionQuerySet:
        return self.filter(vehicle__driver=driver)

    def since(self, at: datetime | None) -> ChargingSessionQuerySet:
        """Plugged in at or after an instant; all of them without one."""
        return self if at is None else self.filter(plugged_in_at__gte=at)

    def worth_telling(self) -> ChargingSessionQuerySet:
        """Those in which something flowed, or in which nobody knows whether anything did.

        A plug-in that ended with less than a history shows, and in which neither a plan nor anybody's will had a part,
        is none of them: the car came and went.
        """
        is_known = ~models.Q(energy_source=EnergySource.UNKNOWN)
        came_and_went = models.Q(
            unplugged_at__isnull=False, has_plan=False, saving__isnull=True, override_source=OverrideSource.NONE
        )
        told = self.exclude(is_known, energy_kwh__lt=0.005)
        return told.exclude(is_known & came_and_went, energy_kwh__lt=SHOWN_FROM_KWH)

    def newest_first(self) -> ChargingSessionQuerySet:
        return self.order_by("-plugged_in_at", "-pk")


class ChargingSession(models.Model):
    """One plug-in. Written from the car's readings while it lasts and when it ends; a late reading corrects it.

    The name, zone and price area of the place are those of then. A cost is None where not all of its prices were
    known; `saving` also where no plan had a part in it. `steering` holds the minimum from each instant on (none while
    smart charging had no say), `quarters` the prices that the costs rest on.
    """

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="charging_sessions")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    location = models.ForeignKey(Location, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    place_name = models.CharField(max_length=100, blank=True, default="")
    timezone_name = models.CharField(max_length=64, default="UTC")
    price_area_code = models.CharField(max_length=10, blank=True, default="")
    currency = models.CharField(max_length=3, blank=True, default="")
    plugged_in_at = models.DateTimeField()
    unplugged_at = models.DateTimeField(null=True, blank=True)
    measured_at = models.DateTimeField()
    soc_from_percent = models.FloatField(null=True, blank=True)
    soc_to_percent = models.FloatField(null=True, blank=True)
    energy_kwh = models.FloatField(default=0.0)
    energy_source = models.CharField(max_length=10, choices=EnergySource, blank=True, default="")
    cost = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    cost_charged_at_once = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    saving = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    planned_cost = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    protective_energy_kwh = models.FloatField(default=0.0)
    protective_cost = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    override_energy_kwh = models.FloatField(default=0.0)
    override_cost = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    override_source = models.CharField(max_length=10, choices=OverrideSource, blank=True, default="")
    has_plan = models.BooleanField(default=False)
    has_all_prices = models.BooleanField(default=False)
    is_spot_only = models.BooleanField(default=True)
    prices_recorded_on = models.JSONField(default=list, blank=True)
    steering = models.JSONField(default=list, blank=True)
    quarters = models.JSONField(default=list, blank=True)

    objects = ChargingSessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vehicle", "plugged_in_at"], name="one_session_per_plug_in"),
            models.UniqueConstraint(
                fields=["vehicle"], condition=models.Q(unplugged_at__isnull=True), name="one_open_session_per_vehicle"
            ),
            models.CheckConstraint(
                condition=models.Q(unplugged_at__isnull=True) | models.Q(unplugged_at__gt=models.F("plugged_in_at")),
                name="session_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(energy_kwh__gte=0, energy_kwh__lte=2000), name="session_energy_in_range"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    protective_energy_kwh__gte=0,
                    override_energy_kwh__gte=0,
                    energy_kwh__gte=models.F("protective_energy_kwh") + models.F("override_energy_kwh") - 0.01,
                ),
                name="session_parts_within_the_whole",
            ),
            models.CheckConstraint(
                condition=~models.Q(energy_source="") | models.Q(energy_kwh=0), name="session_energy_has_a_source"
            ),
            *(
                models.CheckConstraint(
                    condition=models.Q(**{f"{name}__isnull": True}) | models.Q(**{f"{name}__range": (0, 100)}),
                    name=f"session_{name.removesuffix('_percent')}_in_range",
                )
                for name in ("soc_from_percent", "soc_to_percent")
            ),
            *(
                models.CheckConstraint(
                    condition=models.Q(**{f"{name}__isnull": True})
                    | models.Q(**{f"{name}__range": (-MOST, MOST)}) & ~models.Q(currency=""),
                    name=f"session_{name}_in_a_currency",
                )
                for name in COSTS
            ),
            models.CheckConstraint(
                condition=models.Q(saving__isnull=True)
                | models.Q(cost__isnull=False, cost_charged_at_once__isnull=False, has_plan=True),
                name="session_saving_is_a_difference",
            ),
        ]
        indexes = [models.Index(fields=["vehicle", "-plugged_in_at"], name="sessions_newest_first")]

    def __str__(self) -> str:
        return f"plug-in of {self.vehicle_id} at {self.plugged_in_at:%Y-%m-%d %H:%M}"

    def as_steering(self) -> tuple[Steering, ...]:
        """The minimum from each instant on, as the value that the parts are found with."""
        return tuple(Steering(datetime.fromisoformat(at), minimum) for at, minimum in self.steering)

    def as_quarters(self) -> tuple[QuarterUse, ...]:
        """The prices that the costs rest on, with the energy at each, in time order."""
        return tuple(
            QuarterUse(datetime.fromisoformat(start), datetime.fromisoformat(end), Decimal(price), kwh, kwh_at_once)
            for start, end, price, kwh, kwh_at_once, _recorded_on in self.quarters
        )

    def recorded_days(self) -> tuple[date, ...]:
        """The days that its sample prices were recorded on; none where all were real."""
        return tuple(date.fromisoformat(day) for day in self.prices_recorded_on)
