"""What smart charging would have saved in the last month: sentence, drawing, table, and what all that rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from charging.core.cents import cents
from charging.core.need import expected_power_kw
from charging.core.replay import Habit, ReplayedNight
from charging.models import Location, Policy, Vehicle, VehicleView
from charging.operations.last_month import LastMonth, last_month
from charging.views import date_words, formatting
from charging.views.habit_form import HabitForm
from charging.views.night_bars import NightBars, night_bars
from charging.views.sample_notice import price_note
from charging.views.session_words import NOTHING

FIELDS = ("plugged_in", "battery")


@dataclass(frozen=True, slots=True)
class NightRow:
    """One night as text, named by the day it began on."""

    day: str
    energy: str
    at_once: str
    cost: str
    saved: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A replay with at least one night, in words and as a drawing; `total` ends the table."""

    caption: SafeString
    figure: NightBars
    rows: tuple[NightRow, ...]
    total: NightRow
    currency: str
    note: str


def last_month_context(
    *, vehicle: Vehicle, location: Location, policy: Policy, query: QueryDict, now: datetime
) -> dict[str, Any]:
    """The context of components/last_month.html. `query` may hold another habit; `now` is the wall's."""
    limit = VehicleView.objects.get(vehicle=vehicle).as_car(vehicle).charge_limit_percent
    is_asked = any(name in query for name in FIELDS)
    form = HabitForm(query if is_asked else None, limit_percent=limit)
    habit = None
    if is_asked and form.is_valid():
        habit = Habit(form.cleaned_data["plugged_in"], float(form.cleaned_data["battery"]))
    month = last_month(vehicle=vehicle, location=location, policy=policy, now=now, habit=habit)
    if month is None:
        return {"month": {"reason": _("We can tell once your car has a ready-by time.")}}
    if not is_asked:
        texts = {"plugged_in": f"{month.habit.plugged_in_at:%H:%M}", "battery": f"{month.habit.soc_percent:.0f}"}
        form = HabitForm(initial=texts, limit_percent=limit)
    kept = [(name, value) for name, value in query.items() if name not in FIELDS]
    nights = month.replay.nights
    return {
        "month": {
            "shown": _shown(month) if nights else None,
            "reason": "" if nights else _reason(month),
            "left_out": _left_out(month) if nights else [],
            "assumption": _assumption(month),
            "source": _source(month, is_asked=habit is not None),
            "form": form,
            "kept": kept,
        }
    }


def _shown(month: LastMonth) -> Shown:
    zone, nights = ZoneInfo(month.location.timezone_name), month.replay.nights
    cost, at_once = _sums(nights)
    return Shown(
        caption=_caption(month, cost, at_once),
        figure=night_bars(nights, zone),
        rows=tuple(
            _row(night, date_words.short_day_month_year(night.plugged_in_at.astimezone(zone).date()))
            for night in nights
        ),
        total=NightRow(
            day=_("Total"),
            energy=formatting.number(sum(night.energy_kwh for night in nights), 1),
            at_once=formatting.number(at_once, 2),
            cost=formatting.number(cost, 2),
            saved=formatting.number(at_once - cost, 2),
        ),
        currency=month.currency,
        note=price_note(month.recorded_on, is_spot_only=month.is_spot_only),
    )


def _sums(nights: tuple[ReplayedNight, ...]) -> tuple[Decimal, Decimal]:
    """Both costs in whole cents, night by night, so that the table adds up."""
    cost = sum((cents(night.cost) for night in nights), Decimal(0))
    return cost, sum((cents(night.cost_charged_at_once) for night in nights), Decimal(0))


def _row(night: ReplayedNight, day: str) -> NightRow:
    cost, at_once = cents(night.cost), cents(night.cost_charged_at_once)
    return NightRow(
        day=day,
        energy=formatting.number(night.energy_kwh, 1),
        at_once=formatting.number(at_once, 2),
        cost=formatting.number(cost, 2),
        saved=formatting.number(at_once - cost, 2),
    )


def _caption(month: LastMonth, cost: Decimal, at_once: Decimal) -> SafeString:
    count = len(month.replay.nights)
    nights = ngettext("In %(count)s night", "In %(count)s nights", count) % {"count": count}
    values = {
        "nights": nights,
        "place": month.location.name,
        "amount": format_html("<b>{}</b>", formatting.about_money(abs(at_once - cost), month.currency)),
        "cost": formatting.money(cost, month.currency),
        "at_once": formatting.money(at_once, month.currency),
    }
    if at_once - cost >= NOTHING:
        text = _("{nights} smart charging would have saved you {amount} at {place}: {cost} instead of {at_once}.")
    elif cost - at_once >= NOTHING:
        text = _("{nights} smart charging would have cost you {amount} more at {place}: {cost} instead of {at_once}.")
    else:
        text = _("{nights} smart charging would have saved you nothing at {place}: {cost} either way.")
    return format_html(text, **values)


def _reason(month: LastMonth) -> str:
    """Why there is no night to show."""
    if month.replay.unpublished:
        values = {"time": f"{month.habit.plugged_in_at:%H:%M}"}
        return (
            _(
                "At %(time)s the prices until your ready-by time are not out yet: those of the next day come at 12:45 "
                "market time. Choose a later time."
            )
            % values
        )
    return _("We have no prices for %(place)s yet, so we cannot tell.") % {"place": month.location.name}


def _left_out(month: LastMonth) -> list[str]:
    """What is to be known about the nights that are shown, and about those that are not."""
    told, replay = [], month.replay
    missing = replay.without_prices + replay.unpublished
    if missing:
        sentence = ngettext(
            "%(count)s night is left out: not all of its prices are known.",
            "%(count)s nights are left out: not all of their prices are known.",
            missing,
        )
        told.append(sentence % {"count": missing})
    short = sum(not night.is_full for night in replay.nights)
    if short:
        sentence = ngettext(
            "In %(count)s night there was too little time to reach the car’s limit.",
            "In %(count)s nights there was too little time to reach the car’s limit.",
            short,
        )
        told.append(sentence % {"count": short})
    return told


def _assumption(month: LastMonth) -> str:
    values = {
        "time": f"{month.habit.plugged_in_at:%H:%M}",
        "level": formatting.percent(month.habit.soc_percent),
        "limit": formatting.percent(month.car.charge_limit_percent),
        "power": formatting.power(expected_power_kw(month.car)),
        "ready_by": f"{month.policy.deadline:%H:%M}",
        "minimum": formatting.percent(month.policy.minimum_charge_limit),
    }
    return (
        _(
            "We assume that you plug in every day at %(time)s with %(level)s, and that the car charges at %(power)s to "
            "its limit of %(limit)s. Ready by %(ready_by)s, minimum %(minimum)s."
        )
        % values
    )


def _source(month: LastMonth, *, is_asked: bool) -> str:
    """Where the time and the level of plugging in come from."""
    if is_asked:
        return _("Time and battery level are the ones you chose.")
    if month.is_own_habit:
        return _("Time and battery level are the middle of your car’s last plug-ins.")
    return _(
        "Your car has not charged often enough to tell, so time and battery level come from others: 3,563 charges "
        "at homes in Trondheim, 13\u00a0kWh on average and half of them begun after 17:00 (Sørensen et al. 2021, "
        "CC BY 4.0)."
    )
