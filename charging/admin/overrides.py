"""Charge now: who held smart commands back, and until when."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from charging.admin.moments import moment
from charging.admin.read_only import Screen, read_only, shown
from charging.admin.search import BY_CAR
from charging.models import SmartOverride

CREATED = moment("created_at", _("created"))
ENDED = moment("ended_at", _("ended"))
UNTIL = moment("until_at", _("until"))


@admin.register(SmartOverride)
@read_only
class SmartOverrideAdmin(Screen):
    list_display = ("vehicle", CREATED, ENDED, "until_percent", UNTIL, "is_from_elsewhere")
    list_filter = ("is_from_elsewhere", "vehicle__vendor", "vehicle__driver__client")
    list_select_related = ("vehicle__view__location",)
    date_hierarchy = "created_at"
    search_fields = BY_CAR
    ordering = ("-created_at", "-pk")
    fields = readonly_fields = shown(
        *("vehicle", "public_id", CREATED, ENDED, "until_percent", UNTIL, "is_from_elsewhere"),
    )
