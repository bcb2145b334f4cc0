"""Which change of state becomes which line of the timeline, and who did it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from charging.core.decision import Move
from charging.core.facts import RunningPlan
from charging.core.planning import next_start
from charging.core.renewal import current_window
from charging.core.states import Event, State
from charging.models.activities import Actor

ENTRIES: dict[tuple[Event | None, State], tuple[str, Actor]] = {
    (None, State.STOPPED): ("paused", Actor.READYBY),
    (None, State.AWAITING_PRICES): ("paused", Actor.READYBY),
    (None, State.STARTED): ("started", Actor.READYBY),
    (None, State.STOP_FAILED): ("did_not_stop", Actor.UNKNOWN),
    (None, State.START_FAILED): ("did_not_start", Actor.UNKNOWN),
    (None, State.CHARGE_INTERRUPTED): ("interrupted", Actor.ELSEWHERE),
    (None, State.FINISHED): ("finished", Actor.READYBY),
    (None, State.FAILED): ("failed", Actor.UNKNOWN),
    (None, State.FULLY_CHARGED): ("full", Actor.READYBY),
    (Event.FOREIGN_START, State.OVERRIDDEN): ("taken_over", Actor.ELSEWHERE),
    (Event.NET_START, State.STOPPING): ("net_started", Actor.ELSEWHERE),
    (Event.PLAN_CHARGES, State.STARTED): ("plan_made", Actor.READYBY),
    (Event.PLAN_WAITS, State.STOPPING): ("plan_made", Actor.READYBY),
    (Event.PLAN_STARTS, State.STARTING): ("plan_made", Actor.READYBY),
    (Event.SILENCE, State.STARTING): ("released", Actor.READYBY),
    (Event.LEASE_LOST, State.STARTING): ("lease_lost", Actor.READYBY),
}
"""By the state that is reached; an event named beside it goes before."""

SILENT = {(Event.PRICES_MISSING, State.AWAITING_PRICES), (Event.PRICES_PUBLISHED, State.STOPPED)}


def activity_of(move: Move, plan: RunningPlan | None, now: datetime) -> dict[str, Any] | None:
    """Returns code, actor and parameters of the line that tells of a step; None for steps that tell nothing new."""
    event = Event(move.event)
    if (event, move.to_state) in SILENT:
        return None
    entry = ENTRIES.get((event, move.to_state)) or ENTRIES.get((None, move.to_state))
    if entry is None:
        return None
    code, actor = entry
    return {"code": code, "actor": actor, "params": _params(plan, now)}


def _params(plan: RunningPlan | None, now: datetime) -> dict[str, str]:
    """The instants that the line names: the next start, the end of the present window, the deadline."""
    if plan is None:
        return {}
    start, window = next_start(plan.windows, now), current_window(plan.windows, now)
    params = {"deadline_at": plan.deadline_at.isoformat()}
    if start is not None:
        params["start_at"] = start.start.isoformat()
    if window is not None:
        params["until"] = window.end.isoformat()
    return params
