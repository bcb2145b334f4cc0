"""What cars said: every reading once, and the view of the newest trustworthy ones."""

from __future__ import annotations

from django.db import models

from charging.core.car_view import position_counts
from charging.core.facts import Car, PowerDelivery
from charging.core.facts import Reading as ReadingFacts
from charging.models.locations import Location
from charging.models.vehicles import Vehicle

POWER_DELIVERY_CHOICES = [(value.value, value.value) for value in PowerDelivery]


class Reading(models.Model):
    """One answer of a car. Append-only; unique by what the source called it.

    One from the future is kept for operators and believed by nobody: `is_set_aside`.
    """

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="readings")
    event_id = models.CharField(max_length=100)
    observed_at = models.DateTimeField()
    received_at = models.DateTimeField()
    power_delivery = models.CharField(max_length=24, choices=POWER_DELIVERY_CHOICES)
    soc_percent = models.FloatField(null=True)
    soc_observed_at = models.DateTimeField(null=True, help_text="Where it is older than the reading")
    charging_observed_at = models.DateTimeField(null=True, help_text="Where it is older than the reading")
    is_plugged_in = models.BooleanField(null=True)
    is_charging = models.BooleanField(null=True)
    is_fully_charged = models.BooleanField(null=True)
    charging_power_kw = models.FloatField(null=True)
    charge_limit_percent = models.FloatField(null=True)
    battery_capacity_kwh = models.FloatField(null=True)
    reported_schedule = models.CharField(max_length=200, blank=True, default="")
    is_set_aside = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vehicle", "event_id"], name="one_reading_per_event"),
            models.CheckConstraint(
                condition=models.Q(soc_percent__isnull=True) | models.Q(soc_percent__gte=0, soc_percent__lte=100),
                name="reading_soc_in_range",
            ),
        ]
        indexes = [models.Index(fields=["vehicle", "-observed_at"], name="readings_newest_first")]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.observed_at:%Y-%m-%d %H:%M}"

    def as_facts(self) -> ReadingFacts:
        """The reading as the value that the view is made of; positions are not kept."""
        charging_at = self.charging_observed_at
        ages = {
            "soc_percent": self.soc_observed_at,
            "is_charging": charging_at,
            "charging_power_kw": charging_at,
            "is_plugged_in": charging_at if self.is_charging is None else None,
        }
        return ReadingFacts(
            observed_at=self.observed_at,
            event_id=self.event_id,
            power_delivery=PowerDelivery(self.power_delivery),
            soc_percent=self.soc_percent,
            is_plugged_in=self.is_plugged_in,
            is_charging=self.is_charging,
            is_fully_charged=self.is_fully_charged,
            charging_power_kw=self.charging_power_kw,
            charge_limit_percent=self.charge_limit_percent,
            battery_capacity_kwh=self.battery_capacity_kwh,
            reported_schedule=self.reported_schedule,
            observed_each={name: at for name, at in ages.items() if at is not None},
        )


class VehicleViewQuerySet(models.QuerySet["VehicleView"]):
    def with_priced_location(self) -> VehicleViewQuerySet:
        """With the place and the rows that decide what energy costs there."""
        return self.select_related("location__price_area", "location__example_area", "location__terms")


class VehicleView(models.Model):
    """The newest trustworthy knowledge of a car. It holds the newest position only, never a history of positions."""

    vehicle = models.OneToOneField(Vehicle, on_delete=models.CASCADE, primary_key=True, related_name="view")
    observed_at = models.DateTimeField(null=True)
    soc_percent = models.FloatField(null=True)
    soc_observed_at = models.DateTimeField(null=True)
    charging_observed_at = models.DateTimeField(null=True, help_text="When it was seen whether the car charges")
    charge_limit_percent = models.FloatField(null=True)
    is_plugged_in = models.BooleanField(null=True)
    is_charging = models.BooleanField(null=True)
    is_fully_charged = models.BooleanField(null=True)
    power_delivery = models.CharField(
        max_length=24, choices=POWER_DELIVERY_CHOICES, default=PowerDelivery.UNKNOWN.value
    )
    charging_power_kw = models.FloatField(null=True)
    plugged_in_at = models.DateTimeField(null=True)
    observed_power_kw = models.FloatField(null=True)
    charging_readings_in_a_row = models.PositiveIntegerField(default=0)
    odometer_km = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    position_observed_at = models.DateTimeField(null=True)
    location = models.ForeignKey(Location, on_delete=models.SET_NULL, null=True, related_name="+")
    distance_m = models.FloatField(null=True)
    place_told_at = models.DateTimeField(null=True, help_text="The driver said where the car is plugged in")

    objects = VehicleViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(soc_percent__isnull=True) | models.Q(soc_percent__gte=0, soc_percent__lte=100),
                name="view_soc_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True) | models.Q(latitude__gte=-90, latitude__lte=90),
                name="view_latitude_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(longitude__isnull=True) | models.Q(longitude__gte=-180, longitude__lte=180),
                name="view_longitude_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"view of {self.vehicle_id}"

    @property
    def place_id_of_this_plug_in(self) -> int | None:
        """The place the car is plugged in at: where it was seen, or else where its driver says that it is."""
        return self.location_id if self.is_position_of_this_plug_in or self.is_place_told else None

    @property
    def is_position_of_this_plug_in(self) -> bool:
        """Whether the car itself says where it is plugged in: from half an hour before plugging in on that counts."""
        if self.position_observed_at is None:
            return False
        return position_counts(self.position_observed_at, self.plugged_in_at, self.is_plugged_in)

    @property
    def is_place_told(self) -> bool:
        """Whether `location` is the driver's word for this plug-in, while the car itself says nothing."""
        if self.place_told_at is None or not self.is_plugged_in or self.plugged_in_at is None:
            return False
        return self.place_told_at >= self.plugged_in_at and not self.is_position_of_this_plug_in

    def as_car(self, vehicle: Vehicle) -> Car:
        """The view as the value that the rules work on."""
        return Car(
            battery_capacity_kwh=vehicle.battery_capacity_kwh,
            max_power_kw=vehicle.max_power_kw,
            observed_at=self.observed_at,
            soc_percent=self.soc_percent,
            charge_limit_percent=100.0 if self.charge_limit_percent is None else self.charge_limit_percent,
            is_plugged_in=self.is_plugged_in,
            is_charging=self.is_charging,
            is_fully_charged=self.is_fully_charged,
            power_delivery=PowerDelivery(self.power_delivery),
            plugged_in_at=self.plugged_in_at,
            observed_power_kw=self.observed_power_kw,
            charging_readings_in_a_row=self.charging_readings_in_a_row,
            soc_observed_at=self.soc_observed_at,
            charging_observed_at=self.charging_observed_at,
            is_capable=vehicle.is_capable,
            has_lease=vehicle.has_lease,
        )
