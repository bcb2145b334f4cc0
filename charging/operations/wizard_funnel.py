"""Measuring the wizard, on this server alone: what happened at its steps, written down and added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count, QuerySet

from charging.models import WizardEvent
from charging.models.wizard_events import DeviceClass, WizardHappening
from charging.operations.batches import delete_in_batches

KEPT_FOR = timedelta(days=30)
AWAY_FOR = timedelta(minutes=30)
"""Who comes back after so long has resumed; so long a look at one page is no time spent on it."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """What a request tells of whoever sent it; `has_scripts` is None before a form was sent."""

    device: DeviceClass
    language: str
    has_scripts: bool | None = None


def note_step(
    *,
    draft_number: int,
    step: str,
    happened: WizardHappening,
    visitor: Visitor,
    at_wall: datetime,
    faults: Sequence[tuple[str, str]] = (),
) -> None:
    """Writes down what happened: one row, and for a refusal one for each of `faults`, pairs of a field and a code."""
    last = WizardEvent.objects.filter(draft_number=draft_number).order_by("-at", "-pk").first()
    entered = WizardEvent.objects.filter(draft_number=draft_number, step=step, happened=WizardHappening.ENTERED)
    seconds = None
    if happened == WizardHappening.DONE and (newest := entered.order_by("-at", "-pk").first()) is not None:
        took = at_wall - newest.at
        seconds = round(took.total_seconds()) if timedelta() <= took <= AWAY_FOR else None
    WizardEvent.objects.bulk_create(
        WizardEvent(
            at=at_wall,
            draft_number=draft_number,
            step=step,
            happened=happened,
            field=field[:40],
            code=code[:40],
            seconds=seconds,
            device=visitor.device,
            has_scripts=visitor.has_scripts,
            language=visitor.language[:10],
            is_resumed=last is not None and at_wall - last.at > AWAY_FOR,
        )
        for field, code in (faults if happened == WizardHappening.REFUSED else [("", "")])
    )


def forget_old_steps(*, at_wall: datetime) -> int:
    """Deletes what happened in the wizard more than 30 days ago. Returns how many rows."""
    return delete_in_batches(WizardEvent.objects.filter(at__lt=at_wall - KEPT_FOR))


@dataclass(frozen=True, slots=True)
class StepCount:
    """How many drafts came to a step, were refused there and did it; the median of their seconds, None without any."""

    step: str
    entered: int
    refused: int
    done: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class FaultCount:
    """How often a field was refused with a code, and in how many drafts."""

    step: str
    field: str
    code: str
    times: int
    drafts: int


def count_steps(*, steps: Sequence[str], since: datetime) -> list[StepCount]:
    """Returns a row for each of the steps, in their order; two queries."""
    events = WizardEvent.objects.filter(at__gte=since).order_by()
    counted = events.values_list("step", "happened").annotate(drafts=Count("draft_number", distinct=True))
    drafts: Mapping[tuple[str, str], int] = {(step, happened): count for step, happened, count in counted}
    seconds: dict[str, list[int]] = {}
    for step, took in events.filter(seconds__isnull=False).values_list("step", "seconds"):
        seconds.setdefault(step, []).append(took or 0)
    return [
        StepCount(
            step,
            entered=drafts.get((step, WizardHappening.ENTERED), 0),
            refused=drafts.get((step, WizardHappening.REFUSED), 0),
            done=drafts.get((step, WizardHappening.DONE), 0),
            seconds=median(seconds[step]) if step in seconds else None,
        )
        for step in steps
    ]


def count_faults(*, since: datetime) -> list[FaultCount]:
    """Returns what was refused, the most frequent first."""
    refused = WizardEvent.objects.filter(at__gte=since, happened=WizardHappening.REFUSED).order_by()
    counted = refused.values_list("step", "field", "code").annotate(
        times=Count("pk"), drafts=Count("draft_number", distinct=True)
    )
    return sorted((FaultCount(*row) for row in counted), key=lambda row: (-row.times, row.step, row.field, row.code))


def count_visitors(*, by: str, first: str, last: str, since: datetime) -> list[tuple[str, int, int]]:
    """Returns for each value of a field how many drafts came to the first step with it, and did the last one."""
    events = WizardEvent.objects.filter(at__gte=since).exclude(**{by: None}).order_by()

    def drafts(rows: QuerySet[WizardEvent]) -> dict[str, int]:
        return {
            str(value): count for value, count in rows.values_list(by).annotate(n=Count("draft_number", distinct=True))
        }

    came, went = drafts(events.filter(step=first)), drafts(events.filter(step=last, happened=WizardHappening.DONE))
    return [(value, came.get(value, 0), went.get(value, 0)) for value in sorted({*came, *went})]
