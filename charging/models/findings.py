"""Who else controls a car: what was found out, from what, and what the driver said of it."""

from __future__ import annotations

from django.db import models

from charging.core.causes import Cause, Status
from charging.models.vehicles import Vehicle


class Answer(models.TextChoices):
    """What the driver says of a finding; the last one is an operator's word."""

    NONE = "", "not answered"
    ON_PURPOSE = "on_purpose", "that is on purpose"
    SWITCHED_OFF = "switched_off", "I have switched it off"
    FALSE_ALARM = "false_alarm", "it was a false alarm"


class FindingQuerySet(models.QuerySet["Finding"]):
    def open(self) -> FindingQuerySet:
        """Those that have not gone."""
        return self.filter(gone_at__isnull=True)


class Finding(models.Model):
    """One cause that works against the plans of a car. At most one of each cause is open; a gone one may come back.

    `codes` are the signatures that speak for it ("F3"), `evidence` the rows that they rest on: dictionaries with `at`
    (ISO 8601), `seen` (a value of `charging.core.causes.Seen`) and `value` (text). `clock_time` is a time on the clock
    of the place, `percent` a level of the battery; each None where the cause has none. One that is `merged_into`
    another of the same car is gone: what speaks for it speaks for that one.
    """

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="findings")
    cause = models.CharField(max_length=20, choices=[(cause.value, cause.value) for cause in Cause])
    codes = models.JSONField(default=list)
    score = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=[(status.value, status.value) for status in Status])
    clock_time = models.TimeField(null=True, blank=True)
    percent = models.FloatField(null=True, blank=True)
    nights = models.PositiveSmallIntegerField()
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    evidence = models.JSONField(default=list)
    answer = models.CharField(max_length=12, choices=Answer, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True, help_text="An operator looks after it")
    merged_into = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="merged", help_text="The same thing"
    )

    objects = FindingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle", "cause"], condition=models.Q(gone_at__isnull=True), name="one_open_finding_per_cause"
            ),
            models.CheckConstraint(condition=models.Q(cause__in=[c.value for c in Cause]), name="finding_cause_known"),
            models.CheckConstraint(
                condition=models.Q(status__in=[s.value for s in Status]), name="finding_status_known"
            ),
            models.CheckConstraint(condition=models.Q(answer__in=Answer.values), name="finding_answer_known"),
            models.CheckConstraint(
                condition=models.Q(answer="", answered_at__isnull=True)
                | (~models.Q(answer="") & models.Q(answered_at__isnull=False)),
                name="finding_answer_whole_or_absent",
            ),
            models.CheckConstraint(
                condition=models.Q(percent__isnull=True) | models.Q(percent__gte=0, percent__lte=100),
                name="finding_percent_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | models.Q(gone_at__isnull=False),
                name="finding_merged_is_gone",
            ),
            models.CheckConstraint(
                condition=models.Q(last_seen_at__gte=models.F("first_seen_at")), name="finding_seen_in_order"
            ),
        ]
        indexes = [models.Index(fields=["vehicle", "-last_seen_at"], name="findings_newest_first")]

    def __str__(self) -> str:
        return f"{self.cause} {self.judged_status}"

    @property
    def judged_status(self) -> str:
        """The status that the nights gave it, or the operator's word that nothing was behind it."""
        return "false alarm" if self.answer == Answer.FALSE_ALARM else self.status
