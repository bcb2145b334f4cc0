"""What the second factors rest on, the secrets of apps and of recovery codes, is stored encrypted like all others."""

from __future__ import annotations

from allauth.mfa.adapter import DefaultMFAAdapter

from charging.adapters.sealed import seal, unseal
from charging.operations.second_factors import is_sealed


class SealedMFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's own, under the installation's key. What was stored in clear before is read as it is."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Raises ValueError where none of the keys fits."""
        return unseal(encrypted_text) if is_sealed(encrypted_text) else encrypted_text
