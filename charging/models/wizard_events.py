"""How far people get in the wizard, and what holds them up: no names, no places, no one but a draft's number."""

from __future__ import annotations

from django.db import models


class WizardHappening(models.TextChoices):
    """What happened at a step."""

    ENTERED = "entered", "entered"
    REFUSED = "refused", "refused"
    DONE = "done", "done"


class DeviceClass(models.TextChoices):
    """What the browser says it runs on."""

    PHONE = "phone", "phone"
    TABLET = "tablet", "tablet"
    COMPUTER = "computer", "computer"


class WizardEvent(models.Model):
    """One happening of one draft at one step, on the wall's clock.

    `field` and `code` say what was refused, empty otherwise; `seconds` is the time from the page to its answer, where
    that is known; `has_scripts` is known of answers only. The draft's number means nobody once the draft is deleted.
    """

    at = models.DateTimeField(db_index=True)
    draft_number = models.BigIntegerField(db_index=True)
    step = models.CharField(max_length=20)
    happened = models.CharField(max_length=10, choices=WizardHappening.choices)
    field = models.CharField(max_length=40, blank=True, default="")
    code = models.CharField(max_length=40, blank=True, default="")
    seconds = models.PositiveIntegerField(null=True, blank=True)
    device = models.CharField(max_length=10, choices=DeviceClass.choices)
    has_scripts = models.BooleanField(null=True, blank=True)
    language = models.CharField(max_length=10)
    is_resumed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(happened__in=WizardHappening.values), name="wizard_happening_known"
            ),
            models.CheckConstraint(condition=models.Q(device__in=DeviceClass.values), name="wizard_device_known"),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.happened}"
