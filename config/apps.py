"""The admin without GDAL: every app's admin module is loaded except django-leaflet's, which needs GeoDjango."""

from importlib import import_module

from django.apps import apps
from django.contrib.admin.apps import SimpleAdminConfig
from django.utils.module_loading import module_has_submodule

APPS_WITHOUT_ADMIN = frozenset({"leaflet"})


class AdminConfig(SimpleAdminConfig):
    """Like Django's own AdminConfig, which would import `leaflet.admin` and stop where GDAL is missing."""

    default_site = "config.admin_site.OperatorSite"

    def ready(self) -> None:
        super().ready()
        import_module("config.checks")
        import_module("config.library_signals")
        for app in apps.get_app_configs():
            if app.name not in APPS_WITHOUT_ADMIN and module_has_submodule(app.module, "admin"):
                import_module(f"{app.name}.admin")
