"""Secrets of second factors: sealed anew when the installation's key changes, and sealed where they were in clear."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from charging.adapters.sealed import reseal, seal

SECRETS = frozenset({"secret", "seed", "migrated_codes"})
"""Names within the data of a factor; the last one has a list of them."""
BEGINS_SEALED = "gAAAA"
"""Every text that `seal` makes begins so; no secret of an app (base 32) and no seed (lower case) does."""


def is_sealed(text: str) -> bool:
    """Whether the text was sealed here."""
    return text.startswith(BEGINS_SEALED)


@transaction.atomic
def reseal_second_factors() -> int:
    """Seals every secret under the newest key, also one that was stored in clear. Returns how many factors.

    Raises ValueError where one opens with none of the keys.
    """
    count = 0
    for factor in Authenticator.objects.select_for_update().exclude(type=Authenticator.Type.WEBAUTHN):
        factor.data = {name: _sealed(value) if name in SECRETS else value for name, value in factor.data.items()}
        factor.save(update_fields=["data"])
        count += 1
    return count


def _sealed(value: Any) -> Any:
    if isinstance(value, list):
        return [_sealed(each) for each in value]
    return reseal(value) if is_sealed(value) else seal(value)
