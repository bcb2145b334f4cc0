"""The figures in the text format of Prometheus, read from the database when they are asked for."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

from charging.operations.clocks import wall_now
from charging.operations.figures import READING_AGES, Figures, load_figures

PREFIX = "readyby_"


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures for whoever has the operator's token: 404 where there is none, 401 without it or with another."""
    token: str = settings.READYBY_METRICS_TOKEN
    if not token:
        return HttpResponse("Not found", status=404, content_type="text/plain; charset=utf-8")
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), token.encode()):
        refused = HttpResponse("Unauthorized", status=401, content_type="text/plain; charset=utf-8")
        refused["WWW-Authenticate"] = "Bearer"
        return refused
    text = generate_latest(_registry(load_figures(at_wall=wall_now())))
    return HttpResponse(text, content_type=CONTENT_TYPE_PLAIN_0_0_4)


class _Read:
    """The figures as the library asks for them."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures

    def collect(self) -> Iterator[Metric]:
        yield from _gauges(self.figures)
        yield from _labelled(self.figures)
        yield _reading_ages(self.figures)


def _registry(figures: Figures) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(_Read(figures))
    return registry


def _gauges(figures: Figures) -> Iterator[Metric]:
    rows: tuple[tuple[str, str, float], ...] = (
        ("sweep_lag_seconds", "Age of the oldest car that is due", figures.sweeping.lag.total_seconds()),
        ("due_rows", "Cars that are due", figures.sweeping.due_rows),
        ("vehicles", "Cars", figures.vehicles),
        ("vehicles_held", "Cars that are kept from charging", figures.vehicles_held),
        (
            "held_without_valid_plan",
            "Cars that are held without a running plan, or 2 minutes past their hour, and not being started; must be 0",
            figures.held_without_valid_plan,
        ),
        ("outbox_oldest_seconds", "Age of the oldest message in no queue yet", figures.outbox_oldest.total_seconds()),
        (
            "webhook_oldest_seconds",
            "Age of the oldest delivery that waits for an active receiver",
            figures.deliveries_oldest.total_seconds(),
        ),
        ("webhooks_failing", "Active receivers that did not take the last delivery", figures.webhooks_failing),
        (
            "webhook_fail",
            "Attempts in vain since each active receiver last took a delivery",
            figures.webhook_failures,
        ),
        ("auth_fail", "Wrong passwords that count towards a lock now", figures.sign_in_failures),
    )
    for name, meaning, value in rows:
        yield GaugeMetricFamily(PREFIX + name, meaning, value=value)


def _labelled(figures: Figures) -> Iterator[Metric]:
    late = {area.area_code: float(area.are_late) for area in figures.prices}
    known = {area.area_code: area.age for area in figures.prices if area.age is not None}
    yield _by_label("open_commands", "Commands on their way", "status", figures.open_commands)
    yield _by_label("heartbeat_age_seconds", "Since the last sign of life", "name", _seconds(figures.heartbeat_ages))
    offsets = _seconds(figures.clock_offsets)
    yield _by_label(
        "clock_offset_seconds", "The database's clock minus that of the host, by who beats", "name", offsets
    )
    yield _by_label("price_age_seconds", "Since prices of the area last came", "area", _seconds(known))
    yield _by_label("prices_of_tomorrow_late", "1: absent after 16:00, or today's are", "area", late)
    down = {each.vendor: float(each.is_down) for each in figures.services}
    yield _by_label("breaker_state", "1: most services of the kind do not answer and are left alone", "vendor", down)
    silent = {each.vendor: each.not_answering for each in figures.services}
    yield _by_label("services_not_answering", "Services behind cars that are left alone", "vendor", silent)
    missed = CounterMetricFamily(
        f"{PREFIX}deadline_missed", "Plans of real cars that ended without keeping their promise", labels=["reason"]
    )
    for reason, count in sorted(figures.deadlines_missed.items()):
        missed.add_metric([reason], count)
    yield missed


def _by_label(name: str, meaning: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(PREFIX + name, meaning, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family


def _seconds(ages: Mapping[str, timedelta]) -> dict[str, float]:
    return {name: age.total_seconds() for name, age in ages.items()}


def _reading_ages(figures: Figures) -> Metric:
    steps: Iterable[tuple[timedelta, int]] = zip(READING_AGES, figures.readings.at_most, strict=True)
    buckets = [(str(float(step.total_seconds())), count) for step, count in steps]
    family = HistogramMetricFamily(f"{PREFIX}telemetry_age_seconds", "Age of each car's newest reading")
    family.add_metric([], [*buckets, ("+Inf", figures.readings.count)], figures.readings.total.total_seconds())
    return family
