"""Who did what; looked at and never changed, which the database itself holds."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from charging.admin.moments import moment
from charging.admin.read_only import Screen, read_only, shown
from charging.models import AuditEvent

AT = moment("at", _("at"), lambda _event: "UTC")


@admin.register(AuditEvent)
@read_only
class AuditEventAdmin(Screen):
    list_display = fields = readonly_fields = shown(
        AT, "kind", "account_id", "client_id", "about", "reason", "request_id"
    )
    list_filter = ("kind",)
    date_hierarchy = "at"
    search_fields = ("=account_id", "=client_id", "=about", "=request_id", "reason")
    search_help_text = _("Number of the account or client, public id, id of the request, or reason")
    ordering = ("-at", "-pk")
