"""What cars have shown at their places, over several plug-ins."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from charging.admin.moments import moment
from charging.admin.read_only import Screen, read_only, shown
from charging.admin.search import BY_CAR
from charging.models import LearnedPower

UPDATED = moment("updated_at", _("updated"))


@admin.register(LearnedPower)
@read_only
class LearnedPowerAdmin(Screen):
    list_display = ("vehicle", "location", "power_kw", "session_count", UPDATED)
    list_filter = ("vehicle__vendor", "vehicle__driver__client")
    list_select_related = ("vehicle__view__location", "location")
    search_fields = BY_CAR
    ordering = ("-updated_at", "-pk")
    fields = readonly_fields = shown(*("vehicle", "location", "power_kw", "session_count", UPDATED, "plug_ins"))
