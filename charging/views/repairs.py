"""Repair cards: what the driver can put right, most severe first, never more than three."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charging.views import formatting
from charging.views.minimum_repair import minimum_above_limit
from charging.views.repair import Repair
from charging.views.situation import Situation
from charging.views.what_to_check import check_now, what_to_check

MOST_SHOWN = 3

WAKE_UP = (
    gettext_lazy("Unlock the car or open its app. That wakes it up."),
    gettext_lazy("If it stands where there is no mobile coverage, nothing is wrong: it charges by itself in time."),
)


def repairs(situation: Situation) -> tuple[Repair, ...]:
    """The cards that hold now. Each goes away by itself when its cause is gone."""
    found = [card for find in FINDERS if (card := find(situation)) is not None]
    return tuple(sorted(found, key=lambda card: not card.is_problem)[:MOST_SHOWN])


def _is_silent(situation: Situation) -> Repair | None:
    if situation.silent_for is None:
        return None
    return Repair(
        id="silent",
        title=_("Your car does not answer"),
        sentence=_("Last heard %(age)s ago. A car that we hold is let go after two hours, so that it is ready in time.")
        % {"age": formatting.duration(situation.silent_for)},
        steps=WAKE_UP,
        actions=(check_now(situation),),
    )


FINDERS: tuple[Callable[[Situation], Repair | None], ...] = (what_to_check, _is_silent, minimum_above_limit)
