"""Clients of the API with their keys; of a key its id is shown, never its secret."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from charging.admin.moments import moment
from charging.admin.read_only import Rows, Screen, read_only, shown
from charging.models import Client, ClientApplication


@admin.display(description=_("client id"))
def client_id(key: ClientApplication) -> str:
    return str(key.application.client_id)


@read_only
class KeyInline(Rows):
    model = ClientApplication
    verbose_name_plural = _("keys")
    fields = readonly_fields = shown(
        client_id,
    )
    extra = 0


@admin.register(Client)
@read_only
class ClientAdmin(Screen):
    list_display = ("name", "is_built_in", moment("created_at", _("created"), lambda _client: "UTC"))
    list_filter = ("is_built_in",)
    search_fields = ("name", "=applications__application__client_id")
    ordering = ("name", "pk")
    inlines = (KeyInline,)
