"""The plan in words: the sentence above the figure and the rows of the table below it, from the same windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from charging.core.facts import PriceInterval, Window
from charging.views import formatting


@dataclass(frozen=True, slots=True)
class WindowRow:
    """One window as text; `battery_after` is empty where no level is known."""

    times: str
    price: str
    energy: str
    battery_after: str
    cost: str
    is_estimate: bool
    is_forced: bool


@dataclass(frozen=True, slots=True)
class PriceRow:
    times: str
    price: str
    is_estimate: bool
    is_charging: bool


@dataclass(frozen=True, slots=True)
class PlanTable:
    """Window rows in time order with their total (None without windows), then every price that is shown."""

    windows: tuple[WindowRow, ...]
    total: WindowRow | None
    prices: tuple[PriceRow, ...]


def make_table(
    windows: Sequence[Window],
    levels_after: Sequence[float | None],
    intervals: Sequence[PriceInterval],
    *,
    timezone: tzinfo,
    currency: str,
) -> PlanTable:
    """Returns the rows of the windows, with the level after each, and of all intervals given."""
    rows = tuple(
        _row(formatting.span(window.start, window.end, timezone), [window], level, currency)
        for window, level in zip(windows, levels_after, strict=True)
    )
    total = _row(gettext("Total"), windows, levels_after[-1], currency) if windows else None
    prices = tuple(
        PriceRow(
            times=formatting.span(interval.start, interval.end, timezone),
            price=formatting.unit_price(interval.price_per_kwh, currency),
            is_estimate=interval.is_estimate,
            is_charging=any(window.start < interval.end and window.end > interval.start for window in windows),
        )
        for interval in intervals
    )
    return PlanTable(rows, total, prices)


def _row(times: str, windows: Sequence[Window], level: float | None, currency: str) -> WindowRow:
    energy_kwh = sum(window.energy_kwh for window in windows)
    cost = total_cost(windows)
    return WindowRow(
        times=times,
        price=formatting.unit_price(cost / Decimal(str(energy_kwh)), currency) if energy_kwh > 0 else "",
        energy=formatting.number(energy_kwh, 1),
        battery_after="" if level is None else formatting.percent(level),
        cost=formatting.money(cost, currency),
        is_estimate=any(window.is_estimate for window in windows),
        is_forced=all(window.is_forced for window in windows),
    )


def total_cost(windows: Sequence[Window]) -> Decimal:
    return sum((window.cost for window in windows), Decimal(0))


def plan_caption(
    *,
    windows: Sequence[Window],
    cost_charged_at_once: Decimal | None,
    deadline_at: datetime | None,
    timezone: tzinfo,
    currency: str,
) -> SafeString:
    """Returns one sentence: when it charges, for about how much, and what charging at once would cost."""
    if not windows:
        if deadline_at is None:
            return format_html("{}", gettext("No charging is planned."))
        return format_html(
            gettext("No charging is planned until {time}."), time=formatting.clock(deadline_at, timezone)
        )
    spans = [format_html("<b>{}</b>", formatting.span(window.start, window.end, timezone)) for window in windows]
    safe = {
        "times": enumerated(spans),
        "cost": format_html("<b>{}</b>", formatting.money(total_cost(windows), currency)),
    }
    if cost_charged_at_once is None:
        return format_html(gettext("Charges {times} for about {cost}."), **safe)
    sentence = gettext("Charges {times} for about {cost}; charging from plug-in would cost about {cost_at_once}.")
    return format_html(sentence, **safe, cost_at_once=formatting.money(cost_charged_at_once, currency))


def past_caption(
    *,
    windows: Sequence[Window],
    has_finished: bool,
    timezone: tzinfo,
    currency: str,
    cost: Decimal | None = None,
    is_whole: bool = False,
) -> SafeString:
    """Returns what a plan that was carried out did, or what one that was broken off had meant to do.

    `cost` is what was really paid, where that is known; with `is_whole` for more than these windows.
    """
    spans = [format_html("<b>{}</b>", formatting.span(window.start, window.end, timezone)) for window in windows]
    is_known = has_finished and cost is not None
    amount = formatting.money(cost if cost is not None and is_known else total_cost(windows), currency)
    paid = format_html("<b>{}</b>", amount)
    did = gettext("Charged {times} for about {cost}.")
    if is_known and is_whole:
        did = gettext("Charged {times} by plan. The whole charge since plug-in cost about {cost}.")
    meant = gettext("The plan was to charge {times} for about {cost}.")
    return format_html(did if has_finished else meant, times=enumerated(spans), cost=paid)


def enumerated(items: Sequence[SafeString]) -> SafeString:
    """Returns `a, b and c` of at least one item, keeping the marks in it."""
    first, last = format_html_join(", ", "{}", ((item,) for item in items[:-1])), items[-1]
    return format_html(gettext("{first} and {last}"), first=first, last=last) if first else last
