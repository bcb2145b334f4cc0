"""Clients of the API with their keys; of a key its id is shown, never its secret. Their limit may be changed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charging.admin.moments import moment
from charging.admin.operation_form import ReasonForm, change_page
from charging.admin.read_only import Rows, Screen, read_only, shown
from charging.models import Client, ClientApplication
from charging.operations import clients


class LimitForm(ReasonForm):
    connection_limit = forms.IntegerField(label=_("Cars that may be connected; empty: any number"), required=False)


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


CREATED = moment("created_at", _("created"), lambda _client: "UTC")


@admin.register(Client)
@read_only
class ClientAdmin(Screen):
    list_display = ("name", "is_built_in", "connection_limit", CREATED)
    list_filter = ("is_built_in",)
    search_fields = ("name", "=applications__application__client_id")
    ordering = ("name", "pk")
    inlines = (KeyInline,)
    change_form_template = "admin/charging/client/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.limit)
        return [path("<path:object_id>/limit/", view, name="charging_client_limit"), *super().get_urls()]

    def limit(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page behind the button on the page of a client."""
        if not request.user.has_perm("charging.change_client"):
            raise PermissionDenied
        client = self.get_object(request, object_id)
        if client is None:
            raise Http404
        initial = {"connection_limit": client.connection_limit}
        form = LimitForm(request.POST if request.method == "POST" else None, initial=initial)

        def apply() -> None:
            clients.set_connection_limit(client=client, limit=form.cleaned_data["connection_limit"])

        said = gettext("Changed. It counts from the next link on.")
        return change_page(
            screen=self, request=request, row=client, form=form, apply=apply, said=said, client_id=client.pk
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may_change = request.user.has_perm("charging.change_client")
        context = {"may_change_limit": may_change, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)
