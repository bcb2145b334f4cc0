"""One night as an example: published prices or the sample's, a family car, a plan by the planner of the real ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext

from charging.core.facts import Car, PolicyFacts
from charging.core.need import Need, need_of
from charging.core.planner import plan
from charging.models import Driver
from charging.operations.prices import PricePeriod, prices_between
from charging.views.area_names import area_name
from charging.views.formatting import clock
from charging.views.plan_figure import PlanFigure, draw_plan
from charging.views.price_publication import published
from charging.views.sample_notice import days, price_note, sample_sentence
from onboarding.live_night import LiveNight, live_night

AREA_CODE = "NO2"
ZONE = ZoneInfo("Europe/Oslo")
DAY = date(2025, 12, 2)
"""A day whose replayed prices are those recorded on 9 December 2025."""
PLUGGED_IN = time(18, 52)
DEADLINE = time(7)
CAR = Car(battery_capacity_kwh=77, max_power_kw=11, soc_percent=38, charge_limit_percent=80)


@dataclass(frozen=True, slots=True)
class ExampleNight:
    """The drawing, where and when its prices are from, and the times the pages name.

    `recorded_on` are the days of sample prices; none where the prices were published for this very night.
    """

    figure: PlanFigure
    recorded_on: tuple[date, ...]
    plugged_in: str
    start: str
    ready_by: str
    note: str


def example_night(*, now: datetime, driver: Driver | None = None) -> ExampleNight:
    """Returns the night in the reader's language: with published prices near the driver, else with the sample's."""
    live = live_night(plugged_in=PLUGGED_IN, deadline=DEADLINE, usual_area=AREA_CODE, driver=driver, now=now)
    return _sample_night(get_language()) if live is None else _live_night(live, now)


@lru_cache(maxsize=16)
def _sample_night(_language: str) -> ExampleNight:
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
    recorded_on = period.recorded_between(plugged_in_at, deadline_at)
    area = gettext("South Norway (NO2), spot price only.")
    source = gettext("Price data: Bundesnetzagentur | SMARD.de, CC BY 4.0.")
    note = f"{area} {sample_sentence(recorded_on)} {source}"
    return _drawn(period, plugged_in_at, deadline_at, ZONE, recorded_on, note)


def _live_night(live: LiveNight, now: datetime) -> ExampleNight:
    zone = ZoneInfo(live.area.timezone_name)
    both = days([live.plugged_in_at.astimezone(zone).date(), live.deadline_at.astimezone(zone).date()])
    where = gettext("Prices of %(area)s on %(days)s.") % {"area": area_name(live.area), "days": both}
    source = published(live.period, live.plugged_in_at, live.deadline_at, now, zone)
    # An area without a bidding zone is a tariff, and more than the market's price.
    parts = [where, price_note(()) if live.area.bidding_zone_eic else "", source]
    note = " ".join(part for part in parts if part)
    return _drawn(live.period, live.plugged_in_at, live.deadline_at, zone, (), note)


def _drawn(
    period: PricePeriod,
    plugged_in_at: datetime,
    deadline_at: datetime,
    zone: ZoneInfo,
    recorded_on: tuple[date, ...],
    note: str,
) -> ExampleNight:
    need = need_of(CAR, PolicyFacts(is_enabled=True, deadline_at=deadline_at))
    assert need is not None, "the example's battery level is known"
    figure, start = _figure(period, need, plugged_in_at, deadline_at, zone)
    return ExampleNight(figure, recorded_on, f"{PLUGGED_IN:%H:%M}", start, f"{DEADLINE:%H:%M}", note)


def _figure(
    period: PricePeriod, need: Need, plugged_in_at: datetime, deadline_at: datetime, zone: ZoneInfo
) -> tuple[PlanFigure, str]:
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
        timezone=zone,
        currency=period.currency,
        now_words=gettext("Plugged in %(time)s") % {"time": clock(plugged_in_at, zone)},
        cost_charged_at_once=best.cost_charged_at_once,
        figure_id="night",
    )
    return figure, clock(best.windows[0].start, zone)
