"""One evaluation: load the facts, decide, write everything that follows in one transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from charging.core.commands import judge
from charging.core.decide import decide
from charging.core.decision import Decision
from charging.core.facts import CommandStatus
from charging.models import Vehicle
from charging.operations.carrying_out import Judged, carry_out
from charging.operations.command_ending import end_command
from charging.operations.facts import Rows, facts_of, load_rows, thresholds_of
from charging.operations.log_context import about_its_vehicle
from charging.operations.resuming import resume_when_due


@about_its_vehicle
@transaction.atomic
def evaluate(*, vehicle: Vehicle, now: datetime, trigger: str) -> Decision:
    """Decides for one car at `now` and writes state, events, plan, command, lease and when to look again.

    Evaluating twice with the same facts writes nothing new. `trigger` names the occasion, for the record.
    """
    vehicle = locked(vehicle=vehicle)
    rows = load_rows(vehicle=vehicle)
    resumes_at = resume_when_due(rows=rows, now=now)
    _judge_command(rows, now)
    facts, period = facts_of(rows=rows, now=now)
    decision = decide(facts, now)
    judged = Judged(rows, facts, period, decision, now)
    carry_out(vehicle=vehicle, judged=judged, trigger=trigger, resumes_at=resumes_at)
    return decision


def locked(*, vehicle: Vehicle) -> Vehicle:
    """Returns the car as it is stored, kept from all others until the end of the transaction.

    Whatever changes a car takes this lock before those on its policy, override or commands: nobody waits in a circle.
    """
    # In two questions: what one joins to a row that it had to wait for is as it was before it waited.
    Vehicle.objects.select_for_update().values_list("pk").get(pk=vehicle.pk)
    return Vehicle.objects.select_related("driver", "planning_row").get(pk=vehicle.pk)


def _judge_command(rows: Rows, now: datetime) -> None:
    """Confirms the open command by what the car shows, or gives it up; also in the rows."""
    vehicle, command = rows.vehicle, rows.command
    if command is None or not command.as_facts().is_open:
        return
    before = command.as_facts()
    after = judge(before, rows.view.as_car(vehicle), now, thresholds_of(vehicle))
    if after == before:
        return
    detail = "The car did not show the effect in time." if after.status == CommandStatus.FAILED else ""
    if not end_command(command=command, vehicle=vehicle, status=after.status, now=now, failure_detail=detail):
        command.refresh_from_db()
