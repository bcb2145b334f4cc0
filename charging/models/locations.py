"""The places where cars charge."""

from __future__ import annotations

import uuid

from django.db import models

from charging.models.clients import Client
from charging.models.drivers import Driver
from charging.models.prices import PriceArea


class LocationQuerySet(models.QuerySet["Location"]):
    def of_client(self, client: Client) -> LocationQuerySet:
        return self.filter(driver__client=client)

    def of_driver(self, driver: Driver) -> LocationQuerySet:
        return self.filter(driver=driver)

    def with_prices(self) -> LocationQuerySet:
        """With the rows that decide what energy costs there, but for the charges of places with terms of their own."""
        return self.select_related("price_area", "example_area", "terms")


class Location(models.Model):
    """A charging location. `example_area` lends its sample prices where the own area has none."""

    driver = models.ForeignKey(Driver, on_delete=models.CASCADE, related_name="locations")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=100)
    latitude = models.FloatField()
    longitude = models.FloatField()
    radius_meters = models.PositiveSmallIntegerField(default=150)
    timezone_name = models.CharField(max_length=64, default="UTC")
    price_area = models.ForeignKey(PriceArea, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_area_hand_set = models.BooleanField(default=False)
    example_area = models.ForeignKey(PriceArea, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    objects = LocationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["created_at", "public_id"], name="locations_in_order")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude__gte=-90, latitude__lte=90), name="location_latitude_in_range"
            ),
            models.CheckConstraint(
                condition=models.Q(longitude__gte=-180, longitude__lte=180), name="location_longitude_in_range"
            ),
            models.CheckConstraint(
                condition=models.Q(radius_meters__gte=50, radius_meters__lte=500), name="location_radius_in_range"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="location_has_a_name"),
            models.CheckConstraint(condition=~models.Q(timezone_name=""), name="location_has_a_time_zone"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def pricing_area(self) -> PriceArea | None:
        """The area whose prices count here: the example where one was chosen, else the own one."""
        return self.example_area or self.price_area
