"""Every change of state, with the rule that decided and what occasioned it."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from charging.admin.car_filter import CarFilter
from charging.admin.moments import moment
from charging.admin.read_only import Screen, read_only, shown
from charging.admin.search import BY_CAR
from charging.models import StateEvent

AT = moment("at", _("at"))


@admin.register(StateEvent)
@read_only
class StateEventAdmin(Screen):
    list_display = ("vehicle", "seq", AT, "event", "from_state", "to_state", "rule", "trigger")
    list_filter = (CarFilter, "to_state", "event", "trigger", "vehicle__vendor", "vehicle__driver__client")
    list_select_related = ("vehicle__view__location",)
    date_hierarchy = "at"
    search_fields = (*BY_CAR, "rule")
    ordering = ("-at", "-pk")
    fields = readonly_fields = shown("vehicle", "seq", AT, "event", "from_state", "to_state", "rule", "trigger", "plan")
