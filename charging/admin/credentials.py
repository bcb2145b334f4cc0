"""What operators must not see: live tokens, hashed secrets and the seeds of second factors.

The parts that Readyby is made of bring screens for them, which would also write past our operations.
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib import admin
from oauth2_provider.models import AccessToken, Application, Grant, IDToken, RefreshToken

admin.site.unregister((AccessToken, Application, Authenticator, Grant, IDToken, RefreshToken))
