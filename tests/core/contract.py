"""The state machine as API_CONTRACT 8.2 to 8.5 has it: a table of its own, made from that text and not from the code.

A row says from where to where a car may move and what has to be true for it. Rows that `must` be taken do not let a
car stay. What the rules do beyond that text stands in rows of its own, each with the reason for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.core.seen import (
    Seen,
    always,
    cable_pulled,
    charge_needed,
    control_is_back,
    control_lost,
    control_or_prices_lost,
    deadline_moved,
    deadline_passed,
    declared_net_started,
    full,
    held_too_long,
    interrupted,
    new_plan_starts_later,
    new_plan_starts_now,
    next_start_known,
    next_start_unknown,
    override_given,
    override_over,
    place_removed,
    plugged_in,
    policy_off,
    policy_on,
    prices_lost,
    seen_charging,
    seen_stopped,
    sendings_used_up,
    silent,
    started_by_others,
    telemetry_gone,
    time_to_charge,
    window_over,
)

OUTSIDE = frozenset({"DISABLED", "CONSIDERING", "UNKNOWN", "FULLY_CHARGED"})
RUNNING = frozenset(
    f"PLAN:EXECUTING:{name}"
    for name in (
        *("STOPPING", "STOP_FAILED", "STOPPED", "STOPPED:AWAITING_PRICES", "STARTING", "START_FAILED", "STARTED"),
        *("CHARGE_INTERRUPTED", "OVERRIDDEN"),
    )
)
OVER = frozenset(f"PLAN:ENDED:{name}" for name in ("FINISHED", "UNPLUGGED", "FAILED", "DISABLED", "DEADLINE_CHANGED"))


@dataclass(frozen=True, slots=True)
class Row:
    """A move that is allowed while `trigger` holds; `reason` says where it comes from when section 8 is silent."""

    sources: frozenset[str]
    target: str
    trigger: Callable[[Seen], bool]
    must: bool = False
    reason: str = ""

    def __str__(self) -> str:
        return f"{'/'.join(sorted(self.sources))} -> {self.target} ({self.trigger.__name__})"


def _row(
    sources: Iterable[str] | str, target: str, trigger: Callable[[Seen], bool], *, must: bool = False, reason: str = ""
) -> Row:
    names = {sources} if isinstance(sources, str) else set(sources)
    return Row(frozenset(map(_full_name, names)), _full_name(target), trigger, must, reason)


def _full_name(name: str) -> str:
    """Names of section 8.3 leave out what its heading says."""
    executing = f"PLAN:EXECUTING:{name}"
    return executing if executing in RUNNING else name


AWAITING = "STOPPED:AWAITING_PRICES"

OUTSIDE_A_PLAN = (
    _row("DISABLED", "CONSIDERING", policy_on, must=True),
    _row({"CONSIDERING", "FULLY_CHARGED", "UNKNOWN"}, "DISABLED", policy_off, must=True),
    _row("CONSIDERING", "FULLY_CHARGED", full, must=True),
    _row("FULLY_CHARGED", "CONSIDERING", charge_needed),
    _row("FULLY_CHARGED", "CONSIDERING", cable_pulled, must=True),
    _row({"CONSIDERING", "FULLY_CHARGED"}, "UNKNOWN", control_or_prices_lost, must=True),
    _row("UNKNOWN", "CONSIDERING", control_is_back, must=True),
    _row("CONSIDERING", "STOPPING", new_plan_starts_later),
    _row("CONSIDERING", "STARTED", new_plan_starts_now),
)

WITHIN_A_PLAN = (
    _row("STOPPING", "STOPPED", lambda seen: seen_stopped(seen) and next_start_known(seen), must=True),
    _row("STOPPING", AWAITING, lambda seen: seen_stopped(seen) and next_start_unknown(seen), must=True),
    _row("STOPPING", "STOP_FAILED", sendings_used_up, must=True),
    _row("STOP_FAILED", "STOPPED", lambda seen: seen_stopped(seen) and next_start_known(seen), must=True),
    _row(AWAITING, "STOPPED", next_start_known, must=True),
    _row({AWAITING, "STOPPED"}, "STARTING", time_to_charge, must=True),
    _row({AWAITING, "STOPPED"}, "OVERRIDDEN", started_by_others),
    _row({AWAITING, "STOPPED"}, "STOPPING", declared_net_started),
    _row({AWAITING, "STOPPED", "STOPPING"}, "STARTING", silent, must=True),
    _row({AWAITING, "STOPPED", "STOPPING"}, "STARTING", held_too_long),
    _row("STARTING", "STARTED", seen_charging, must=True),
    _row("STARTING", "START_FAILED", sendings_used_up, must=True),
    _row("START_FAILED", "STARTED", seen_charging, must=True),
    _row("STARTED", "STOPPING", window_over),
    _row("STARTED", "CHARGE_INTERRUPTED", interrupted, must=True),
    _row("CHARGE_INTERRUPTED", "STARTED", seen_charging, must=True),
    _row(RUNNING - {_full_name("OVERRIDDEN")}, "OVERRIDDEN", override_given, must=True),
    _row("OVERRIDDEN", "STOPPING", override_over, must=True),
    _row("OVERRIDDEN", "STARTING", override_over, must=True),
)

ENDS = (
    _row(RUNNING, "PLAN:ENDED:DISABLED", policy_off, must=True),
    _row(RUNNING, "PLAN:ENDED:DISABLED", place_removed, must=True, reason="without a place no command is ours to give"),
    _row(RUNNING, "PLAN:ENDED:DEADLINE_CHANGED", deadline_moved, must=True),
    _row(RUNNING, "PLAN:ENDED:UNPLUGGED", cable_pulled, must=True),
    _row(RUNNING, "PLAN:ENDED:FINISHED", full, must=True),
    _row(RUNNING, "PLAN:ENDED:FAILED", control_lost, must=True),
    _row(RUNNING, "PLAN:ENDED:FAILED", telemetry_gone, must=True),
)
"""Whatever the plan was doing, in the order of section 8.4: of several the first counts."""

MISSED = (
    _row(
        {"STOP_FAILED", "STARTING", "START_FAILED", "CHARGE_INTERRUPTED"},
        "PLAN:ENDED:FAILED",
        deadline_passed,
        must=True,
    ),
)

AFTER_AN_END = (
    _row("PLAN:ENDED:FINISHED", "CONSIDERING", cable_pulled, must=True),
    _row("PLAN:ENDED:FINISHED", "CONSIDERING", charge_needed),
    _row("PLAN:ENDED:UNPLUGGED", "CONSIDERING", plugged_in),
    _row("PLAN:ENDED:FAILED", "CONSIDERING", cable_pulled),
    _row("PLAN:ENDED:FAILED", "UNKNOWN", control_lost),
    _row("PLAN:ENDED:DISABLED", "DISABLED", always),
    _row("PLAN:ENDED:DEADLINE_CHANGED", "CONSIDERING", always),
)

BEYOND = (
    _row("CONSIDERING", "STARTING", new_plan_starts_now, reason="the same, for a car that does not charge yet"),
    _row(
        "STOP_FAILED",
        AWAITING,
        lambda seen: seen_stopped(seen) and next_start_unknown(seen),
        reason="as from STOPPING: the next start is not known",
    ),
    _row("STOPPED", AWAITING, next_start_unknown, reason="new windows whose next start rests on an estimate"),
    _row({"STOPPING", "STOP_FAILED"}, "STARTING", time_to_charge, reason="its window begins before the stop was seen"),
    _row(
        {AWAITING, "STOPPED", "STOPPING", "STOP_FAILED"},
        "STARTING",
        prices_lost,
        must=True,
        reason="DESIGN 1: where all prices are gone, as with another area, there is no reason left to wait",
    ),
    _row(
        {"PLAN:ENDED:FINISHED", "PLAN:ENDED:UNPLUGGED", "PLAN:ENDED:FAILED"},
        "DISABLED",
        policy_off,
        reason="off is off, after an end too",
    ),
)

ROWS = (*OUTSIDE_A_PLAN, *WITHIN_A_PLAN, *ENDS, *MISSED, *AFTER_AN_END, *BEYOND)
_MUST = tuple(row for row in ROWS if row.must)


def first_end(seen: Seen) -> Row | None:
    """The end that counts for a running plan, by the order of section 8.4; None where none has come."""
    return next((row for row in ENDS if row.trigger(seen)), None)


def row_of(source: str, target: str, seen: Seen) -> Row | None:
    """The row that allows this move, None where none does."""
    if source in RUNNING and (end := first_end(seen)) is not None:
        return end if end.target == target else None
    return next((row for row in ROWS if source in row.sources and row.target == target and row.trigger(seen)), None)


def overdue(state: str, seen: Seen) -> list[str]:
    """The rows that must be taken and were not: why this state cannot last. What rests may last."""
    if seen.rests:
        return []
    return [str(row) for row in _MUST if state in row.sources and row.trigger(seen)]
