"""Plans and their charging windows."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal

from django.db import models

from charging.core.facts import FailureCondition, RunningPlan, Window
from charging.core.states import State
from charging.models.locations import Location
from charging.models.vehicles import Vehicle

MOST = 1_000_000
"""No plan costs more in any currency; NaN is above every number and so refused with it."""

MONEY_STEP = Decimal("0.0001")

ENDED_STATES = [state.value for state in State if state.value.startswith("PLAN:ENDED:")]


def money(amount: Decimal) -> Decimal:
    """The amount as it is stored, rounded by us: databases differ in what they do with a half."""
    return amount.quantize(MONEY_STEP)


class Plan(models.Model):
    """How one plug-in is charged. At most one plan of a vehicle runs; an ended one never changes."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="plans")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    location = models.ForeignKey(Location, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    energy_kwh = models.FloatField()
    non_smart_cost = models.DecimalField(max_digits=12, decimal_places=4)
    smart_cost = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    estimated_finish_at = models.DateTimeField()
    reserve_minutes = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=40)
    prices_hash = models.CharField(max_length=64, blank=True, default="")
    price_area_code = models.CharField(max_length=10)
    prices_recorded_on = models.JSONField(default=list, blank=True)
    stop_confirmed_at = models.DateTimeField(null=True, blank=True)
    start_confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    final_state = models.CharField(max_length=45, blank=True, default="")
    failure_condition = models.CharField(max_length=20, blank=True, default="")
    change_count = models.PositiveIntegerField(default=0)
    facts_hash = models.CharField(max_length=64, blank=True, default="")
    code_version = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle"], condition=models.Q(ended_at__isnull=True), name="one_running_plan_per_vehicle"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, final_state="")
                | models.Q(ended_at__isnull=False, final_state__in=ENDED_STATES),
                name="plan_end_whole_or_absent",
            ),
            models.CheckConstraint(
                condition=models.Q(energy_kwh__gte=0, energy_kwh__lte=2000), name="plan_energy_in_range"
            ),
            models.CheckConstraint(
                condition=models.Q(non_smart_cost__gte=-MOST, non_smart_cost__lte=MOST), name="plan_cost_in_range"
            ),
            models.CheckConstraint(
                condition=models.Q(smart_cost__isnull=True) | models.Q(smart_cost__gte=-MOST, smart_cost__lte=MOST),
                name="plan_smart_cost_in_range",
            ),
        ]
        indexes = [
            models.Index(fields=["vehicle", "-created_at"], name="plans_newest_first"),
            models.Index(fields=["failure_condition"], condition=~models.Q(failure_condition=""), name="plans_missed"),
        ]

    def __str__(self) -> str:
        return f"plan of {self.vehicle_id} until {self.deadline_at:%Y-%m-%d %H:%M}"

    def as_running_plan(self) -> RunningPlan:
        """The plan as the value that the rules work on. Uses `windows`, prefetched or not."""
        return RunningPlan(
            created_at=self.created_at,
            deadline_at=self.deadline_at,
            windows=tuple(window.as_window() for window in sorted(self.windows.all(), key=lambda w: w.start)),
            non_smart_cost=self.non_smart_cost,
            smart_cost=self.smart_cost,
            estimated_finish_at=self.estimated_finish_at,
            reserve=timedelta(minutes=self.reserve_minutes),
            reason=self.reason,
            location_id=self.location_id,
            prices_hash=self.prices_hash,
            energy_kwh=self.energy_kwh,
            stop_confirmed_at=self.stop_confirmed_at,
            start_confirmed_at=self.start_confirmed_at,
            ended_at=self.ended_at,
            final_state=State(self.final_state) if self.final_state else None,
            failure_condition=FailureCondition(self.failure_condition) if self.failure_condition else None,
        )


class PlanWindow(models.Model):
    """One charging window `[start, end)` of a plan."""

    # The constraint below brings the index.
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="windows", db_index=False)
    start = models.DateTimeField()
    end = models.DateTimeField()
    energy_kwh = models.FloatField()
    cost = models.DecimalField(max_digits=12, decimal_places=4)
    is_forced = models.BooleanField(default=False)
    is_estimate = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "start"], name="one_window_per_start"),
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="window_not_empty"),
            models.CheckConstraint(
                condition=models.Q(energy_kwh__gte=0, energy_kwh__lte=2000), name="window_energy_in_range"
            ),
            models.CheckConstraint(condition=models.Q(cost__gte=-MOST, cost__lte=MOST), name="window_cost_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def as_window(self) -> Window:
        return Window(self.start, self.end, self.energy_kwh, self.cost, self.is_forced, self.is_estimate)
