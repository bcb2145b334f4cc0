"""Template tags: how values are written (charging/views/formatting.py), and the parts that forms are made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from charging.views import formatting, guide_words, svg, tariff_values
from charging.views.area_names import area_name

register = template.Library()

register.filter("percent", formatting.percent)
register.filter("energy", formatting.energy)
register.filter("power", formatting.power)
register.filter("priced", tariff_values.in_words)
register.filter("translated", gettext)
register.filter("area_name", area_name)
register.filter("provenance", guide_words.provenance)
register.filter("sources", guide_words.sources)
register.simple_tag(formatting.money, name="money")
register.simple_tag(formatting.about_money, name="about_money")
register.simple_tag(formatting.price, name="price")


def _zone(zone: tzinfo | str) -> tzinfo:
    return ZoneInfo(zone) if isinstance(zone, str) else zone


@register.simple_tag
def clock(at: datetime, zone: tzinfo | str) -> str:
    """`{% clock at zone %}` -> 01:15"""
    return formatting.clock(at, _zone(zone))


@register.simple_tag
def day_clock(at: datetime, now: datetime, zone: tzinfo | str) -> str:
    """`{% day_clock at now zone %}` -> tomorrow 01:15"""
    return formatting.day_clock(at, now, _zone(zone))


@register.simple_tag
def span(start: datetime, end: datetime, zone: tzinfo | str) -> str:
    """`{% span start end zone %}` -> 01:45–05:00"""
    return formatting.span(start, end, _zone(zone))


@register.filter
def duration(length: timedelta) -> str:
    """`{{ length|duration }}` -> 3 h 41 min"""
    return formatting.duration(length)


@register.simple_tag
def control(field: BoundField, css_class: str = "") -> SafeString:
    """The control of a field with a class: `{% control field "input w3" %}`."""
    return field.as_widget(attrs={"class": css_class or "input"})


@register.filter
def control_id(field: BoundField) -> str:
    """Where a link to a field leads: its control, or the first of its radios."""
    return f"{field.auto_id}_0" if field.use_fieldset else field.id_for_label


@register.filter
def value_of(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    """The value under a key, or nothing."""
    return (mapping or {}).get(key, "")


@register.simple_tag
def progress_bars(step: int, steps: int) -> list[svg.Rect]:
    """One bar a step; the current one is taller."""
    pitch = 100 / steps
    states = ["done" if at < step else "now" if at == step else "" for at in range(1, steps + 1)]
    return [
        svg.Rect(
            css_class=state,
            x=svg.percent(index * (pitch + 0.2333)),
            y="0" if state == "now" else "2",
            width=svg.percent(pitch - 1.1667),
            height="10" if state == "now" else "6",
        )
        for index, state in enumerate(states)
    ]
