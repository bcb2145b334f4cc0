"""When cars are looked at again, and the signs of life of the processes that look."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from charging.admin.moments import moment
from charging.admin.read_only import Screen, read_only, shown
from charging.admin.search import BY_CAR
from charging.admin.service_health import service_page
from charging.models import Due, Heartbeat

OWN = moment("own_at", _("due, own clock"))
WALL = moment("due_at", _("due, wall"))
POLL = moment("next_poll_at", _("next poll, own clock"))
TAKEN = moment("claimed_until", _("left alone until"), lambda _due: "UTC")
LAST = moment("at", _("at"), lambda _heartbeat: "UTC")


@admin.register(Due)
@read_only
class DueAdmin(Screen):
    list_display = ("vehicle", WALL, OWN, POLL, "attempts", "fault")
    list_filter = ("vehicle__vendor", "vehicle__driver__client")
    list_select_related = ("vehicle__view__location",)
    date_hierarchy = "due_at"
    search_fields = BY_CAR
    ordering = ("due_at", "pk")
    fields = readonly_fields = shown("vehicle", WALL, OWN, POLL, "attempts", TAKEN, "fault")


@admin.register(Heartbeat)
@read_only
class HeartbeatAdmin(Screen):
    list_display = fields = readonly_fields = shown("name", LAST, "count")
    search_fields = ("name",)
    ordering = ("name",)

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(service_page)
        return [path("service/", page, name="charging_service_health"), *super().get_urls()]
