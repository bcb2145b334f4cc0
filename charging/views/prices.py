"""Today's and tomorrow's prices at one of the driver's places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from charging.core.facts import PriceInterval
from charging.models import Driver, Location
from charging.operations.clocks import own_now
from charging.operations.place_prices import prices_for, with_estimates
from charging.operations.prices import PricePeriod
from charging.views import formatting
from charging.views.access import driver_of
from charging.views.plan_figure import PlanFigure, draw_prices
from charging.views.price_explained import PartsTable, parts_in, parts_table, price_now
from charging.views.price_publication import published
from charging.views.sample_notice import price_note, sample_notice
from charging.views.tariff_values import in_words


@dataclass(frozen=True, slots=True)
class PriceDay:
    """One local day; without a figure nothing is known of its prices, not even an estimate.

    `is_awaited`: the market has not published all of it, so that at least a part is estimated.
    """

    heading: str
    figure: PlanFigure | None
    note: str
    is_awaited: bool = False
    parts: PartsTable | None = None
    recorded_on: tuple[date, ...] = ()


@never_cache
@require_safe
@login_required
def prices(request: HttpRequest) -> HttpResponse:
    """Both days as pictures with tables, and why a kilowatt-hour costs what it does; `?place=` chooses the place."""
    driver = driver_of(request)
    if driver is None:
        return redirect("/setup/")
    places = list(Location.objects.of_driver(driver).with_prices().order_by("created_at", "pk"))
    wanted = request.GET.get("place")
    place = next((place for place in places if str(place.public_id) == wanted), places[0] if places else None)
    now = own_now(driver=driver)
    period = _period(driver, place, now) if place is not None else None
    days = _days(period, place, now) if period is not None and place is not None else []
    recorded = sorted({at for day in days for at in day.recorded_on})
    is_simulated = driver.vehicles.filter(gateway="simulator").exists()
    context = {
        "places": places,
        "place": place,
        "priced": in_words(place) if place is not None else "",
        "now": price_now(period, now) if period is not None else (),
        "days": days,
        "sample_notice": sample_notice(is_simulated=is_simulated, recorded_on=recorded),
    }
    return render(request, "charging/prices.html", context)


def _bounds(place: Location, now: datetime) -> tuple[datetime, datetime, datetime]:
    """The beginnings of today, tomorrow and the day after at the place."""
    zone = ZoneInfo(place.timezone_name)
    today = now.astimezone(zone).date()
    starts = [datetime.combine(today + timedelta(days=n), time(0), tzinfo=zone).astimezone(UTC) for n in range(3)]
    return starts[0], starts[1], starts[2]


def _period(driver: Driver, place: Location, now: datetime) -> PricePeriod | None:
    start, _tomorrow, end = _bounds(place, now)
    period = prices_for(location=place, driver=driver, start=start, end=end, now=now)
    return None if period is None else with_estimates(period, end, place)


def _days(period: PricePeriod, place: Location, now: datetime) -> list[PriceDay]:
    today, tomorrow, after = _bounds(place, now)
    both = [interval for interval in period.intervals if interval.start >= today and interval.end <= after]
    return [
        _day(_("Today"), period, both, place, today, tomorrow, now),
        _day(_("Tomorrow"), period, both, place, tomorrow, after, now),
    ]


def _day(
    heading: str,
    period: PricePeriod,
    both: list[PriceInterval],
    place: Location,
    start: datetime,
    end: datetime,
    now: datetime,
) -> PriceDay:
    """One day, drawn to the scale of `both`."""
    zone = ZoneInfo(place.timezone_name)
    shown = [interval for interval in both if interval.start >= start and interval.end <= end]
    if not shown:
        return PriceDay(heading, None, "")
    figure = draw_prices(
        intervals=both,
        starts_at=start,
        ends_at=end,
        now=now if start <= now < end else None,
        timezone=zone,
        currency=period.currency,
        caption=_caption(shown, zone, period.currency),
        table_caption=_("Prices %(day)s") % {"day": formatting.day_word(start, now, zone) or _("today")},
        figure_id=f"prices-{start:%Y%m%d}",
    )
    recorded = period.recorded_between(start, end)
    parts = [part for part in parts_in(period) if part.start >= start and part.end <= end]
    note = price_note(recorded, is_spot_only=period.terms is None or period.terms.is_spot_only)
    return PriceDay(
        heading=heading,
        figure=figure,
        note=f"{note} {published(period, start, end, now, zone)}".rstrip(),
        is_awaited=any(interval.is_estimate for interval in shown),
        parts=parts_table(parts, zone, period.currency),
        recorded_on=recorded,
    )


def _caption(shown: list[PriceInterval], zone: ZoneInfo, currency: str) -> SafeString:
    cheap = min(shown, key=lambda interval: interval.price_per_kwh)
    dear = max(shown, key=lambda interval: interval.price_per_kwh)
    if cheap.price_per_kwh == dear.price_per_kwh:
        return format_html(_("{price} all day."), price=formatting.price(cheap.price_per_kwh, currency))
    return format_html(
        _("Cheapest at {cheap_at} with {cheap}, most expensive at {dear_at} with {dear}."),
        cheap_at=format_html("<b>{}</b>", formatting.clock(cheap.start, zone)),
        cheap=formatting.price(cheap.price_per_kwh, currency),
        dear_at=format_html("<b>{}</b>", formatting.clock(dear.start, zone)),
        dear=formatting.price(dear.price_per_kwh, currency),
    )
