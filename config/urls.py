"""Every address Readyby answers."""

from django.contrib import admin
from django.urls import include, path

from charging.api.tokens import token

urlpatterns = [
    path("", include("onboarding.urls")),
    path("", include("charging.urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("oauth2/token", token, name="token"),
    path("api/", include("charging.api.urls")),
]
