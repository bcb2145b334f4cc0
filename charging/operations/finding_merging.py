"""Two findings of a car with one thing behind them: an operator makes one of them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from charging.core.causes import Cause, Seen, Status
from charging.core.interference import Finding as Found
from charging.core.sightings import Evidence
from charging.models import Finding
from charging.operations import evaluation
from charging.operations.finding_rows import take_in
from charging.operations.issues import Issue, Refused


@transaction.atomic
def merge(*, finding: Finding, into: Finding, now: datetime) -> Finding:
    """Makes one of two open findings of a car and evaluates it: `into` stays. Returns that one as stored.

    The card of the other goes, and the timeline says nothing: nothing is over. What it rests on is added to the one
    that stays, and so is what speaks for its cause as long as that one is open. Raises Refused where they are no two
    open findings of one car.
    """
    vehicle = evaluation.locked(vehicle=into.vehicle)
    rows = Finding.objects.select_for_update(of=("self",)).select_related("vehicle").open().filter(vehicle=vehicle)
    by_key = {row.pk: row for row in rows.filter(pk__in={finding.pk, into.pk})}
    if len(by_key) != 2:
        raise Refused([Issue("NOT_TWO_OPEN", "", _("Only two open findings of one car can be merged"))])
    gone, kept = by_key[finding.pk], by_key[into.pk]
    gone.merged_into, gone.gone_at = kept, now
    gone.save(update_fields=["merged_into", "gone_at"])
    gone.merged.update(merged_into=kept)
    take_in(kept, as_found(gone), now)
    evaluation.evaluate(vehicle=vehicle, now=now, trigger="operator")
    return kept


def as_found(row: Finding) -> Found:
    """What is stored of a finding, as it was found."""
    evidence = (
        Evidence(datetime.fromisoformat(item["at"]), Seen(item["seen"]), item["value"]) for item in row.evidence
    )
    return Found(
        cause=Cause(row.cause),
        codes=tuple(row.codes),
        score=row.score,
        status=Status(row.status),
        nights=row.nights,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        evidence=tuple(evidence),
        clock_time=row.clock_time,
        percent=row.percent,
    )
