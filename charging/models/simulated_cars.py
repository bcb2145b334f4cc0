"""The simulated cars' own memory: what in reality is the car."""

from __future__ import annotations

from django.db import models

from charging.models.vehicles import Vehicle


class SimulatedCar(models.Model):
    """State of a simulated car, as the simulator writes it. Only the simulator gateway reads or changes it."""

    vehicle = models.OneToOneField(Vehicle, on_delete=models.CASCADE, primary_key=True, related_name="simulated_car")
    memory = models.JSONField()

    def __str__(self) -> str:
        return f"simulated car {self.vehicle_id}"
