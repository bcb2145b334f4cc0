"""Receivers of clients: where they are, what they are told, and what they were told."""

from __future__ import annotations

import uuid

from django.db import models

from charging.models.clients import Client


class Webhook(models.Model):
    """One receiver. Secret and header value are stored encrypted; `failing_since` is empty while it takes what it gets.

    `failures` counts attempts in vain since it took the last one; after some it is down as a whole, and one delivery
    alone is tried at `resumes_at`. Instants are of the wall's clock.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="webhooks")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    url = models.CharField(max_length=2000)
    encrypted_secret = models.TextField()
    events = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    api_version = models.CharField(max_length=10, blank=True, default="")
    header_name = models.CharField(max_length=100, blank=True, default="")
    encrypted_header_value = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_sent_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    resumes_at = models.DateTimeField(null=True, blank=True, help_text="Nothing is sent to it before")
    warned_at = models.DateTimeField(null=True, blank=True, help_text="When the operator was told that it fails")
    busy_until = models.DateTimeField(null=True, blank=True, help_text="Somebody is sending to it")

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(url=""), name="webhook_has_a_url")]

    def __str__(self) -> str:
        return f"webhook {self.public_id}"

    def wants(self, event: str) -> bool:
        return "*" in self.events or event in self.events


class WebhookDelivery(models.Model):
    """Up to a hundred events in one request, with the same id however often it is sent.

    Of `attempts` those are left out that were made while the receiver as a whole was down and other deliveries waited.
    `next_attempt_at` is empty once it was delivered or given up.
    """

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    last_answer = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        verbose_name_plural = "webhook deliveries"
        indexes = [
            models.Index(
                fields=["webhook", "next_attempt_at"],
                condition=models.Q(next_attempt_at__isnull=False),
                name="deliveries_that_wait",
            )
        ]

    def __str__(self) -> str:
        return f"delivery {self.public_id}"


class WebhookEvent(models.Model):
    """One event for one receiver, as JSON text. One that arose while the receiver was inactive is held for a replay."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="queue")
    delivery = models.ForeignKey(
        WebhookDelivery, on_delete=models.SET_NULL, null=True, blank=True, related_name="events"
    )
    body = models.TextField()
    created_at = models.DateTimeField()
    is_held = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["webhook", "id"],
                condition=models.Q(delivery__isnull=True, is_held=False),
                name="events_that_wait",
            )
        ]

    def __str__(self) -> str:
        return f"event {self.pk}"
