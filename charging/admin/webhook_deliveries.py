"""What receivers were sent, not what it said: that tells where people are. What was lost can be replayed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from charging.admin.change_log import log_change
from charging.admin.read_only import Screen, read_only, shown
from charging.admin.webhooks import CREATED, on_the_wall
from charging.models import WebhookDelivery
from charging.models.audit import AuditKind
from charging.operations import audit
from charging.operations.clocks import wall_now
from charging.operations.webhook_queue import GIVEN_UP, WAITS, replay_deliveries

TAKEN = Q(delivered_at__isnull=False)
STATES: dict[str, tuple[Any, Q]] = {
    "waiting": (_("waits"), WAITS),
    "taken": (_("taken"), TAKEN),
    "given-up": (_("given up"), GIVEN_UP),
}


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, words) for name, (words, _condition) in STATES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]) -> QuerySet[WebhookDelivery]:
        chosen = STATES.get(self.value() or "")
        return queryset.filter(chosen[1]) if chosen is not None else queryset


@admin.display(description=_("state"), ordering="delivered_at")
def state(delivery: WebhookDelivery) -> str:
    undelivered = "given-up" if delivery.next_attempt_at is None else "waiting"
    words, _condition = STATES[undelivered if delivery.delivered_at is None else "taken"]
    return str(words)


@admin.display(description=_("events"), ordering="event_count")
def events(delivery: Any) -> str:
    """How many: `delivery` is a row of the list, which counts them."""
    return str(delivery.event_count)


NEXT = on_the_wall("next_attempt_at", _("next attempt"))
DELIVERED = on_the_wall("delivered_at", _("taken at"))


@admin.register(WebhookDelivery)
@read_only
class WebhookDeliveryAdmin(Screen):
    list_display = ("public_id", "webhook", state, events, "attempts", CREATED, NEXT, DELIVERED, "last_answer")
    list_filter = (StateFilter, "webhook__client")
    list_select_related = ("webhook",)
    date_hierarchy = "created_at"
    search_fields = ("=public_id", "=webhook__public_id", "webhook__url", "last_answer")
    ordering = ("-created_at", "-pk")
    actions = ("replay_selected",)
    fields = readonly_fields = shown(
        *("webhook", "public_id", state, events, "attempts", CREATED, NEXT, DELIVERED, "last_answer")
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookDelivery]:
        found: QuerySet[WebhookDelivery] = super().get_queryset(request)
        return found.annotate(event_count=Count("events"))

    def has_replay_permission(self, request: HttpRequest) -> bool:
        """Whoever may change deliveries may have lost ones sent again; nobody changes one by hand."""
        return request.user.has_perm("charging.change_webhookdelivery")

    @admin.action(description=_("Replay what was given up"), permissions=["replay"])
    def replay_selected(self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]) -> None:
        lost = list(queryset.filter(GIVEN_UP))
        count = audit.act(
            do=lambda: replay_deliveries(deliveries=lost),
            kind=AuditKind.OPERATOR_ACTED,
            account_id=request.user.pk,
            about=lost[0].public_id if len(lost) == 1 else None,
            reason=f"replayed {len(lost)} deliveries",
            now=wall_now(),
        )
        for delivery in lost:
            message = [{"changed": {"fields": ["replayed"]}}]
            log_change(screen=self, request=request, row=delivery, message=message)
        said = ngettext("%(count)d event is sent again.", "%(count)d events are sent again.", count)
        messages.add_message(request, messages.SUCCESS if count else messages.WARNING, said % {"count": count})
