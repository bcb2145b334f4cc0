"""What operators say of findings: that somebody looks after one, or that it was a false alarm; and how often it was."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from charging.core.causes import Status
from charging.models import Finding
from charging.models.activities import Actor
from charging.models.findings import Answer
from charging.operations import evaluation
from charging.operations.finding_rows import note_finding


def acknowledge(*, finding: Finding, now: datetime) -> bool:
    """Notes that an operator looks after an open finding: it leaves the cars to look at. Returns whether it is new."""
    waiting = Finding.objects.open().filter(pk=finding.pk, acknowledged_at__isnull=True)
    return bool(waiting.update(acknowledged_at=now))


@transaction.atomic
def call_false_alarm(*, finding: Finding, now: datetime) -> Finding:
    """Closes a finding that nothing was behind, and evaluates the car without it. Returns it as stored.

    Its card goes, and the timeline says why where it had told of it. This plug-in and those before it count no more
    for its cause: only what a later one shows may open it again. One that is gone already is only marked.
    """
    vehicle = evaluation.locked(vehicle=finding.vehicle)
    finding = Finding.objects.select_for_update(of=("self",)).select_related("vehicle").get(pk=finding.pk)
    if finding.answer == Answer.FALSE_ALARM:
        return finding
    was_open = finding.gone_at is None
    finding.answer, finding.answered_at = Answer.FALSE_ALARM, now
    finding.gone_at = finding.gone_at or now
    finding.save(update_fields=["answer", "answered_at", "gone_at"])
    if was_open and finding.status == Status.CONFIRMED.value:
        note_finding(finding, "finding_false", now, Actor.SUPPORT)
    if was_open:
        evaluation.evaluate(vehicle=vehicle, now=now, trigger="operator")
    return finding


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a signature has spoken for a confirmed finding, and what became of those; `share` from 0 to 1."""

    code: str
    confirmed: int
    on_purpose: int
    switched_off: int
    false_alarms: int

    @property
    def share(self) -> float:
        return self.false_alarms / self.confirmed


def false_alarm_rates() -> list[Rate]:
    """Returns a rate for each signature that has ever been confirmed, by its number; one query."""
    confirmed = Finding.objects.filter(status=Status.CONFIRMED.value).order_by()
    counts: dict[str, Counter[str]] = {}
    for codes, answer, count in confirmed.values_list("codes", "answer").annotate(count=Count("pk")):
        for code in codes:
            counts.setdefault(code, Counter())[answer] += count
    return [
        Rate(code, of.total(), of[Answer.ON_PURPOSE], of[Answer.SWITCHED_OFF], of[Answer.FALSE_ALARM])
        for code, of in sorted(counts.items(), key=lambda item: int(item[0].removeprefix("F")))
    ]
