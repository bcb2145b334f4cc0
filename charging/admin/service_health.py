"""How this installation is doing: the figures of /metrics in words, each with a mark where it is worth a look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from charging.models.vehicles import GatewayName
from charging.operations.clocks import wall_now
from charging.operations.figures import READING_AGES, Figures, load_figures
from charging.operations.price_figures import AreaPrices
from charging.operations.service_figures import Services
from charging.operations.service_health import MOST_LAG, MOST_SILENCE, OLD_PRICES, are_migrations_applied
from charging.views.formatting import duration

OLD_SIGN_OF_LIFE = timedelta(minutes=5)
OLD_MESSAGE = timedelta(minutes=5)
OLD_READING = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `is_fine` is None for what is told and not judged."""

    name: str
    value: str
    is_fine: bool | None = None


@require_safe
def service_page(request: HttpRequest) -> HttpResponse:
    """Returns the page for operators who may look at the signs of life. Raises PermissionDenied for others."""
    if not request.user.has_perm("charging.view_heartbeat"):
        raise PermissionDenied
    rows = tuple(_rows(load_figures(at_wall=wall_now()), are_migrations_applied()))
    context = {
        **admin.site.each_context(request),
        "title": _("How Readyby is doing"),
        "rows": rows,
        "is_fine": all(row.is_fine is not False for row in rows),
    }
    return TemplateResponse(request, "admin/service_health.html", context)


def _rows(figures: Figures, is_migrated: bool) -> Iterator[Row]:
    yield Row(_("Database of this version"), _("yes") if is_migrated else _("no: run manage.py migrate"), is_migrated)
    yield from _sweeping(figures)
    yield from _commands(figures)
    for each in figures.services:
        yield _services(each)
    for area in figures.prices:
        yield _prices(area)
    yield from _messages(figures)
    yield Row(_("Wrong passwords in a quarter of an hour"), str(figures.sign_in_failures))
    yield Row(_("Last backup"), _("not known here: Readyby makes none by itself"))


def _sweeping(figures: Figures) -> Iterator[Row]:
    sweeping = figures.sweeping
    yield Row(_("Longest wait of a car that is due"), _length(sweeping.lag), sweeping.lag <= MOST_LAG)
    yield Row(_("Cars that are due"), str(sweeping.due_rows))
    silence = sweeping.heartbeat_age
    yield Row(_("Last sweep"), _ago(silence), silence is not None and silence <= MOST_SILENCE)
    for name, age in figures.heartbeat_ages.items():
        if name != "sweep":
            yield Row(_("Last sign of life of %(name)s") % {"name": name}, _ago(age), age <= OLD_SIGN_OF_LIFE)


def _commands(figures: Figures) -> Iterator[Row]:
    counted = ", ".join(f"{status} {count}" for status, count in figures.open_commands.items())
    yield Row(_("Commands on their way"), counted)
    yield Row(_("Cars, and of them held"), f"{figures.vehicles}, {figures.vehicles_held}")
    without = figures.held_without_valid_plan
    yield Row(_("Held without a plan"), str(without), without == 0)
    missed = ", ".join(f"{reason} {count}" for reason, count in sorted(figures.deadlines_missed.items()))
    yield Row(_("Plans that missed their deadline, ever"), missed or "0")
    old = figures.readings.count - figures.readings.at_most[READING_AGES.index(OLD_READING)]
    yield Row(_("Cars not heard of for two hours"), str(old))


def _services(kind: Services) -> Row:
    name = _("Services of cars that do not answer (%(kind)s)") % {"kind": GatewayName(kind.vendor).label}
    value = _("%(silent)d of %(count)d") % {"silent": kind.not_answering, "count": kind.count}
    return Row(name, value, not kind.is_down)


def _prices(area: AreaPrices) -> Row:
    name = _("Prices of %(area)s") % {"area": area.area_code}
    if area.are_late:
        return Row(name, _("tomorrow's are late; the newest came: %(ago)s") % {"ago": _ago(area.age)}, is_fine=False)
    if area.age is None and settings.READYBY_LIVE_PRICES:
        return Row(name, _("none came yet"), is_fine=False)
    if area.age is None:
        return Row(name, _("none came; the recorded sample prices are used"))
    # Loaded by hand they come when they come.
    return Row(name, _ago(area.age), area.age <= OLD_PRICES if settings.READYBY_LIVE_PRICES else None)


def _messages(figures: Figures) -> Iterator[Row]:
    oldest = figures.outbox_oldest
    yield Row(_("Oldest message that is in no queue"), _length(oldest), oldest <= OLD_MESSAGE)
    yield Row(_("Oldest delivery that waits for a receiver"), _length(figures.deliveries_oldest))
    yield Row(_("Receivers that fail"), str(figures.webhooks_failing), figures.webhooks_failing == 0)


def _ago(age: timedelta | None) -> str:
    return _("never") if age is None else _("%(length)s ago") % {"length": _length(age)}


def _length(length: timedelta) -> str:
    if length < timedelta(minutes=2):
        return _("%(seconds)d s") % {"seconds": length.total_seconds()}
    return duration(length)
