"""The ledger of commands."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from charging.admin.car_filter import CarFilter
from charging.admin.moments import moment
from charging.admin.read_only import Screen, read_only, shown
from charging.admin.search import BY_CAR
from charging.models import Command

CREATED = moment("created_at", _("created"))
SENT = moment("last_sent_at", _("last sent"))
COMPLETED = moment("completed_at", _("completed"))


@admin.register(Command)
@read_only
class CommandAdmin(Screen):
    list_display = ("vehicle", "kind", "purpose", "status", "attempts", CREATED, SENT, COMPLETED, "failure_detail")
    list_filter = (CarFilter, "status", "kind", "purpose", "vehicle__vendor", "vehicle__driver__client")
    list_select_related = ("vehicle__view__location",)
    date_hierarchy = "created_at"
    search_fields = (*BY_CAR, "=public_id")
    ordering = ("-created_at", "-pk")
    fields = readonly_fields = shown(
        *("vehicle", "public_id", "plan", "generation", "kind", "purpose", "status", "attempts", "refusals", CREATED),
        moment("next_sending_at", _("next sending")),
        *(SENT, COMPLETED, "failure_detail", "vendor_action_id", "vendor_action_state"),
        moment("hold_until", _("hold until")),
        moment("hold_renew_by", _("hold to be renewed by")),
        moment("lease_until", _("claimed by a sender until"), lambda _command: "UTC"),
    )
