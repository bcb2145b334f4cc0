"""Every address Readyby answers."""

from django.contrib import admin
from django.urls import include, path

from charging.api.metrics import metrics
from charging.api.probes import livez, readyz
from charging.api.tokens import token

handler500 = "config.outage.fault_page"
urlpatterns = [
    path("", include("onboarding.urls")),
    path("", include("charging.urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("oauth2/token", token, name="token"),
    path("api/", include("charging.api.urls")),
]
