"""The 18 states of a car, what can happen to it, and the table of transitions that the README draws."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Every car is in exactly one of these (API_CONTRACT 8.1)."""

    DISABLED = "DISABLED"
    CONSIDERING = "CONSIDERING"
    UNKNOWN = "UNKNOWN"
    FULLY_CHARGED = "FULLY_CHARGED"
    STOPPING = "PLAN:EXECUTING:STOPPING"
    STOP_FAILED = "PLAN:EXECUTING:STOP_FAILED"
    STOPPED = "PLAN:EXECUTING:STOPPED"
    AWAITING_PRICES = "PLAN:EXECUTING:STOPPED:AWAITING_PRICES"
    STARTING = "PLAN:EXECUTING:STARTING"
    START_FAILED = "PLAN:EXECUTING:START_FAILED"
    STARTED = "PLAN:EXECUTING:STARTED"
    CHARGE_INTERRUPTED = "PLAN:EXECUTING:CHARGE_INTERRUPTED"
    OVERRIDDEN = "PLAN:EXECUTING:OVERRIDDEN"
    FINISHED = "PLAN:ENDED:FINISHED"
    UNPLUGGED = "PLAN:ENDED:UNPLUGGED"
    FAILED = "PLAN:ENDED:FAILED"
    ENDED_DISABLED = "PLAN:ENDED:DISABLED"
    DEADLINE_CHANGED = "PLAN:ENDED:DEADLINE_CHANGED"


WITHOUT_PLAN = frozenset({State.DISABLED, State.CONSIDERING, State.UNKNOWN, State.FULLY_CHARGED})
WAITING = frozenset({State.STOPPED, State.AWAITING_PRICES})
HOLDING = WAITING | {State.STOPPING}
TRYING_TO_START = frozenset({State.STARTING, State.START_FAILED, State.CHARGE_INTERRUPTED})
EXECUTING = HOLDING | TRYING_TO_START | {State.STOP_FAILED, State.STARTED, State.OVERRIDDEN}
ENDED = frozenset({State.FINISHED, State.UNPLUGGED, State.FAILED, State.ENDED_DISABLED, State.DEADLINE_CHANGED})


class Event(StrEnum):
    """What can happen to a car. Each is a fact that `decide` has found, never a wish."""

    POLICY_ON = "policy on"
    POLICY_OFF = "policy off"
    PLACE_REMOVED = "place removed"
    DEADLINE_MOVED = "deadline moved"
    PLUGGED_IN = "plugged in"
    UNPLUGGED = "unplugged"
    CAR_FULL = "car full"
    CHARGE_NEEDED = "charge needed"
    CONTROL_LOST = "control lost"
    CONTROL_BACK = "control back"
    PLAN_WAITS = "plan made, first window later"
    PLAN_CHARGES = "plan made, charging goes on"
    PLAN_STARTS = "plan made, first window now"
    STOP_SEEN = "seen stopped"
    STOP_SEEN_START_UNKNOWN = "seen stopped, prices missing"
    PRICES_MISSING = "next start not known"
    PRICES_PUBLISHED = "next start known"
    START_DUE = "time to charge"
    STOP_DUE = "time to wait"
    CHARGE_SEEN = "seen charging"
    CHARGE_LOST = "charging stopped, not by us"
    FOREIGN_START = "started by somebody else"
    NET_START = "started by the safety net"
    SENDINGS_USED_UP = "sendings used up"
    SILENCE = "no telemetry for two hours"
    LEASE_LOST = "lease not renewed"
    OVERRIDE = "charge now"
    OVERRIDE_OVER = "override over, wait"
    OVERRIDE_OVER_CHARGE = "override over, charge"
    DEADLINE_MISSED = "deadline passed without charging"
    TELEMETRY_GONE = "no telemetry around the deadline"
    SETTLED = "next evaluation"


@dataclass(frozen=True, slots=True)
class Row:
    """What one event does: `moves` lists (from states, to state), `stays` the states that it leaves as they are."""

    event: Event
    moves: tuple[tuple[frozenset[State], State], ...]
    stays: frozenset[State]


def _row(event: Event, *moves: tuple[Iterable[State], State], stays: Iterable[State]) -> Row:
    return Row(event, tuple((frozenset(sources), target) for sources, target in moves), frozenset(stays))


