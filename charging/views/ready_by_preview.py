"""What a ready-by time would lead to, in one sentence."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from charging.core.facts import PolicyFacts
from charging.core.market_time import next_deadline
from charging.core.need import need_of
from charging.models import Location, Vehicle, VehicleView
from charging.operations import previews
from charging.operations.learning import known_car
from charging.views import formatting
from charging.views.clock_change import clock_change_words
from charging.views.plan_table import enumerated


def preview_sentence(
    vehicle: Vehicle, deadline: time, minimum_percent: float, now: datetime, *, tells_clocks: bool = True
) -> SafeString:
    """Returns how long charging takes and, once there is a place with prices, when; empty while nothing is known.

    `tells_clocks`: also which moment counts on a night on which the clocks change.
    """
    view = VehicleView.objects.filter(vehicle=vehicle).first()
    if view is None:
        return SafeString("")
    policy = PolicyFacts(is_enabled=True, deadline_at=None, minimum_percent=minimum_percent)
    place = Location.objects.of_driver(vehicle.driver).order_by("created_at", "pk").first()
    need = need_of(known_car(vehicle=vehicle, view=view, location=place), policy)
    if need is None or view.soc_percent is None or need.energy_kwh <= 0:
        return SafeString("")
    sentence = format_html(
        gettext("With {level} now this needs about {duration}."),
        level=formatting.percent(view.soc_percent),
        duration=format_html("<b>{}</b>", formatting.duration(need.duration)),
    )
    clocks = _clock_change(place, deadline, now) if tells_clocks else ""
    found = (sentence, _plan_sentence(vehicle, deadline, minimum_percent, now), clocks)
    return format_html_join(" ", "{}", ((part,) for part in found if part))


def _clock_change(place: Location | None, deadline: time, now: datetime) -> str:
    """Which moment counts on a night on which the clocks of the place change."""
    if place is None:
        return ""
    name = place.timezone_name
    return clock_change_words(deadline, next_deadline(deadline, name, now), ZoneInfo(name))


def _plan_sentence(vehicle: Vehicle, deadline: time, minimum_percent: float, now: datetime) -> SafeString:
    supposed = previews.supposed_policy(
        vehicle=vehicle, deadline=deadline, minimum_charge_limit=minimum_percent, now=now
    )
    preview = previews.preview(vehicle=vehicle, now=now, policy=supposed)
    if preview is None or not preview.plan.windows:
        return SafeString("")
    zone = ZoneInfo(preview.location.timezone_name)
    spans = [format_html("<b>{}</b>", formatting.span(w.start, w.end, zone)) for w in preview.plan.windows]
    if preview.plan.windows[-1].end - preview.deadline_at >= timedelta(minutes=1):
        return format_html(
            gettext(
                "Now there is too little time until then: it would charge at once, {times}. The next time you plug in, "
                "we choose the cheapest hours."
            ),
            times=enumerated(spans),
        )
    return format_html(gettext("Tonight’s plan would be {times}."), times=enumerated(spans))
