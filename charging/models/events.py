"""Every change of state, and the messages that tell the outside of it."""

from __future__ import annotations

import uuid

from django.db import models

from charging.core.states import State
from charging.models.clients import Client
from charging.models.plans import Plan
from charging.models.vehicles import Vehicle

STATE_CHOICES = [(state.value, state.value) for state in State]


class StateEvent(models.Model):
    """One step through the table of transitions; numbered per vehicle without gaps. Append-only."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="state_events")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    event = models.CharField(max_length=40)
    from_state = models.CharField(max_length=45, choices=STATE_CHOICES)
    to_state = models.CharField(max_length=45, choices=STATE_CHOICES)
    rule = models.CharField(max_length=60)
    trigger = models.CharField(max_length=40)
    plan = models.ForeignKey(Plan, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vehicle", "seq"], name="one_state_event_per_seq"),
            models.CheckConstraint(
                condition=~models.Q(from_state=models.F("to_state")), name="state_event_changes_the_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq}: {self.to_state}"


class OutboxMessage(models.Model):
    """A message to a client's receivers, written with the change it tells of. Delivered after the commit."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.SET_NULL, null=True, related_name="+")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.CharField(max_length=60)
    seq = models.PositiveIntegerField()
    payload = models.JSONField()
    created_at = models.DateTimeField()
    is_spread = models.BooleanField(default=False, help_text="Every receiver has it in its queue")

    class Meta:
        indexes = [models.Index(fields=["id"], condition=models.Q(is_spread=False), name="outbox_to_be_spread")]
        constraints = [models.UniqueConstraint(fields=["vehicle", "event", "seq"], name="one_outbox_message_per_seq")]

    def __str__(self) -> str:
        return f"{self.event} {self.seq}"
