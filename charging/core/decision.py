"""What `decide` answers: frozen values that say what to write, what to command, and when to look again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from charging.core.facts import CommandKind, CommandPurpose, Hold, RunningPlan
from charging.core.states import State


@dataclass(frozen=True, slots=True)
class Considerations:
    """What must hold before a plan (API_CONTRACT 7.4)."""

    is_plugged_in: bool
    is_charging: bool
    at_charging_location: bool
    has_time_estimate: bool
    is_smart_charge_capable: bool
    needs_significant_charge: bool
    has_charge_above_threshold: bool
    single_user: bool
    wont_stop_existing_charging_session: bool
    likely_to_generate_savings: bool


@dataclass(frozen=True, slots=True)
class CommandIntent:
    """A command to write into the ledger. A STOP always carries its hold."""

    kind: CommandKind
    purpose: CommandPurpose
    hold: Hold | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """One step through the table of transitions."""

    event: str
    from_state: State
    to_state: State


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from the facts: everything that has to be written, and when to look again."""

    state: State
    moves: tuple[Move, ...]
    plan: RunningPlan | None
    command: CommandIntent | None
    renew_hold: Hold | None
    ends_override: bool
    next_evaluation_at: datetime
    rule: str
    considerations: Considerations
    is_protecting: bool
