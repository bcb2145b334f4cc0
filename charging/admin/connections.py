"""Drivers' connections to what knows real cars; of a secret nothing is shown."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from charging.admin.read_only import Screen, read_only, shown
from charging.admin.webhooks import CREATED, on_the_wall
from charging.models import ConnectedCar, Connection, Farewell, ReceivedDelivery, VendorBudget, VendorHealth

SINCE = on_the_wall("trouble_since", _("trouble since"))
RESTS = on_the_wall("rests_until", _("asked again"))
HEARD = on_the_wall("last_answer_at", _("last answer"))
IN_THE_WAY_SINCE = on_the_wall("obstacle_since", _("in the way since"))
LOOKED = on_the_wall("control_looked_at", _("looked at"))
NEXT_TRY = on_the_wall("next_try_at", _("next try"))
RECEIVED = on_the_wall("received_at", _("received"))


@admin.register(Connection)
@read_only
class ConnectionAdmin(Screen):
    list_display = ("public_id", "driver", "kind", "address", "trouble", SINCE, RESTS, HEARD)
    list_filter = ("kind", "trouble", "driver__client")
    list_select_related = ("driver",)
    date_hierarchy = "created_at"
    search_fields = ("=public_id", "address", "driver__external_id", "driver__account__email")
    ordering = ("-pk",)
    fields = readonly_fields = shown(
        *("driver", "public_id", "kind", "address", "name", "trouble", SINCE, RESTS, HEARD, CREATED)
    )


@admin.register(ConnectedCar)
@read_only
class ConnectedCarAdmin(Screen):
    list_display = ("vehicle", "connection", "obstacle", IN_THE_WAY_SINCE, LOOKED)
    list_filter = ("connection__kind", "obstacle")
    list_select_related = ("vehicle", "connection")
    search_fields = ("=vehicle__public_id", "=connection__public_id", "vehicle__driver__external_id")
    ordering = ("-pk",)
    fields = readonly_fields = shown(
        *("vehicle", "connection", "entities", "obstacle", IN_THE_WAY_SINCE, "obstacle_names", LOOKED)
    )


@admin.register(Farewell)
@read_only
class FarewellAdmin(Screen):
    list_display = fields = readonly_fields = shown("user_id", "attempts", NEXT_TRY, CREATED)
    date_hierarchy = "created_at"
    search_fields = ("=user_id",)
    ordering = ("next_try_at", "pk")


@admin.register(ReceivedDelivery)
@read_only
class ReceivedDeliveryAdmin(Screen):
    list_display = fields = readonly_fields = shown("delivery_id", RECEIVED, "body_checksum")
    date_hierarchy = "received_at"
    search_fields = ("=delivery_id", "=body_checksum")
    ordering = ("-pk",)


OPENED = on_the_wall("opened_at", _("open since"))
LEFT_ALONE = on_the_wall("rests_until", _("asked again"))


@admin.register(VendorHealth)
@read_only
class VendorHealthAdmin(Screen):
    list_display = ("vendor", "operation", "driver", "failures", OPENED, LEFT_ALONE)
    list_filter = ("vendor", "operation")
    list_select_related = ("driver", "connection", "vehicle")
    search_fields = ("=connection__public_id", "=vehicle__public_id", "driver__external_id")
    ordering = ("-failures", "-pk")
    fields = readonly_fields = shown(
        *("vendor", "operation", "driver", "connection", "vehicle", "failures", OPENED, LEFT_ALONE)
    )


@admin.register(VendorBudget)
@read_only
class VendorBudgetAdmin(Screen):
    list_display = fields = readonly_fields = shown("vendor", "connection", "left", on_the_wall("at", _("as of")))
    list_filter = ("vendor",)
    list_select_related = ("connection",)
    search_fields = ("=connection__public_id", "connection__driver__external_id")
    ordering = ("left", "-pk")
