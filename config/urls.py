"""Every address Readyby answers."""

from django.contrib import admin
from django.urls import include, path
from oauth2_provider.views import TokenView

urlpatterns = [
    path("", include("onboarding.urls")),
    path("", include("charging.urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("oauth2/token", TokenView.as_view(), name="token"),
]
