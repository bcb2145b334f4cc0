"""Django's registration of everything about charging."""

from django.apps import AppConfig
from django.conf import settings


class ChargingConfig(AppConfig):
    name = "charging"
    verbose_name = "Charging"

    def ready(self) -> None:
        if settings.READYBY_FAILPOINT:
            from charging.operations.failpoints import arm_as_told  # noqa: PLC0415 - needs the apps

            arm_as_told(settings.READYBY_FAILPOINT, is_debug=settings.DEBUG)
