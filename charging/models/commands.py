"""The ledger of commands: intended once, sent until the car shows the effect."""

from __future__ import annotations

import uuid

from django.db import models

from charging.core.commands import sending_key
from charging.core.facts import OPEN_STATUSES, CommandFacts, CommandKind, CommandPurpose, CommandStatus
from charging.models.plans import Plan
from charging.models.vehicles import Vehicle

OPEN = sorted(status.value for status in OPEN_STATUSES)


class Command(models.Model):
    """One START or STOP. Its public id is the idempotency key towards the gateway, until that has refused it."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="commands")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.SET_NULL, null=True, blank=True, related_name="commands")
    generation = models.PositiveIntegerField()
    kind = models.CharField(max_length=5, choices=[(kind.value, kind.value) for kind in CommandKind])
    purpose = models.CharField(max_length=10, choices=[(p.value, p.value) for p in CommandPurpose])
    status = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in CommandStatus], default=CommandStatus.INTENDED.value
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    refusals = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Sendings that have come to an end in vain"
    )
    created_at = models.DateTimeField()
    next_sending_at = models.DateTimeField(null=True, blank=True, help_text="Instant of the driver's clock")
    last_sent_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    hold_until = models.DateTimeField(null=True, blank=True)
    hold_renew_by = models.DateTimeField(null=True, blank=True)
    failure_detail = models.CharField(max_length=200, blank=True, default="")
    is_cancelled = models.BooleanField(default=False, help_text="Its owner has called it back")
    is_schedule_conflict = models.BooleanField(default=False, help_text="An answer named another schedule")
    vendor_action_id = models.CharField(max_length=100, blank=True, default="", help_text="What the vendor calls it")
    vendor_action_state = models.CharField(max_length=10, blank=True, default="", help_text="As the vendor last said")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vehicle", "generation"], name="one_command_per_generation"),
            models.UniqueConstraint(
                fields=["vehicle"], condition=models.Q(status__in=OPEN), name="one_open_command_per_vehicle"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="STOP") | models.Q(hold_until__isnull=False, hold_renew_by__isnull=False),
                name="stop_is_a_hold_with_lease",
            ),
        ]
        indexes = [models.Index(fields=["vehicle", "-created_at"], name="commands_newest_first")]

    def __str__(self) -> str:
        return f"{self.kind} {self.status}"

    @property
    def sending_key(self) -> uuid.UUID:
        """The id under which it is sent now."""
        return sending_key(self.public_id, self.refusals)

    def as_facts(self) -> CommandFacts:
        """The command as the value that the rules work on."""
        return CommandFacts(
            kind=CommandKind(self.kind),
            status=CommandStatus(self.status),
            purpose=CommandPurpose(self.purpose),
            created_at=self.created_at,
            attempts=self.attempts,
            last_sent_at=self.last_sent_at,
        )
