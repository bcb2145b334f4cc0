"""Plans with their windows."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from charging.admin.car_filter import CarFilter
from charging.admin.moments import moment
from charging.admin.read_only import Rows, Screen, read_only, shown
from charging.admin.search import BY_CAR
from charging.models import Plan, PlanWindow


def zone_of_plan(plan: Plan) -> str:
    """Returns the time zone of the place that the plan was made for."""
    return plan.location.timezone_name if plan.location is not None else "UTC"


def zone_of_window(window: PlanWindow) -> str:
    return zone_of_plan(window.plan)


@read_only
class WindowInline(Rows):
    model = PlanWindow
    fields = readonly_fields = shown(
        moment("start", _("start"), zone_of_window),
        moment("end", _("end"), zone_of_window),
        *("energy_kwh", "cost", "is_forced", "is_estimate"),
    )
    ordering = ("start",)
    extra = 0


CREATED = moment("created_at", _("created"), zone_of_plan)
DEADLINE = moment("deadline_at", _("ready by"), zone_of_plan)
ENDED = moment("ended_at", _("ended"), zone_of_plan)


@admin.register(Plan)
@read_only
class PlanAdmin(Screen):
    list_display = (
        "vehicle",
        CREATED,
        DEADLINE,
        "energy_kwh",
        "smart_cost",
        "non_smart_cost",
        "currency",
        "price_area_code",
        "reason",
        "final_state",
        "failure_condition",
    )
    list_filter = (
        CarFilter,
        "final_state",
        "failure_condition",
        "vehicle__vendor",
        "vehicle__driver__client",
        "price_area_code",
    )
    list_select_related = ("vehicle", "location")
    date_hierarchy = "created_at"
    search_fields = (*BY_CAR, "location__name")
    ordering = ("-created_at", "-pk")
    fields = readonly_fields = shown(
        *("vehicle", "public_id", "location", CREATED, DEADLINE, "energy_kwh", "smart_cost", "non_smart_cost"),
        *("currency", "price_area_code", "prices_recorded_on", "reason", "reserve_minutes", "change_count"),
        moment("estimated_finish_at", _("estimated finish"), zone_of_plan),
        moment("stop_confirmed_at", _("stop confirmed"), zone_of_plan),
        moment("start_confirmed_at", _("start confirmed"), zone_of_plan),
        *(ENDED, "final_state", "failure_condition", "prices_hash", "facts_hash", "code_version"),
    )
    inlines = (WindowInline,)
