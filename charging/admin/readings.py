"""What cars said."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from charging.admin.car_filter import CarFilter
from charging.admin.moments import moment
from charging.admin.read_only import Screen, read_only, shown
from charging.admin.search import BY_CAR
from charging.models import Reading

OBSERVED = moment("observed_at", _("observed"))
RECEIVED = moment("received_at", _("received"))


@admin.register(Reading)
@read_only
class ReadingAdmin(Screen):
    list_display = (
        "vehicle",
        OBSERVED,
        RECEIVED,
        "power_delivery",
        "soc_percent",
        "is_plugged_in",
        "is_charging",
        "charging_power_kw",
        "charge_limit_percent",
    )
    list_filter = (
        CarFilter,
        "power_delivery",
        "is_plugged_in",
        "is_charging",
        "vehicle__vendor",
        "vehicle__driver__client",
    )
    list_select_related = ("vehicle__view__location",)
    date_hierarchy = "observed_at"
    search_fields = (*BY_CAR, "=event_id")
    ordering = ("-observed_at", "-pk")
    fields = readonly_fields = shown(
        *("vehicle", "event_id", OBSERVED, RECEIVED, "power_delivery", "soc_percent", "is_plugged_in"),
        *("is_charging", "charging_power_kw", "charge_limit_percent"),
    )
