"""A repair card: what is wrong, and what the driver can do about it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from charging.views.card_actions import Action
from charging.views.timeline import RailEvent


@dataclass(frozen=True, slots=True)
class Repair:
    """One card as components/repair_card.html shows it.

    `also` are paragraphs below the first sentence, `source` leads to where the steps come from, `evidence` is what was
    seen, behind a disclosure. `occasion` tells this occurrence from the next one: a card that has one can be put aside.
    """

    id: str
    title: str
    sentence: str
    steps: tuple[str | Promise, ...] = ()
    is_problem: bool = False
    actions: tuple[Action, ...] = ()
    also: tuple[str, ...] = ()
    source: Action | None = None
    evidence: tuple[RailEvent, ...] = ()
    occasion: str = ""
