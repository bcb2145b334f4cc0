"""Figures of made-up nights, and what stands in them."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from charging.core.facts import PriceInterval, Window
from charging.views.plan_figure import PlanFigure, draw_plan
from charging.views.svg import Text

OSLO = ZoneInfo("Europe/Oslo")
QUARTER = timedelta(minutes=15)
NOW = datetime(2025, 12, 9, 21, 4, tzinfo=UTC)
DEADLINE_AT = datetime(2025, 12, 10, 6, 0, tzinfo=UTC)


def make_intervals(
    start: datetime = datetime(2025, 12, 8, 23, 0, tzinfo=UTC),
    count: int = 192,
    price: Callable[[int], float] = lambda index: 0.04 + 0.0001 * index,
    estimated_from: int = 10_000,
) -> list[PriceInterval]:
    return [
        PriceInterval(start + index * QUARTER, start + (index + 1) * QUARTER, price(index), index >= estimated_from)
        for index in range(count)
    ]


def make_window(hour: int, minute: int, minutes: int, *, day: int = 10, is_forced: bool = False) -> Window:
    start = datetime(2025, 12, day, hour, minute, tzinfo=OSLO).astimezone(UTC)
    energy_kwh = 11 * minutes / 60
    return Window(start, start + timedelta(minutes=minutes), energy_kwh, Decimal(str(energy_kwh)) / 10, is_forced)


def make_figure(
    windows: Sequence[Window] = (make_window(1, 45, 195),),
    intervals: Sequence[PriceInterval] | None = None,
    now: datetime = NOW,
    deadline_at: datetime = DEADLINE_AT,
    soc_percent: float | None = 38,
    cost_charged_at_once: Decimal | None = Decimal("5.1"),
    currency: str = "EUR",
) -> PlanFigure:
    return draw_plan(
        intervals=make_intervals() if intervals is None else intervals,
        windows=windows,
        now=now,
        deadline_at=deadline_at,
        timezone=OSLO,
        currency=currency,
        soc_percent=soc_percent,
        soc_after_percent=80,
        cost_charged_at_once=cost_charged_at_once,
    )


def texts(figure: PlanFigure, css_class: str) -> list[Text]:
    return [text for text in figure.texts if text.css_class == css_class]


def classes(figure: PlanFigure) -> set[str]:
    return {rect.css_class for rect in figure.bars}


def extent(text: Text, letter_px: float) -> tuple[float, float]:
    width = len(text.text) * letter_px / 224 * 100
    x = float(text.x.rstrip("%")) + float(text.dx or 0) / 224 * 100
    left = {"start": x, "middle": x - width / 2, "end": x - width}[text.anchor]
    return left, left + width
