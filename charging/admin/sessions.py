"""Charging sessions: what each plug-in took, what it cost and what it saved."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from charging.admin.moments import moment
from charging.admin.read_only import Screen, read_only, shown
from charging.admin.search import BY_CAR
from charging.models import ChargingSession


def zone_of_session(session: ChargingSession) -> str:
    """Returns the time zone of the place where the car was plugged in."""
    return session.timezone_name


PLUGGED_IN = moment("plugged_in_at", _("plugged in"), zone_of_session)
UNPLUGGED = moment("unplugged_at", _("unplugged"), zone_of_session)
MEASURED = moment("measured_at", _("measured until"), zone_of_session)


@admin.register(ChargingSession)
@read_only
class ChargingSessionAdmin(Screen):
    list_display = (
        *(
            "vehicle",
            PLUGGED_IN,
            UNPLUGGED,
            "place_name",
            "energy_kwh",
            "energy_source",
            "cost",
            "cost_charged_at_once",
        ),
        *("saving", "currency", "protective_energy_kwh", "override_energy_kwh", "has_plan", "has_all_prices"),
    )
    list_filter = (
        *("energy_source", "has_plan", "has_all_prices", "override_source", "is_spot_only"),
        *("price_area_code", "vehicle__vendor", "vehicle__driver__client"),
    )
    list_select_related = ("vehicle",)
    date_hierarchy = "plugged_in_at"
    search_fields = (*BY_CAR, "place_name")
    ordering = ("-plugged_in_at", "-pk")
    fields = readonly_fields = shown(
        *("vehicle", "public_id", "location", "place_name", "price_area_code", "currency"),
        *(PLUGGED_IN, UNPLUGGED, MEASURED, "soc_from_percent", "soc_to_percent", "energy_kwh", "energy_source"),
        *("cost", "cost_charged_at_once", "saving", "planned_cost", "protective_energy_kwh", "protective_cost"),
        *("override_energy_kwh", "override_cost", "override_source", "has_plan", "has_all_prices", "is_spot_only"),
        *("prices_recorded_on", "steering", "quarters"),
    )