S, E = State, Event
ROWS = (
    _row(E.POLICY_ON, ({S.DISABLED}, S.CONSIDERING), stays=WITHOUT_PLAN - {S.DISABLED} | EXECUTING | ENDED),
    _row(
        E.POLICY_OFF,
        (EXECUTING, S.ENDED_DISABLED),
        (WITHOUT_PLAN - {S.DISABLED} | {S.FINISHED, S.UNPLUGGED, S.FAILED}, S.DISABLED),
        stays={S.DISABLED, S.ENDED_DISABLED, S.DEADLINE_CHANGED},
    ),
    _row(E.PLACE_REMOVED, (EXECUTING, S.ENDED_DISABLED), stays=WITHOUT_PLAN | ENDED),
    _row(E.DEADLINE_MOVED, (EXECUTING, S.DEADLINE_CHANGED), stays=WITHOUT_PLAN | ENDED),
    _row(E.PLUGGED_IN, ({S.UNPLUGGED}, S.CONSIDERING), stays=WITHOUT_PLAN | EXECUTING | ENDED - {S.UNPLUGGED}),
    _row(
        E.UNPLUGGED,
        (EXECUTING, S.UNPLUGGED),
        ({S.FULLY_CHARGED, S.FINISHED, S.FAILED}, S.CONSIDERING),
        stays={S.DISABLED, S.CONSIDERING, S.UNKNOWN, S.UNPLUGGED, S.ENDED_DISABLED, S.DEADLINE_CHANGED},
    ),
    _row(
        E.CAR_FULL,
        (EXECUTING, S.FINISHED),
        ({S.CONSIDERING}, S.FULLY_CHARGED),
        stays=WITHOUT_PLAN - {S.CONSIDERING} | ENDED,
    ),
    _row(
        E.CHARGE_NEEDED,
        ({S.FULLY_CHARGED, S.FINISHED}, S.CONSIDERING),
        stays=WITHOUT_PLAN - {S.FULLY_CHARGED} | EXECUTING | ENDED - {S.FINISHED},
    ),
    _row(
        E.CONTROL_LOST,
        (EXECUTING, S.FAILED),
        ({S.CONSIDERING, S.FULLY_CHARGED, S.FAILED}, S.UNKNOWN),
        stays={S.DISABLED, S.UNKNOWN} | ENDED - {S.FAILED},
    ),
    _row(E.CONTROL_BACK, ({S.UNKNOWN}, S.CONSIDERING), stays=WITHOUT_PLAN - {S.UNKNOWN} | EXECUTING | ENDED),
    _row(E.PLAN_WAITS, ({S.CONSIDERING}, S.STOPPING), stays=WITHOUT_PLAN - {S.CONSIDERING} | EXECUTING | ENDED),
    _row(E.PLAN_CHARGES, ({S.CONSIDERING}, S.STARTED), stays=WITHOUT_PLAN - {S.CONSIDERING} | EXECUTING | ENDED),
    _row(E.PLAN_STARTS, ({S.CONSIDERING}, S.STARTING), stays=WITHOUT_PLAN - {S.CONSIDERING} | EXECUTING | ENDED),
    _row(
        E.STOP_SEEN,
        ({S.STOPPING, S.STOP_FAILED}, S.STOPPED),
        stays=WITHOUT_PLAN | WAITING | TRYING_TO_START | {S.STARTED, S.OVERRIDDEN} | ENDED,
    ),
    _row(
        E.STOP_SEEN_START_UNKNOWN,
        ({S.STOPPING, S.STOP_FAILED}, S.AWAITING_PRICES),
        stays=WITHOUT_PLAN | WAITING | TRYING_TO_START | {S.STARTED, S.OVERRIDDEN} | ENDED,
    ),
    _row(E.PRICES_MISSING, ({S.STOPPED}, S.AWAITING_PRICES), stays=WITHOUT_PLAN | EXECUTING - {S.STOPPED} | ENDED),
    _row(
        E.PRICES_PUBLISHED,
        ({S.AWAITING_PRICES}, S.STOPPED),
        stays=WITHOUT_PLAN | EXECUTING - {S.AWAITING_PRICES} | ENDED,
    ),
    _row(
        E.START_DUE,
        (HOLDING | {S.STOP_FAILED}, S.STARTING),
        stays=WITHOUT_PLAN | TRYING_TO_START | {S.STARTED, S.OVERRIDDEN} | ENDED,
    ),
    _row(E.STOP_DUE, ({S.STARTED}, S.STOPPING), stays=WITHOUT_PLAN | EXECUTING - {S.STARTED} | ENDED),
    _row(
        E.CHARGE_SEEN,
        (TRYING_TO_START, S.STARTED),
        stays=WITHOUT_PLAN | HOLDING | {S.STOP_FAILED, S.STARTED, S.OVERRIDDEN} | ENDED,
    ),
    _row(E.CHARGE_LOST, ({S.STARTED}, S.CHARGE_INTERRUPTED), stays=WITHOUT_PLAN | EXECUTING - {S.STARTED} | ENDED),
    _row(E.FOREIGN_START, (WAITING, S.OVERRIDDEN), stays=WITHOUT_PLAN | EXECUTING - WAITING | ENDED),
    _row(E.NET_START, (WAITING, S.STOPPING), stays=WITHOUT_PLAN | EXECUTING - WAITING | ENDED),
    _row(
        E.SENDINGS_USED_UP,
        ({S.STOPPING}, S.STOP_FAILED),
        ({S.STARTING}, S.START_FAILED),
        stays=WITHOUT_PLAN | EXECUTING - {S.STOPPING, S.STARTING} | ENDED,
    ),
    _row(E.SILENCE, (HOLDING, S.STARTING), stays=WITHOUT_PLAN | EXECUTING - HOLDING | ENDED),
    _row(E.LEASE_LOST, (WAITING, S.STARTING), stays=WITHOUT_PLAN | EXECUTING - WAITING | ENDED),
    _row(E.OVERRIDE, (EXECUTING - {S.OVERRIDDEN}, S.OVERRIDDEN), stays=WITHOUT_PLAN | {S.OVERRIDDEN} | ENDED),
    _row(E.OVERRIDE_OVER, ({S.OVERRIDDEN}, S.STOPPING), stays=WITHOUT_PLAN | EXECUTING - {S.OVERRIDDEN} | ENDED),
    _row(E.OVERRIDE_OVER_CHARGE, ({S.OVERRIDDEN}, S.STARTING), stays=WITHOUT_PLAN | EXECUTING - {S.OVERRIDDEN} | ENDED),
    _row(
        E.DEADLINE_MISSED,
        (TRYING_TO_START | {S.STOP_FAILED}, S.FAILED),
        stays=WITHOUT_PLAN | HOLDING | {S.STARTED, S.OVERRIDDEN} | ENDED,
    ),
    _row(E.TELEMETRY_GONE, (EXECUTING, S.FAILED), stays=WITHOUT_PLAN | ENDED),
    _row(
        E.SETTLED,
        ({S.ENDED_DISABLED}, S.DISABLED),
        ({S.DEADLINE_CHANGED}, S.CONSIDERING),
        stays=WITHOUT_PLAN | EXECUTING | {S.FINISHED, S.UNPLUGGED, S.FAILED},
    ),
)

