"""How often something was asked for, where several processes have to know."""

from __future__ import annotations

from django.db import models


class AttemptCount(models.Model):
    """Attempts under one name, of which only a checksum is kept, in the window that ends at `ends_at` on the wall."""

    checksum = models.CharField(max_length=64, primary_key=True)
    ends_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.count} until {self.ends_at}"
