"""Who was erased, in a form that nobody can read, so that a restored backup brings nobody back."""

from __future__ import annotations

from django.db import models


class Tombstone(models.Model):
    """One erased driver or car: a keyed checksum of the public id. A second copy of a line in the data folder."""

    checksum = models.CharField(max_length=64, primary_key=True)
    erased_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.checksum[:12]
