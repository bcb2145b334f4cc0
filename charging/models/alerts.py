"""Which mails about a car were sent, so that each is sent once."""

from __future__ import annotations

from django.db import models

from charging.models.vehicles import Vehicle


class AlertMail(models.Model):
    """One mail about one car. `subject` names what it is about, such as a finding or a plan, and is mailed once."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="alert_mails", db_index=False)
    subject = models.CharField(max_length=40)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vehicle", "subject"], name="one_mail_per_subject")]

    def __str__(self) -> str:
        return self.subject
