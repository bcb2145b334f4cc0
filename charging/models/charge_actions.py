"""Starts and stops by hand: what an app asks for directly, beside the commands that follow from decisions."""

from __future__ import annotations

import uuid

from django.db import models

from charging.core.facts import CommandFacts, CommandKind, CommandPurpose, CommandStatus
from charging.models.clients import Client
from charging.models.vehicles import Vehicle


class ActionState(models.TextChoices):
    """Where an action stands (API_CONTRACT 6.1)."""

    PENDING = "PENDING", "pending"
    CONFIRMED = "CONFIRMED", "confirmed"
    FAILED = "FAILED", "failed"
    CANCELLED = "CANCELLED", "cancelled"


class FailureType(models.TextChoices):
    """Why an action was not carried out."""

    NONE = "", "none"
    NO_RESPONSE = "NO_RESPONSE", "no response"
    FAILED_PRECONDITION = "FAILED_PRECONDITION", "failed precondition"
    CONFLICT = "CONFLICT", "replaced"
    REQUESTED_CANCELLATION = "REQUESTED_CANCELLATION", "cancelled by request"
    UNNECESSARY = "UNNECESSARY", "unnecessary"
    NOT_FOUND = "NOT_FOUND", "the car is gone"


class ChargeAction(models.Model):
    """One START or STOP by hand, in instants of the driver's clock. It outlives its car, whose id and user it keeps."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.SET_NULL, null=True, related_name="charge_actions")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user_id = models.CharField(max_length=255)
    target_id = models.UUIDField()
    kind = models.CharField(max_length=5, choices=[(kind.value, kind.value) for kind in CommandKind])
    state = models.CharField(max_length=10, choices=ActionState, default=ActionState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    next_sending_at = models.DateTimeField(null=True, blank=True)
    last_sent_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    failure_type = models.CharField(max_length=30, choices=FailureType, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle"], condition=models.Q(state="PENDING"), name="one_pending_action_per_vehicle"
            ),
            models.CheckConstraint(
                condition=models.Q(state="PENDING", completed_at__isnull=True)
                | ~models.Q(state="PENDING") & models.Q(completed_at__isnull=False),
                name="action_is_pending_or_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    def as_facts(self) -> CommandFacts:
        """A pending action as the value that the rules of sending work on."""
        return CommandFacts(
            kind=CommandKind(self.kind),
            status=CommandStatus.ACCEPTED if self.attempts else CommandStatus.INTENDED,
            purpose=CommandPurpose.OVERRIDE,
            created_at=self.created_at,
            attempts=self.attempts,
            last_sent_at=self.last_sent_at,
        )
