"""What was charged when, what it cost and what it saved: the driver's sessions by month, and as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from charging.models import ChargingSession, Driver, Location
from charging.models.sessions import EnergySource
from charging.operations.clocks import own_now
from charging.views import date_words, formatting
from charging.views.access import driver_of
from charging.views.history_csv import write_csv
from charging.views.month_bars import month_bars
from charging.views.sample_notice import sample_notice
from charging.views.session_rows import local_day, months, saved
from charging.views.session_words import NOTHING, source_words

MOST_ROWS = 400
PERIODS: dict[str, Promise] = {
    "30-days": gettext_lazy("30 days"),
    "year": gettext_lazy("This year"),
    "all": gettext_lazy("All"),
}
DEFAULT_PERIOD = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """One of the choices: its name in the address, its words, and whether it is the one that is shown."""

    name: str
    label: Promise
    is_shown: bool


@never_cache
@require_GET
@login_required
def history(request: HttpRequest) -> HttpResponse:
    """The sessions of all the driver's cars, for the period of `?period=`."""
    driver = driver_of(request)
    if driver is None:
        return redirect("/setup/")
    chosen = _chosen(request)
    sessions = _sessions(driver, chosen)
    is_mixed = len({session.energy_source for session in sessions} - {EnergySource.UNKNOWN.value}) > 1
    recorded = sorted({day for session in sessions for day in session.recorded_days()})
    context: dict[str, Any] = {
        "periods": [Period(name, label, name == chosen) for name, label in PERIODS.items()],
        "chosen": chosen,
        "lead": _lead(sessions, chosen),
        "count": len(sessions),
        # Two parts of months do not compare.
        "bars": month_bars(sessions) if chosen != "30-days" else (),
        "months": months(sessions, names_estimates=is_mixed, most_rows=MOST_ROWS),
        "is_cut": len(sessions) > MOST_ROWS,
        "has_several_cars": driver.vehicles.count() > 1,
        "source": source_words(sessions),
        "is_spot_only": all(session.is_spot_only for session in sessions),
        "newest": sessions[0] if sessions else None,
        "sample_notice": sample_notice(
            is_simulated=driver.vehicles.filter(gateway="simulator").exists(), recorded_on=recorded
        ),
    }
    return render(request, "charging/history.html", context)


@never_cache
@require_GET
@login_required
def history_csv(request: HttpRequest) -> HttpResponse:
    """The same sessions as a file of comma-separated values."""
    driver = driver_of(request)
    if driver is None:
        return redirect("/setup/")
    chosen = _chosen(request)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="readyby-{chosen}.csv"'
    write_csv(answer, _sessions(driver, chosen))
    return answer


def _chosen(request: HttpRequest) -> str:
    wanted = request.GET.get("period", "")
    return wanted if wanted in PERIODS else DEFAULT_PERIOD


def _sessions(driver: Driver, period: str) -> list[ChargingSession]:
    """The sessions worth telling, the newest first; a day begins by the clocks of the driver's first place."""
    place = Location.objects.of_driver(driver).order_by("created_at", "pk").first()
    zone = ZoneInfo(place.timezone_name if place is not None else "UTC")
    sessions = ChargingSession.objects.of_driver(driver).since(_beginning(period, own_now(driver=driver), zone))
    return list(sessions.worth_telling().newest_first().select_related("vehicle").defer("quarters"))


def _beginning(period: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    today = now.astimezone(zone).date()
    first = {"30-days": today - timedelta(days=30), "year": today.replace(month=1, day=1), "all": None}[period]
    return datetime.combine(first, time(0), tzinfo=zone).astimezone(UTC) if first is not None else None


def _lead(sessions: list[ChargingSession], period: str) -> SafeString:
    """What was saved in each currency, or cost more; empty where smart charging had no part yet."""
    currencies = sorted({session.currency for session in sessions if session.saving is not None})
    amounts = {
        currency: saved(session for session in sessions if session.currency == currency) or Decimal(0)
        for currency in currencies
    }
    is_first = all(session.unplugged_at is None for session in sessions)
    if is_first and all(abs(amount) < NOTHING for amount in amounts.values()):
        return SafeString("")
    since = _since(local_day(sessions[-1]), period) if sessions else ""
    gains = [formatting.money(amount, currency) for currency, amount in amounts.items() if amount > -NOTHING]
    losses = [formatting.money(-amount, currency) for currency, amount in amounts.items() if amount <= -NOTHING]
    sentences = []
    if gains:
        text = _("Saved about {amounts} {since}, against charging from plug-in.")
        sentences.append(format_html(text, amounts=_bold(gains), since=since))
    if losses:
        text = _("It cost {amounts} more {since} than charging from plug-in.")
        sentences.append(format_html(text, amounts=_bold(losses), since=since))
    return format_html(" ".join("{}" for _sentence in sentences), *sentences) if sentences else SafeString("")


def _bold(amounts: list[str]) -> SafeString:
    return format_html("<b>{}</b>", formatting.enumeration(amounts))


def _since(first: date, period: str) -> str:
    words = {"30-days": _("in the last 30 days"), "year": _("this year")}
    return words.get(period) or _("since %(day)s") % {"day": date_words.day_month_year(first)}
