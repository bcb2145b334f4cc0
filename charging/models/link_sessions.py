"""Sessions in which a user adds a car by a link that an app shows."""

from __future__ import annotations

import uuid

from django.db import models

from charging.models.drivers import Driver


class LinkSession(models.Model):
    """One link: good for one use within a day. Of its token only a checksum is stored. Instants are of the wall."""

    driver = models.ForeignKey(Driver, on_delete=models.CASCADE, related_name="link_sessions")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token_checksum = models.CharField(max_length=64, unique=True)
    redirect_uri = models.CharField(max_length=2000)
    language = models.CharField(max_length=10)
    color_scheme = models.CharField(max_length=6, default="system")
    vendor = models.CharField(max_length=40, blank=True, default="", help_text="The make that the app has asked for")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="link_session_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"link session {self.public_id}"
