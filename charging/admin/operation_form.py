"""Changes through an operation: the form asks, the operation decides, its refusals stand beside the fields."""

from __future__ import annotations

import re
from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from charging.admin.audit import log_change
from charging.admin.read_only import Screen
from charging.operations.issues import Refused


def change_page(
    *, screen: Screen, request: HttpRequest, row: Model, form: forms.Form, apply: Callable[[], object], said: str = ""
) -> HttpResponse:
    """Returns the page with the form, or after a change that the operation accepted a redirect back to it.

    `apply` calls the operation with the form's cleaned data; `said` is the message after it.
    Every change is in the row's history with its operator.
    """
    if request.method == "POST" and form.is_valid() and was_applied(form, apply):
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
