"""Clients' receivers: where they are, whether they answer. Secrets and values of headers have no place here."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.contrib import admin
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charging.admin.moments import Column, moment
from charging.admin.read_only import Screen, read_only, shown
from charging.models import Webhook, WebhookDelivery
from charging.operations.webhook_queue import GIVEN_UP, WAITS


def on_the_wall(field: str, label: Any) -> Column:
    """A column with an instant of the wall's clock, in UTC."""
    return moment(field, label, lambda _row: "UTC")


@admin.display(description=_("address"), ordering="url")
def address(webhook: Webhook) -> str:
    """Where it is, without what follows the path: that may hold a key of the receiver."""
    parts = urlsplit(webhook.url)
    return urlunsplit(parts._replace(query="", fragment=""))


@admin.display(description=_("state"), ordering="failing_since")
def state(webhook: Webhook) -> str:
    if not webhook.is_active:
        return gettext("disabled")
    return gettext("answers") if webhook.failing_since is None else gettext("failing")


def counted(label: Any, name: str) -> Column:
    """A column with a number of deliveries; `name` is that of the annotation."""

    @admin.display(description=label, ordering=name)
    def column(webhook: Webhook) -> str:
        return str(getattr(webhook, name))

    column.__name__ = name
    return column


COUNTS = {"waiting_count": WAITS, "given_up_count": GIVEN_UP}
WAITING = counted(_("deliveries that wait"), "waiting_count")
LOST = counted(_("deliveries given up"), "given_up_count")
FAILING = on_the_wall("failing_since", _("failing since"))
RESUMES = on_the_wall("resumes_at", _("tried again"))
WARNED = on_the_wall("warned_at", _("operator told"))
LAST_SUCCESS = on_the_wall("last_success_at", _("last delivery taken"))
LAST_SENT = on_the_wall("last_sent_at", _("last sent to"))
CREATED = on_the_wall("created_at", _("created"))


@admin.register(Webhook)
@read_only
class WebhookAdmin(Screen):
    list_display = (address, "client", state, WAITING, LOST, FAILING, LAST_SUCCESS, LAST_SENT)
    list_filter = ("is_active", ("failing_since", admin.EmptyFieldListFilter), "client")
    list_select_related = ("client",)
    date_hierarchy = "created_at"
    search_fields = ("=public_id", "url", "client__name")
    ordering = ("-pk",)
    fields = readonly_fields = shown(
        *("client", "public_id", address, state, "events", "api_version", "header_name"),
        *(WAITING, LOST, "failures", FAILING, RESUMES, WARNED, LAST_SUCCESS, LAST_SENT, CREATED),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Webhook]:
        found: QuerySet[Webhook] = super().get_queryset(request)
        return found.annotate(**{name: Coalesce(_count(condition), 0) for name, condition in COUNTS.items()})


def _count(condition: Q) -> Subquery:
    of_it = WebhookDelivery.objects.filter(condition, webhook=OuterRef("pk")).order_by()
    return Subquery(of_it.values("webhook").annotate(count=Count(F("pk"))).values("count"))
