"""What a page may load: from this server alone, and tiles from where the map's settings say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from csp.constants import NONCE, NONE, SELF


def content_security_policy(tile_origins: Sequence[str]) -> dict[str, Any]:
    """The setting of django-csp. No inline script or style without the nonce of its page."""
    return {
        "DIRECTIVES": {
            "default-src": [NONE],
            "script-src": [SELF, NONCE],
            "style-src": [SELF, NONCE],
            "img-src": [SELF, "data:", *tile_origins],
            "font-src": [SELF],
            "connect-src": [SELF],
            "manifest-src": [SELF],
            "worker-src": [SELF],
            "form-action": [SELF],
            "frame-ancestors": [NONE],
            "base-uri": [NONE],
            "object-src": [NONE],
        },
    }
