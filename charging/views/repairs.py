"""Repair cards: what the driver can put right, most severe first, never more than three."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from charging.views import formatting
from charging.views.connection_card import connection_card
from charging.views.finding_cards import finding_cards
from charging.views.minimum_repair import minimum_above_limit
from charging.views.obstacle_words import obstacle_card
from charging.views.put_aside import put_aside
from charging.views.repair import Repair
from charging.views.situation import Situation
from charging.views.what_to_check import CHECK, check_now, what_to_check

MOST_SHOWN = 3

WAKE_UP = (
    gettext_lazy("Unlock the car or open its app. That wakes it up."),
    gettext_lazy("If it stands where there is no mobile coverage, nothing is wrong: it charges by itself in time."),
)


def repairs(situation: Situation) -> tuple[Repair, ...]:
    """The cards that the dashboard shows. Each goes away by itself when its cause is gone."""
    return all_repairs(situation)[:MOST_SHOWN]


def more_repairs(situation: Situation) -> str:
    """How many more cards there are, in words; empty for none."""
    count = len(all_repairs(situation)) - MOST_SHOWN
    return ngettext("%(count)d more", "%(count)d more", count) % {"count": count} if count > 0 else ""


def all_repairs(situation: Situation) -> tuple[Repair, ...]:
    """Every card that holds now, the problems first, without those put aside.

    A finding that explains what went wrong stands for both.
    """
    found = finding_cards(situation)
    is_explained = any(card.id == CHECK for card in found)
    first = what_to_check(situation) if not is_explained else None
    others = (
        obstacle_card(situation.vehicle),
        first,
        connection_card(situation) or _is_silent(situation),
        minimum_above_limit(situation),
    )
    cards = [put_aside(card, situation) for card in (*found, *others) if card is not None]
    shown = (card for card in cards if card is not None)
    return tuple(sorted(shown, key=lambda card: (not card.is_problem, card.id != CHECK)))


def _is_silent(situation: Situation) -> Repair | None:
    if situation.silent_for is None or situation.view is None or situation.view.observed_at is None:
        return None
    return Repair(
        id="silent",
        title=_("Your car does not answer"),
        sentence=_("Last heard %(age)s ago. A car that we hold is let go after two hours, so that it is ready in time.")
        % {"age": formatting.duration(situation.silent_for)},
        steps=WAKE_UP,
        actions=(check_now(situation),),
        occasion=situation.view.observed_at.isoformat(),
    )
