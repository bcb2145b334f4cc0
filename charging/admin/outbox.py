"""Messages to clients' receivers."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from charging.admin.moments import moment
from charging.admin.read_only import Screen, read_only, shown
from charging.models import OutboxMessage

CREATED = moment("created_at", _("created"))


@admin.register(OutboxMessage)
@read_only
class OutboxMessageAdmin(Screen):
    list_display = ("event", "seq", "client", "vehicle", CREATED)
    list_filter = ("event", "client")
    list_select_related = ("client", "vehicle__view__location")
    date_hierarchy = "created_at"
    search_fields = ("=public_id", "vehicle__driver__external_id", "vehicle__display_name", "event")
    ordering = ("-created_at", "-pk")
    fields = readonly_fields = shown("public_id", "client", "vehicle", "event", "seq", CREATED, "payload")
