"""The end of a pause."""

from __future__ import annotations

from datetime import datetime

from charging.models.activities import Actor
from charging.operations import decisions
from charging.operations.facts import Rows


def resume_when_due(*, rows: Rows, now: datetime) -> datetime | None:
    """Ends a pause whose time has come, or that was to last until the next plug-in; also in the rows.

    Returns the instant at which a pause that goes on will end; None without a pause, or one without such an instant.
    """
    policy, plugged_in_at = rows.policy, rows.view.plugged_in_at
    if policy is None or policy.is_enabled or policy.deadline is None:
        return None
    is_over = policy.paused_until is not None and policy.paused_until <= now
    is_new_plug_in = (
        policy.is_paused_until_next_plug_in and plugged_in_at is not None and plugged_in_at > policy.updated_at
    )
    if not is_over and not is_new_plug_in:
        return policy.paused_until
    policy.is_enabled, policy.paused_until, policy.is_paused_until_next_plug_in = True, None, False
    policy.updated_at = now
    policy.version += 1
    policy.save(update_fields=["is_enabled", "paused_until", "is_paused_until_next_plug_in", "updated_at", "version"])
    decisions.note(vehicle=rows.vehicle, code="pause_over", actor=Actor.READYBY, now=now)
    return None
