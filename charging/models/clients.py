"""A client owns drivers and their data; its OAuth applications are the keys it signs in with."""

from __future__ import annotations

from django.db import models


class Client(models.Model):
    """An organization or app that uses the API. The built-in client owns the web app's own drivers."""

    name = models.CharField(max_length=100)
    is_built_in = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    connection_limit = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="From so many connected cars on no link is made; empty: any number",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_built_in"], condition=models.Q(is_built_in=True), name="one_built_in_client"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="client_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ClientApplication(models.Model):
    """One pair of OAuth credentials of a client; a second one allows rotation."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="applications")
    application = models.OneToOneField(
        "oauth2_provider.Application", on_delete=models.CASCADE, related_name="client_link"
    )

    def __str__(self) -> str:
        return f"{self.client} key {self.pk}"
