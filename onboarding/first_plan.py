"""The first plan in words and as a picture, or why there is none yet and what it would look like."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext

from charging.core.facts import Window
from charging.models import Vehicle
from charging.operations.previews import Preview, preview
from charging.views import formatting
from charging.views.card_actions import charges_without_a_break
from charging.views.plan_figure import PlanFigure, draw_plan
from charging.views.plan_view import plan_view
from charging.views.plan_warnings import plan_warnings
from charging.views.sample_notice import is_spot_only_at, price_note, sample_notice
from charging.views.situation import Situation, load_situation
from charging.views.status_card import make_card


def first_plan_context(vehicle: Vehicle, now: datetime) -> dict[str, Any]:
    """Returns figure, note, warnings and texts for the page; without a running plan an example and the reason."""
    situation = load_situation(vehicle, now)
    shown = plan_view(situation) if situation.is_executing else None
    if shown is not None:
        notice = sample_notice(is_simulated=vehicle.is_simulated, recorded_on=shown.recorded_on)
        context: dict[str, Any] = {"figure": shown.figure, "note": shown.note, "warnings": plan_warnings(situation)}
        context["ready"] = " ".join(part for part in (shown.ready, shown.basis) if part)
        context["is_as_early_as_can_be"] = charges_already(situation, situation.windows)
        return context | {"has_plan": True, "sample_notice": notice, "what_happens": what_happens(situation)}
    example = preview(vehicle=vehicle, now=now)
    card = make_card(situation)
    recorded_on = example.recorded_on if example is not None else ()
    return {
        "has_plan": False,
        "charges_already": example is not None and charges_already(situation, example.plan.windows),
        "is_as_early_as_can_be": charges_without_a_break(situation),
        "figure": _example_figure(example, situation) if example is not None else None,
        "note": _note(example) if example is not None else "",
        "reason": card.headline,
        "reason_sentence": card.sentence,
        "warnings": [],
        "what_happens": card.sentence,
        "sample_notice": sample_notice(is_simulated=vehicle.is_simulated, recorded_on=recorded_on),
    }


def charges_already(situation: Situation, windows: Sequence[Window]) -> bool:
    """Whether the car charges now, and without a break to the end: nothing would have it ready earlier."""
    ahead = [window for window in windows if window.end > situation.now]
    is_charging = situation.is_plugged_in and situation.view is not None and situation.view.is_charging is True
    is_unbroken = all(before.end == after.start for before, after in pairwise(ahead))
    return is_charging and bool(ahead) and ahead[0].start <= situation.now and is_unbroken


def what_happens(situation: Situation) -> str:
    """Returns what the car does next by itself."""
    if situation.current_window is not None:
        until = formatting.day_clock(situation.current_window.end, situation.now, situation.timezone)
        return gettext("Your car charges now, until %(time)s.") % {"time": until}
    if situation.next_window is not None:
        start = formatting.day_clock(situation.next_window.start, situation.now, situation.timezone)
        return gettext("Your car waits, and starts by itself %(time)s.") % {"time": start}
    return gettext("Your car has everything it needs.")


def _example_figure(example: Preview, situation: Situation) -> PlanFigure:
    return draw_plan(
        intervals=example.prices,
        windows=example.plan.windows,
        now=situation.now,
        deadline_at=example.deadline_at,
        timezone=situation.timezone,
        currency=example.currency,
        soc_percent=situation.view.soc_percent if situation.view is not None else None,
        soc_after_percent=situation.limit_percent,
        cost_charged_at_once=example.plan.cost_charged_at_once,
    )


def _note(example: Preview) -> str:
    return price_note(example.recorded_on, is_spot_only=is_spot_only_at(example.location))
