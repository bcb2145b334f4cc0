"""A stored decision as the driver read it, and its parts as tables."""

from __future__ import annotations

from django.utils.translation import gettext as _

from charging.admin.case_table import Table, worded
from charging.core.decision import Decision
from charging.core.facts import Facts
from charging.core.facts_json import from_json
from charging.core.states import State
from charging.models import DecisionLog
from charging.operations.renewal_log import is_renewal
from charging.views.status_card import make_card
from charging.views.supposed_situation import supposed_situation
from charging.views.wording import WORDING


def driver_words(row: DecisionLog) -> str:
    """Returns headline and sentence of the status card as that decision left it.

    Of facts that can no longer be read, and of plans that new prices changed, only what the state alone says.
    """
    if is_renewal(row):
        return " ".join((_("The prices have changed, and with them the hours of the plan."), _of_state(row)))
    try:
        facts: Facts = from_json(Facts, {**row.facts, "prices": row.prices.prices})
        decision: Decision = from_json(Decision, row.decision)
    except (TypeError, KeyError, ValueError):
        return _of_state(row)
    card = make_card(supposed_situation(vehicle=row.vehicle, facts=facts, decision=decision, at=row.at))
    return f"{card.headline}. {card.sentence}".strip()


def _of_state(row: DecisionLog) -> str:
    """What needs no value, of the wording of the state and the rule."""
    state = State(row.state_after)
    words = WORDING.get((state, row.rule)) or WORDING.get((state, ""))
    parts = [f"{words.headline}.", *map(str, words.sentences)] if words is not None else []
    return " ".join(part for part in parts if "%(" not in part)


def moves_table(row: DecisionLog, zone: str) -> Table:
    """Returns the steps through the states that the decision made."""
    moves = [(move["event"], move["from_state"], move["to_state"]) for move in row.decision.get("moves") or ()]
    return Table(_("Steps"), worded(moves, zone), (_("event"), _("from"), _("to")))
