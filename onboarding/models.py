"""What a driver has answered so far. Nothing of it counts before "check and turn on"."""

from __future__ import annotations

from typing import Any

from django.db import models

from charging.models import Driver, Vehicle
from charging.models.vehicles import VehicleQuerySet


class OnboardingDraftQuerySet(models.QuerySet["OnboardingDraft"]):
    def current_of(self, driver: Driver) -> OnboardingDraft | None:
        """The draft the driver turned to last."""
        return self.filter(driver=driver).select_related("driver", "vehicle").order_by("-updated_at", "-pk").first()


class OnboardingDraft(models.Model):
    """The answers for one car of a driver, or for the car still to come.

    `answers` maps a step's key to {"value": ..., "version": n, "at": ISO instant}, n being the draft's version.
    """

    driver = models.ForeignKey(Driver, on_delete=models.CASCADE, related_name="drafts")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, null=True, blank=True, related_name="drafts")
    answers = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    policy_version = models.PositiveIntegerField(default=0, help_text="The policy's version when the draft began")
    request_tokens = models.JSONField(default=list, blank=True, help_text="Forms that were dealt with, newest last")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    place_input = models.JSONField(default=dict, blank=True, help_text="The place form, while it is filled in")

    objects = OnboardingDraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["driver", "vehicle"], name="one_draft_per_driver_and_vehicle"),
            models.UniqueConstraint(
                fields=["driver"], condition=models.Q(vehicle__isnull=True), name="one_draft_without_a_vehicle"
            ),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk} of {self.driver_id}"

    def value_of(self, key: str) -> dict[str, Any]:
        """The answer of a step, empty where there is none."""
        value: dict[str, Any] = self.answers.get(key, {}).get("value", {})
        return value

    @property
    def is_of_a_car_added_elsewhere(self) -> bool:
        """Whether the car was there before the draft: then it is not described by the first answer."""
        return self.vehicle_id is not None and not self.value_of("car")

    @property
    def other_cars(self) -> VehicleQuerySet:
        """The driver's cars but for the one of this draft."""
        cars = Vehicle.objects.of_driver(self.driver)
        return cars if self.vehicle_id is None else cars.exclude(pk=self.vehicle_id)

    @property
    def answered(self) -> frozenset[str]:
        """The keys of the questions that have an answer. A place counts where it stands, in the driver's places."""
        has_place = self.driver.locations.exists()
        return frozenset(self.answers) | (frozenset({"places"}) if has_place else frozenset())
