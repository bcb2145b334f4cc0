"""Starts and stops by hand that apps have asked for."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from charging.admin.moments import moment
from charging.admin.read_only import Screen, read_only, shown
from charging.admin.search import BY_CAR
from charging.models import ChargeAction

CREATED = moment("created_at", _("created"))
SENT = moment("last_sent_at", _("last sent"))
COMPLETED = moment("completed_at", _("completed"))


@admin.register(ChargeAction)
@read_only
class ChargeActionAdmin(Screen):
    list_display = ("vehicle", "client", "user_id", "kind", "state", "failure_type", "attempts", CREATED, COMPLETED)
    list_filter = ("state", "kind", "failure_type", "client")
    list_select_related = ("client", "vehicle__view__location")
    date_hierarchy = "created_at"
    search_fields = (*BY_CAR, "=public_id", "=target_id", "user_id")
    ordering = ("-created_at", "-pk")
    fields = readonly_fields = shown(
        *("vehicle", "client", "user_id", "target_id", "public_id", "kind", "state", "failure_type", "attempts"),
        *(CREATED, moment("updated_at", _("updated")), moment("next_sending_at", _("next sending")), SENT, COMPLETED),
    )
