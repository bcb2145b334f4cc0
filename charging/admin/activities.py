"""The timeline as it is stored: codes with their parameters."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from charging.admin.car_filter import CarFilter
from charging.admin.moments import moment
from charging.admin.read_only import Screen, read_only, shown
from charging.admin.search import BY_CAR
from charging.models import Activity

AT = moment("at", _("at"))


@admin.register(Activity)
@read_only
class ActivityAdmin(Screen):
    list_display = ("vehicle", AT, "code", "actor", "params")
    list_filter = (CarFilter, "actor", "code", "vehicle__vendor", "vehicle__driver__client")
    list_select_related = ("vehicle__view__location",)
    date_hierarchy = "at"
    search_fields = (*BY_CAR, "code")
    ordering = ("-at", "-pk")
    fields = readonly_fields = shown("vehicle", AT, "code", "actor", "params")
