"""How we calculate: in words, and with the numbers of one of the driver's own sessions."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from charging.models import ChargingSession, Vehicle
from charging.views import date_words, formatting
from charging.views.access import own_vehicle
from charging.views.night_words import night_words
from charging.views.sample_notice import price_note, sample_notice
from charging.views.session_rows import local_day
from charging.views.session_sums import session_sums
from charging.views.session_table import QuarterTable, at_once_table, charged_table
from charging.views.session_words import battery_words, reasons, source_words
from charging.views.sums import Sum


@dataclass(frozen=True, slots=True)
class Example:
    """One session as the page shows it."""

    heading: str
    happened: str
    when: str
    battery: str
    sums: tuple[Sum, ...]
    promise: str
    reasons: tuple[str, ...]
    charged: QuarterTable
    at_once: QuarterTable
    has_both: bool
    source: str
    price_note: str


@never_cache
@require_GET
@login_required
def savings(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The method, with the session of `?session=` or else the last one whose cost is known as its example."""
    vehicle = own_vehicle(request, public_id)
    session = _session(vehicle, request.GET.get("session"))
    recorded = session.recorded_days() if session is not None else ()
    context = {
        "vehicle": vehicle,
        "example": _example(session) if session is not None else None,
        "is_asked": "session" in request.GET,
        "sample_notice": sample_notice(is_simulated=vehicle.is_simulated, recorded_on=recorded),
    }
    return render(request, "charging/savings.html", context)


def _session(vehicle: Vehicle, wanted: str | None) -> ChargingSession | None:
    """The session that is asked for; else the last with a saving, or the last with a cost; None without one."""
    sessions = vehicle.charging_sessions.select_related("vehicle")
    if wanted is not None:
        try:
            found = sessions.filter(public_id=wanted).first()
        except ValidationError:
            raise Http404 from None
        if found is None:
            raise Http404
        return found
    newest = sessions.worth_telling().filter(cost__isnull=False).newest_first()
    return newest.filter(saving__isnull=False).first() or newest.first()


def _example(session: ChargingSession) -> Example:
    return Example(
        heading=_heading(session),
        happened=night_words(session),
        when=_when(session),
        battery=battery_words(session) if session.soc_from_percent is not None else "",
        sums=session_sums(session),
        promise=_promise(session),
        reasons=tuple(reasons(session)),
        charged=charged_table(session),
        at_once=at_once_table(session),
        has_both=session.has_all_prices,
        source=source_words([session]),
        price_note=price_note(session.recorded_days(), is_spot_only=session.is_spot_only),
    )


def _heading(session: ChargingSession) -> str:
    values = {"day": date_words.day_month(local_day(session)), "place": session.place_name}
    if not session.place_name:
        return _("The charge of %(day)s") % values
    return _("The charge of %(day)s at %(place)s") % values


def _when(session: ChargingSession) -> str:
    zone = ZoneInfo(session.timezone_name)
    start = _day_and_time(session, zone)
    if session.unplugged_at is None:
        return _("Plugged in %(start)s, and still is. These are the numbers so far.") % {"start": start}
    end = formatting.clock(session.unplugged_at, zone)
    day = session.unplugged_at.astimezone(zone).date()
    if day != local_day(session):
        end = f"{date_words.day_month(day)} {end}"
    return _("Plugged in %(start)s, unplugged %(end)s.") % {"start": start, "end": end}


def _day_and_time(session: ChargingSession, zone: ZoneInfo) -> str:
    return f"{date_words.day_month(local_day(session))} {formatting.clock(session.plugged_in_at, zone)}"


def _promise(session: ChargingSession) -> str:
    """What the plan was to cost when it was made; empty where that was not known."""
    if session.planned_cost is None:
        return ""
    amount = formatting.about_money(session.planned_cost, session.currency)
    return _("The plan said %(amount)s when it was made, from the prices that were known then.") % {"amount": amount}
