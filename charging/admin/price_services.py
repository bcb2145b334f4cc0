"""Which prices are asked for next, and how the services that publish them behave."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from charging.admin.moments import moment
from charging.admin.read_only import Screen, read_only, shown
from charging.models import PriceCall, PriceService


def in_utc(_row: object) -> str:
    return "UTC"


NEXT = moment("next_at", _("next"), in_utc)
RESTS = moment("rests_until", _("rests until"), in_utc)
SUCCEEDED = moment("succeeded_at", _("last answer"), in_utc)


@admin.register(PriceCall)
@read_only
class PriceCallAdmin(Screen):
    list_display = fields = readonly_fields = shown("area", "delivery_date", NEXT, "calls", "reason")
    list_filter = ("delivery_date", "area")
    list_select_related = ("area",)
    search_fields = ("area__code", "area__name", "reason")
    ordering = ("-delivery_date", "area__code")


@admin.register(PriceService)
@read_only
class PriceServiceAdmin(Screen):
    list_display = fields = readonly_fields = shown("name", "failures", RESTS, "reason", SUCCEEDED)
    search_fields = ("name", "reason")
    ordering = ("name",)
