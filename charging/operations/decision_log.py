"""The log of decisions: written with what they change, kept for a while, and decided again on demand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from charging.core.decide import AS_BEFORE, decide
from charging.core.decision import Decision
from charging.core.facts import Facts
from charging.core.facts_json import fingerprint, from_json, to_json
from charging.models import DecisionLog, PriceSnapshot, Vehicle
from charging.operations.batches import delete_by_vehicle, delete_in_batches

CODE_VERSION = "0.2.0"


@dataclass(frozen=True, slots=True)
class Replay:
    """What the stored facts lead to today, and in which parts of the decision that differs from what was decided."""

    decision: Decision
    differences: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        return not self.differences


def changes_anything(facts: Facts, decision: Decision, rule_before: str) -> bool:
    """Whether a decision is more than another look: a step, another plan, a command, an override over, another reason.

    Renewing a lease is no change: it keeps things as they are.
    """
    is_plan_changed = decision.plan != facts.plan
    is_another_reason = decision.rule not in {rule_before, AS_BEFORE}
    has_moved = any(move.from_state != move.to_state for move in decision.moves)
    return has_moved or is_plan_changed or decision.command is not None or decision.ends_override or is_another_reason


@transaction.atomic(savepoint=False)
def log_decision(
    *, vehicle: Vehicle, facts: Facts, decision: Decision, rule_before: str, trigger: str, now: datetime
) -> DecisionLog | None:
    """Writes one row for a decision that changed something. Returns it, None where nothing changed."""
    if not changes_anything(facts, decision, rule_before):
        return None
    stored = to_json(facts)
    facts_hash, prices = fingerprint(stored), stored.pop("prices")
    snapshot, _ = PriceSnapshot.objects.get_or_create(fingerprint=fingerprint(prices), defaults={"prices": prices})
    command = decision.command
    return DecisionLog.objects.create(
        vehicle=vehicle,
        at=now,
        trigger=trigger[:40],
        facts_hash=facts_hash,
        facts=stored,
        prices=snapshot,
        decision=to_json(decision),
        rule=decision.rule[:60],
        state_before=facts.state.value,
        state_after=decision.state.value,
        command=f"{command.kind.value} {command.purpose.value}" if command is not None else "",
        code_version=CODE_VERSION,
    )


def replay(row: DecisionLog) -> Replay:
    """Decides again from the stored facts. Raises TypeError, KeyError or ValueError where they no longer are facts."""
    facts: Facts = from_json(Facts, {**row.facts, "prices": row.prices.prices})
    decision = decide(facts, row.at)
    before: dict[str, Any] = row.decision
    after = to_json(decision)
    return Replay(decision, tuple(name for name in after if after[name] != before.get(name)))


def forget_old_decisions(*, at_wall: datetime) -> int:
    """Deletes rows older than the setting, and prices that no row needs any more. Returns how many rows went."""
    oldest = at_wall - timedelta(days=settings.READYBY_KEEP_DECISIONS_DAYS)
    count = delete_by_vehicle(DecisionLog.objects.filter(at__lt=oldest))
    delete_in_batches(PriceSnapshot.objects.filter(~Exists(DecisionLog.objects.filter(prices=OuterRef("pk")))))
    return count
