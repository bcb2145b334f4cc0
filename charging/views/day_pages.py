"""Other deadlines on some days of the week."""

from __future__ import annotations

from datetime import time
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import lazystr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from charging.models import Policy
from charging.operations import policies
from charging.operations.issues import Refused
from charging.views.access import now_of, own_vehicle
from charging.views.answers import back_to_car, set_up_url
from charging.views.deadline_words import deadlines_in_words, next_holiday_in_words, weekday_name
from charging.views.forms import add_issues, sent
from charging.views.policy_fields import ready_by_of
from charging.views.policy_pages import is_fresh
from charging.views.situation import load_situation
from charging.views.typed_values import with_typed

DAYS = range(7)
HOLIDAYS = (
    ("sunday", gettext_lazy("Ready by the time of Sundays")),
    ("weekday", gettext_lazy("Ready by the time of that weekday")),
)


class DaysForm(forms.Form):
    """Cleaned: `days` the times that differ by weekday, 0 = Monday, and `holidays` sunday or weekday."""

    use_required_attribute = False
    holidays = forms.ChoiceField(
        label=gettext_lazy("On public holidays"), choices=HOLIDAYS, widget=forms.RadioSelect, required=False
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day in DAYS:
            widget = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"})
            self.fields[f"day_{day}"] = forms.CharField(
                label=lazystr(weekday_name(day)), required=False, max_length=20, widget=widget
            )

    @property
    def day_fields(self) -> list[forms.BoundField]:
        return [self[f"day_{day}"] for day in DAYS]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["days"] = {day: at for day in DAYS if (at := self._time_of(day, data)) is not None}
        return data

    def _time_of(self, day: int, data: dict[str, Any]) -> time | None:
        text = data.get(f"day_{day}", "").strip()
        if not text:
            return None
        try:
            return ready_by_of(text)
        except ValidationError as fault:
            message = _("%(day)s: %(message)s") % {"day": weekday_name(day), "message": fault.messages[0]}
            self.add_error(f"day_{day}", message)
            return None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def days(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Changes on which days of the week the car has to be ready at another time, and what holidays count as."""
    vehicle = own_vehicle(request, public_id)
    policy: Policy | None = getattr(vehicle, "policy", None)
    if policy is None or policy.deadline is None:
        return redirect(set_up_url(vehicle))
    now = now_of(vehicle)
    form = with_typed(DaysForm(sent(request), initial=_initial(policy)), request)
    if request.method == "POST" and form.is_valid() and is_fresh(form, policy, None, deadlines_in_words(policy)):
        try:
            saved = policies.set_policy(
                vehicle=vehicle,
                is_enabled=policies.KEEP,
                weekday_deadlines=form.cleaned_data["days"],
                observes_holidays=form.cleaned_data["holidays"] != "weekday",
                minimum_charge_limit=policy.minimum_charge_limit,
                now=now,
            )
        except Refused as refused:
            add_issues(form, refused, {})
        else:
            return back_to_car(request, vehicle, _("Ready by %(times)s.") % {"times": deadlines_in_words(saved)})
    place = load_situation(vehicle, now).place
    holiday = next_holiday_in_words(place.timezone_name if place is not None else "UTC", now)
    context = {"vehicle": vehicle, "form": form, "every_day": f"{policy.deadline:%H:%M}", "holiday": holiday}
    return render(request, "charging/days.html", context)


def _initial(policy: Policy) -> dict[str, str]:
    times = {f"day_{day}": f"{at:%H:%M}" for day, at in policy.weekday_deadlines.items()}
    return {**times, "holidays": "sunday" if policy.observes_holidays else "weekday", "version": str(policy.version)}
