"""Who did what that matters for trust: written once, changed by nobody."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditKind(models.TextChoices):
    """What happened."""

    SIGNED_IN = "SIGNED_IN", _("signed in")
    SIGN_IN_FAILED = "SIGN_IN_FAILED", _("sign-in failed")
    LOCKED = "LOCKED", _("locked after wrong passwords")
    FACTOR_ADDED = "FACTOR_ADDED", _("second step added")
    FACTOR_REMOVED = "FACTOR_REMOVED", _("second step removed")
    PASSWORD_CHANGED = "PASSWORD_CHANGED", _("password changed")
    TOKEN_ISSUED = "TOKEN_ISSUED", _("API token issued")
    TOKEN_REFUSED = "TOKEN_REFUSED", _("API token refused")
    SECRET_MADE = "SECRET_MADE", _("client secret made")
    SECRET_REVOKED = "SECRET_REVOKED", _("client secret revoked")
    DRIVER_EXPORTED = "DRIVER_EXPORTED", _("driver's data exported")
    DRIVER_ERASED = "DRIVER_ERASED", _("driver erased")
    OPERATOR_ACTED = "OPERATOR_ACTED", _("operator acted for a driver or client")
    POLICY_CHANGED = "POLICY_CHANGED", _("policy changed by an operator")
    FINDING_JUDGED = "FINDING_JUDGED", _("finding acknowledged, merged, or called a false alarm")
    DRIVER_WRITTEN_TO = "DRIVER_WRITTEN_TO", _("driver written to")
    VIEW_BEGAN = "VIEW_BEGAN", _("driver's pages looked at: begin")
    VIEW_ENDED = "VIEW_ENDED", _("driver's pages looked at: end")


class AuditEvent(models.Model):
    """One act. Whose it was and what it was about are numbers and ids, which outlive what they name.

    The database refuses to change a row, and to delete one of the last 90 days (migration 0031).
    """

    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=20, choices=AuditKind.choices)
    account_id = models.BigIntegerField(null=True, blank=True, db_index=True, help_text="Who did it, or tried to")
    client_id = models.BigIntegerField(null=True, blank=True, db_index=True, help_text="The client whose key it was")
    about = models.UUIDField(null=True, blank=True, db_index=True, help_text="Public id of what was acted on")
    request_id = models.CharField(max_length=64, blank=True, default="", help_text="As the log has it")
    reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=AuditKind.values), name="audit_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
