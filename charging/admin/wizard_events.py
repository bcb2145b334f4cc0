"""How far people get in the wizard: what happened, and the funnel it adds up to."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from charging.admin.case_table import Table
from charging.admin.moments import moment
from charging.admin.read_only import Screen, read_only, shown
from charging.models import WizardEvent
from charging.operations.clocks import wall_now
from charging.operations.wizard_funnel import KEPT_FOR, count_faults, count_steps, count_visitors

STEPS = ("car", "minimum", "other_control", "ready_by", "places", "check")
"""The keys of the wizard's questions, in their order."""
PERIODS = (7, KEPT_FOR.days)
BY = {
    "device": gettext_lazy("Device"),
    "has_scripts": gettext_lazy("Scripts"),
    "language": gettext_lazy("Language"),
    "is_resumed": gettext_lazy("Came back after half an hour"),
}
AT = moment("at", gettext_lazy("at"), lambda _event: "UTC")


@admin.register(WizardEvent)
@read_only
class WizardEventAdmin(Screen):
    list_display = fields = readonly_fields = shown(
        *(AT, "step", "happened", "field", "code", "seconds", "device", "has_scripts", "language", "is_resumed"),
        "draft_number",
    )
    list_filter = ("step", "happened", "device", "has_scripts", "language", "is_resumed")
    date_hierarchy = "at"
    search_fields = ("=draft_number", "field", "code")
    search_help_text = gettext_lazy("Number of the draft, field, or code of what was refused")
    ordering = ("-at", "-pk")
    change_list_template = "admin/charging/wizardevent/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_safe(self.funnel))
        return [path("funnel/", view, name="charging_funnel"), *super().get_urls()]

    def funnel(self, request: HttpRequest) -> HttpResponse:
        """The page of counts and median seconds by step, and of what was refused."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.GET.get("days", "")
        days = int(asked) if asked in map(str, PERIODS) else PERIODS[1]
        context = {
            **self.admin_site.each_context(request),
            "title": _("How the setup goes"),
            "opts": self.opts,
            "parts": _tables(days),
            "days": days,
            "periods": PERIODS,
        }
        return TemplateResponse(request, "admin/funnel.html", context)


def _tables(days: int) -> list[Table]:
    since = wall_now() - timedelta(days=days)
    steps = [
        (
            row.step,
            str(row.entered),
            str(row.refused),
            str(row.done),
            _share(row.done, row.entered),
            _length(row.seconds),
        )
        for row in count_steps(steps=STEPS, since=since)
    ]
    faults = [
        (row.step, row.field or "-", row.code, str(row.times), str(row.drafts)) for row in count_faults(since=since)
    ]
    visitors = [
        (str(label), _spoken(value), str(came), str(went), _share(went, came))
        for by, label in BY.items()
        for value, came, went in count_visitors(by=by, first=STEPS[0], last=STEPS[-1], since=since)
    ]
    return [
        Table(
            _("By step"),
            steps,
            (*(_("step"), _("came"), _("refused")), *(_("went on"), _("share"), _("median seconds"))),
        ),
        Table(_("What was refused"), faults, (_("step"), _("field"), _("code"), _("times"), _("setups"))),
        Table(_("By visitor"), visitors, (_("what"), _("value"), _("came"), _("turned on"), _("share"))),
    ]


def _spoken(value: str) -> str:
    return {"True": _("yes"), "False": _("no")}.get(value, value)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "-"


def _length(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds:.0f}"
