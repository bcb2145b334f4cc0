"""What drivers want; changed through the operation, which checks every rule and obeys at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from charging.admin.moments import moment
from charging.admin.operation_form import ReasonForm, change_page, values_of
from charging.admin.read_only import Screen, read_only
from charging.admin.search import BY_CAR
from charging.models import Policy
from charging.models.activities import Actor
from charging.models.audit import AuditKind
from charging.operations import policies
from charging.operations.clocks import own_now


class PolicyForm(ReasonForm):
    """The three values a driver sets."""

    is_enabled = forms.BooleanField(label=_("Smart charging is on"), required=False)
    deadline = forms.TimeField(label=_("Ready by, as the wall shows it at the place"), required=False)
    minimum_charge_limit = forms.FloatField(label=_("Minimum charge in %"))


UPDATED = moment("updated_at", _("updated"))


@admin.register(Policy)
@read_only
class PolicyAdmin(Screen):
    list_display = ("vehicle", "is_enabled", "deadline", "minimum_charge_limit", "paused_until", "version", UPDATED)
    list_filter = ("is_enabled", "vehicle__state", "vehicle__vendor", "vehicle__driver__client")
    list_select_related = ("vehicle__view__location",)
    date_hierarchy = "updated_at"
    search_fields = (*BY_CAR, "vehicle__driver__locations__name")
    ordering = ("-updated_at", "-pk")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        policy = self.get_object(request, object_id)
        if policy is None or not request.user.has_perm("charging.change_policy"):
            return super().change_view(request, object_id, form_url, extra_context)
        initial = {name: getattr(policy, name) for name in PolicyForm.base_fields if name != "reason"}
        form = PolicyForm(request.POST if request.method == "POST" else None, initial=initial)

        def apply() -> None:
            vehicle = policy.vehicle
            now = own_now(driver=vehicle.driver)
            policies.set_policy(vehicle=vehicle, now=now, actor=Actor.SUPPORT, **values_of(form))

        return change_page(
            screen=self,
            request=request,
            row=policy,
            form=form,
            apply=apply,
            kind=AuditKind.POLICY_CHANGED,
            about=policy.vehicle.public_id,
        )
