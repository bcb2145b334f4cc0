"""What a vendor says became of a command. It is told to operators; only the car itself proves anything."""

from __future__ import annotations

from django.db.models import F

from charging.adapters.vehicles.enode import Follow
from charging.adapters.vehicles.enode_actions import PENDING, Action
from charging.models import Command
from charging.models.commands import OPEN

TO_FOLLOW = ("", PENDING)


def to_follow(vehicle_id: int) -> Follow | None:
    """Returns the action of the car's open command, until the vendor has said how it ended; None without one."""
    open_ones = Command.objects.filter(vehicle_id=vehicle_id, status__in=OPEN, vendor_action_state__in=TO_FOLLOW)
    action_id = open_ones.exclude(vendor_action_id="").values_list("vendor_action_id", flat=True).first()
    return None if action_id is None else Follow(action_id, lambda action: note_action(vehicle_id, action))


def note_action(vehicle_id: int, action: Action) -> bool:
    """Writes down how an action stands, beside the command that it belongs to. Returns whether there is one.

    One that somebody else has ended tells of another schedule. The sending again goes on as the ledger has it, under
    another id once the action is over. What has ended stays as it ended, and what comes late takes nothing back.
    """
    mine = Command.objects.filter(vehicle_id=vehicle_id, vendor_action_id=action.id)
    is_there = mine.exists()
    if action.state == PENDING:
        mine = mine.filter(vendor_action_state__in=TO_FOLLOW)
    open_ones = mine.filter(status__in=OPEN)
    if action.state != PENDING:
        open_ones.filter(vendor_action_state__in=TO_FOLLOW).update(refusals=F("refusals") + 1)
    if action.is_unsuccessful:
        open_ones.update(failure_detail=action.words[:200])
    if action.is_by_somebody_else:
        # What we have called back ourselves is not open any more.
        open_ones.update(is_schedule_conflict=True)
    mine.update(vendor_action_state=action.state)
    return is_there
