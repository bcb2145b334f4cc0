"""Answers that were given to calls with an idempotency key."""

from __future__ import annotations

from django.db import models

from charging.models.clients import Client


class IdempotentCall(models.Model):
    """One call under a key of its client. Without a status it is still running; the answer's body is encrypted."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    method = models.CharField(max_length=5)
    path_checksum = models.CharField(max_length=64)
    key = models.CharField(max_length=255)
    body_checksum = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    sealed_answer = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "method", "path_checksum", "key"], name="one_call_per_key")
        ]

    def __str__(self) -> str:
        return f"{self.method} of {self.client_id}"
