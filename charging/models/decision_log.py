"""Why every car did what it did: each decision with the facts that it rests on."""

from __future__ import annotations

from django.db import models

from charging.models.events import STATE_CHOICES
from charging.models.vehicles import Vehicle


class PriceSnapshot(models.Model):
    """Prices as a decision saw them, stored once for all the decisions that saw the same. Append-only."""

    fingerprint = models.CharField(max_length=64, primary_key=True)
    prices = models.JSONField()

    def __str__(self) -> str:
        return self.fingerprint[:12]


class DecisionLog(models.Model):
    """One evaluation that changed something, with its facts but for their prices. Append-only.

    Evaluations that changed nothing are counted on the vehicle.
    """

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="decisions", db_index=False)
    at = models.DateTimeField()
    trigger = models.CharField(max_length=40)
    facts_hash = models.CharField(max_length=64)
    facts = models.JSONField()
    prices = models.ForeignKey(PriceSnapshot, on_delete=models.PROTECT, related_name="+", db_index=False)
    decision = models.JSONField()
    rule = models.CharField(max_length=60)
    state_before = models.CharField(max_length=45, choices=STATE_CHOICES)
    state_after = models.CharField(max_length=45, choices=STATE_CHOICES)
    command = models.CharField(max_length=20, blank=True, default="", help_text="START or STOP, and why")
    code_version = models.CharField(max_length=20)

    class Meta:
        verbose_name_plural = "decision log"
        indexes = [
            models.Index(fields=["vehicle", "-at"], name="decisions_newest_first"),
            models.Index(fields=["prices"], name="decisions_by_prices"),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.at:%Y-%m-%d %H:%M} {self.rule}"
