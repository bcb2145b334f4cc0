"""What the plug-ins of a car at one place told of its charging."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from charging.core.facts_json import from_json, to_json
from charging.core.learned import Learned
from charging.core.learning import PlugInPower, learn
from charging.models.locations import Location
from charging.models.vehicles import Vehicle


class LearnedPower(models.Model):
    """The newest plug-ins of one car at one place, and the power and their number that follow from them.

    A row of few values instead of readings: those are forgotten after a while, what they taught is not.
    """

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="learned_powers")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+")
    plug_ins = models.JSONField(help_text="The newest plug-ins in time order: when, how much power, which taper")
    power_kw = models.FloatField()
    session_count = models.PositiveSmallIntegerField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vehicle", "location"], name="one_learned_power_per_car_and_place"),
            models.CheckConstraint(
                condition=models.Q(power_kw__gt=0, power_kw__lte=500), name="learned_power_in_range"
            ),
            models.CheckConstraint(condition=models.Q(session_count__gte=1), name="learned_power_from_a_session"),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id} at {self.location_id}: {self.power_kw:.1f} kW"

    def as_plug_ins(self) -> tuple[PlugInPower, ...]:
        """The plug-ins as the values that the rules learn from."""
        plug_ins: tuple[PlugInPower, ...] = from_json(tuple[PlugInPower, ...], self.plug_ins)
        return plug_ins

    def as_learned(self, before: datetime | None = None) -> Learned | None:
        """What the rules make of them, or of those that were over before an instant; None where none was."""
        plug_ins = self.as_plug_ins()
        return learn(plug_ins if before is None else tuple(one for one in plug_ins if one.until < before))

    @staticmethod
    def values_of(plug_ins: tuple[PlugInPower, ...]) -> dict[str, Any]:
        """The columns that tell of these plug-ins, at least one."""
        learned = learn(plug_ins)
        assert learned is not None, "there is at least one plug-in"
        return {"plug_ins": to_json(plug_ins), "power_kw": learned.power_kw, "session_count": learned.sessions}
