"""Changes through an operation: the form asks, the operation decides, its refusals stand beside the fields."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charging.admin.change_log import log_change
from charging.admin.read_only import Screen
from charging.models.audit import AuditKind
from charging.operations import audit
from charging.operations.clocks import wall_now
from charging.operations.issues import Refused


class ReasonForm(forms.Form):
    """What every act of an operator is asked for."""

    reason = forms.CharField(
        label=gettext_lazy("Reason, for the record"),
        max_length=audit.LONGEST_REASON,
        error_messages={"required": gettext_lazy("Say why")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "reason"])


def values_of(form: ReasonForm) -> dict[str, Any]:
    """Returns what was filled in, without the reason."""
    return {name: value for name, value in form.cleaned_data.items() if name != "reason"}


def change_page(
    *,
    screen: Screen,
    request: HttpRequest,
    row: Model,
    form: ReasonForm,
    apply: Callable[[], object],
    said: str = "",
    kind: AuditKind = AuditKind.OPERATOR_ACTED,
    about: UUID | None = None,
    client_id: int | None = None,
) -> HttpResponse:
    """Returns the page with the form, or after a change that the operation accepted a redirect back to it.

    `apply` calls the operation with the form's cleaned data; `said` is the message after it.
    Every change is in the row's history with its operator, and in the audit: as `kind`, about the object or the client.
    """

    def act() -> None:
        who, why = request.user.pk, form.cleaned_data["reason"]
        audit.act(do=apply, kind=kind, account_id=who, client_id=client_id, about=about, reason=why, now=wall_now())

    if request.method == "POST" and form.is_valid() and was_applied(form, act):
        message = [{"changed": {"fields": form.changed_data}}]
        log_change(screen=screen, request=request, row=row, message=message)
        messages.success(request, said or _("Changed. The cars concerned were evaluated at once."))
        return HttpResponseRedirect(request.path)
    context = {
        **screen.admin_site.each_context(request),
        "title": _("Change %(name)s") % {"name": screen.opts.verbose_name},
        "subtitle": str(row),
        "opts": screen.opts,
        "original": row,
        "form": form,
    }
    return TemplateResponse(request, "admin/operation_form.html", context)


def was_applied(form: forms.Form, apply: Callable[[], object]) -> bool:
    """Returns whether the operation accepted; where it refused, the form has every issue."""
    try:
        apply()
    except Refused as refused:
        for issue in refused.issues:
            field = re.sub(r"(?=[A-Z])", "_", issue.path).lower()
            form.add_error(field if field in form.fields else None, issue.message)
        return False
    return True
