"""One night as an example: sample prices, a family car, a plan made by the planner that makes the real ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext

from charging.core.facts import Car, PolicyFacts
from charging.core.need import Need, need_of
from charging.core.planner import plan
from charging.operations.prices import PricePeriod, prices_between
from charging.views.formatting import clock
from charging.views.plan_figure import PlanFigure, draw_plan

AREA_CODE = "NO2"
ZONE = ZoneInfo("Europe/Oslo")
DAY = date(2025, 12, 2)
"""A day whose replayed prices are those recorded on 9 December 2025."""
PLUGGED_IN = time(18, 52)
DEADLINE = time(7)
CAR = Car(battery_capacity_kwh=77, max_power_kw=11, soc_percent=38, charge_limit_percent=80)


@dataclass(frozen=True, slots=True)
class ExampleNight:
    """The drawing, the days its prices were recorded on, and the times the pages name."""

    figure: PlanFigure
    recorded_on: tuple[date, ...]
    plugged_in: str
    start: str
    ready_by: str


def example_night() -> ExampleNight:
    """Returns the night in the reader's language."""
    return _night(get_language())


@lru_cache(maxsize=16)
def _night(_language: str) -> ExampleNight:
    plugged_in_at = datetime.combine(DAY, PLUGGED_IN, ZONE).astimezone(UTC)
    deadline_at = datetime.combine(DAY + timedelta(days=1), DEADLINE, ZONE).astimezone(UTC)
    around = timedelta(hours=12)
    period = prices_between(
        area_code=AREA_CODE,
        start=plugged_in_at - around,
        end=deadline_at + around,
        is_accelerated=True,
        now=plugged_in_at,
    )
    need = need_of(CAR, PolicyFacts(is_enabled=True, deadline_at=deadline_at))
    assert need is not None, "the example's battery level is known"
    figure = _figure(period, need, plugged_in_at, deadline_at)
    return ExampleNight(
        figure=figure[0],
        recorded_on=period.recorded_between(plugged_in_at, deadline_at),
        plugged_in=f"{PLUGGED_IN:%H:%M}",
        start=figure[1],
        ready_by=f"{DEADLINE:%H:%M}",
    )


def _figure(period: PricePeriod, need: Need, plugged_in_at: datetime, deadline_at: datetime) -> tuple[PlanFigure, str]:
    best = plan(
        intervals=[interval for interval in period.intervals if interval.end > plugged_in_at],
        energy_kwh=need.energy_kwh,
        power_kw=need.power_kw,
        now=plugged_in_at,
        deadline=deadline_at,
        max_windows=1,
        reserve=need.reserve,
    )
    figure = draw_plan(
        intervals=period.intervals,
        windows=best.windows,
        now=plugged_in_at,
        deadline_at=deadline_at,
        timezone=ZONE,
        currency=period.currency,
        now_words=gettext("Plugged in %(time)s") % {"time": clock(plugged_in_at, ZONE)},
        cost_charged_at_once=best.cost_charged_at_once,
        figure_id="night",
    )
    return figure, clock(best.windows[0].start, ZONE)