TRANSITIONS: dict[tuple[State, Event], State] = {
    (source, row.event): target for row in ROWS for sources, target in row.moves for source in sources
} | {(state, row.event): state for row in ROWS for state in row.stays}
"""Every pair of state and event, exactly once; a pair that leads to its own state moves nothing."""


def next_state(state: State, event: Event) -> State:
    """Returns the state that `event` leads to, `state` itself where the event moves nothing."""
    return TRANSITIONS[state, event]


def moved_by(event: Event) -> frozenset[State]:
    """The states that `event` leads out of."""
    return frozenset(source for row in ROWS if row.event == event for sources, _ in row.moves for source in sources)


def draw() -> str:
    """Returns the table as a Mermaid state diagram, for the README."""
    lines = ["stateDiagram-v2", "    [*] --> DISABLED"]
    arrows: dict[tuple[str, str], list[str]] = {}
    for row in ROWS:
        for sources, target in row.moves:
            names = ["EXECUTING"] if EXECUTING - {target} <= sources else []
            names += sorted(s.name for s in sources if not (names and s in EXECUTING))
            for name in names:
                arrows.setdefault((name, target.name), []).append(row.event.value)
    lines.append("    state EXECUTING {")
    inner = {state.name for state in EXECUTING}
    drawn = [(a, b, " / ".join(events)) for (a, b), events in arrows.items()]
    lines += [f"        {a} --> {b}: {label}" for a, b, label in drawn if a in inner and b in inner]
    lines.append("    }")
    lines += [f"    {a} --> {b}: {label}" for a, b, label in drawn if not (a in inner and b in inner)]
    return "\n".join(lines) + "\n"
