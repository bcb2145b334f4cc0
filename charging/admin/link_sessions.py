"""Links by which users of apps add their cars; of a link's token nothing is shown."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from charging.admin.read_only import Screen, read_only, shown
from charging.admin.webhooks import CREATED, on_the_wall
from charging.models import LinkSession

EXPIRES = on_the_wall("expires_at", _("expires"))
USED = on_the_wall("used_at", _("used"))


@admin.register(LinkSession)
@read_only
class LinkSessionAdmin(Screen):
    list_display = ("public_id", "driver", "vendor", "language", CREATED, EXPIRES, USED)
    list_filter = (("used_at", admin.EmptyFieldListFilter), "language", "driver__client")
    list_select_related = ("driver",)
    date_hierarchy = "created_at"
    search_fields = ("=public_id", "driver__external_id", "driver__account__email")
    ordering = ("-created_at", "-pk")
    fields = readonly_fields = shown(
        *("driver", "public_id", "redirect_uri", "vendor", "language", "color_scheme", CREATED, EXPIRES, USED)
    )
