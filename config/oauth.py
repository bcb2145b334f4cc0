"""How clients of the API sign in: with their credentials, for an hour at a time."""

from __future__ import annotations

from typing import Any

OAUTH2: dict[str, Any] = {
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    # Every rule of RFC 9700, also for the grants that are not offered here.
    **{
        f"COMPLIANT_BCP_RFC9700_{rule}": True
        for rule in (
            "TOKEN_STORAGE",
            "IMPLICIT_GRANT",
            "PASSWORD_GRANT",
            "PKCE_METHOD",
            "ACCESS_TOKEN_TRANSPORT",
            "AUTHZ_RESPONSE_ISS",
            "REFRESH_TOKEN",
            "REDIRECT_URI_SCHEME",
        )
    },
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "SCOPES": {"api": "Everything the client's own drivers allow"},
    "DEFAULT_SCOPES": ["api"],
}
"""The setting of django-oauth-toolkit."""
