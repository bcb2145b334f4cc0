"""What must hold at every evaluation (RELIABILITY 13), as far as it can be seen without a database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from charging.core.decision import Decision
from charging.core.energy import energy_at_plug_kwh
from charging.core.facts import Facts, FailureCondition, Hold, RunningPlan
from tests.core import contract
from tests.core.seen import Seen, at_place, below_minimum, cable_pulled, full, plugged_in, policy_off

SILENT_TOO_LONG = timedelta(minutes=22, seconds=30)
UNIT_KWH = 0.02
UNABLE = {"PLUGGED_IN:NO_POWER", "PLUGGED_IN:FAULT"}
TOO_LATE = {"too_little_time", "no_prices"}


def breaches(seen: Seen) -> list[str]:
    """Returns what is wrong with a decision, empty where all is well."""
    return [*_moves(seen), *_ends(seen), *_commands(seen), *_hold(seen), *_plan(seen), *_override(seen), *_due(seen)]


def changes_again(facts: Facts, first: Decision, second: Decision) -> list[str]:
    """I7: deciding once more, with the first decision written down, changes nothing. An end rests until then."""
    if first.state in contract.OVER:
        return []
    return [
        *([f"I7: once more it moves {second.moves}"] if second.moves else []),
        *([f"I7: once more it commands {second.command}"] if second.command is not None else []),
        *(["I7: once more the plan changes"] if second.plan != facts.plan else []),
    ]


def rows_taken(seen: Seen) -> Iterable[contract.Row]:
    """The rows of the contract that allow the moves of a decision."""
    rows = (contract.row_of(move.from_state, move.to_state, seen) for move in seen.decision.moves)
    return (row for row in rows if row is not None)


def _moves(seen: Seen) -> list[str]:
    """I2: a chain of moves that the contract names, with the trigger that it names."""
    decision, moves = seen.decision, seen.decision.moves
    path = [seen.facts.state, *(move.to_state for move in moves)]
    is_chain = [move.from_state for move in moves] == path[:-1] and path[-1] == decision.state
    return [
        *([] if is_chain else [f"I2: the moves are no chain: {moves}"]),
        *(
            f"I2: {move.from_state} -> {move.to_state} by '{move.event}' is not in the contract"
            for move in moves
            if contract.row_of(move.from_state, move.to_state, seen) is None
        ),
        *(f"stays although it must move: {row}" for row in contract.overdue(decision.state, seen)),
    ]


def _ends(seen: Seen) -> list[str]:
    """I10: an end is final, says which it is, and only FAILED and late FINISHED say what was wrong."""
    before, after = seen.facts.plan, seen.plan
    if before is not None and before.ended_at is not None and after is not None:
        is_new = after.created_at == seen.now and after.ended_at is None
        return [] if after == before or is_new else ["I10: an ended plan has changed"]
    if after is None:
        return ["I10: a plan is gone"] if before is not None else []
    if (after.ended_at is None) != (seen.decision.state in contract.RUNNING):
        return ["I10: a plan runs outside of its states, or ended within them"]
    if after.ended_at is None:
        return []
    is_late = after.ended_at - after.deadline_at > 0.15 * (after.deadline_at - after.created_at)
    failed: set[FailureCondition | None] = {*FailureCondition} - {FailureCondition.FINISHED_LATE}
    finished: set[FailureCondition | None] = {FailureCondition.FINISHED_LATE if is_late else None}
    wanted = {"PLAN:ENDED:FAILED": failed, "PLAN:ENDED:FINISHED": finished}.get(seen.decision.state, {None})
    is_named = after.final_state == seen.decision.state and after.failure_condition in wanted
    return [] if is_named else [f"I10: ended as {after.final_state} with {after.failure_condition}"]


def _commands(seen: Seen) -> list[str]:
    intent, open_kind = seen.decision.command, _open_kind(seen)
    found = []
    if intent is not None and intent.kind == open_kind:
        found.append(f"I1: a second {intent.kind} while one is open")
    if intent is not None and intent.kind == "STOP":
        found += [f"I4: STOP while {what}" for what, holds in FORBIDS_A_STOP.items() if holds(seen)]
    if intent is not None and not plugged_in(seen):
        found.append("a command to a car that is not plugged in")
    if intent is not None and not at_place(seen) and intent.purpose not in {"override", "release"}:
        found.append("a command away from every place")
    if _must_charge(seen) and not _will_charge(seen):
        found.append("I13: not told to charge although it has to")
    return found


def _power_unknown(seen: Seen) -> bool:
    """Neither seen in this plug-in nor learned for this car and place, from three at least (RELIABILITY 8.3)."""
    learned = seen.facts.car.learned
    return seen.facts.car.observed_power_kw is None and (learned is None or learned.sessions < 3)


def _stale(seen: Seen) -> bool:
    observed_at = seen.facts.car.observed_at
    return observed_at is None or seen.now - observed_at > SILENT_TOO_LONG


def _yielded(seen: Seen) -> bool:
    history = seen.facts.this_plug_in
    return history.counter_commands >= seen.facts.thresholds.max_counter_commands


def _overridden(seen: Seen) -> bool:
    is_active = seen.facts.override is not None and not seen.decision.ends_override
    return is_active or seen.decision.state == "PLAN:EXECUTING:OVERRIDDEN"


def _at_the_last_moment(seen: Seen) -> bool:
    return seen.latest_start is None or seen.latest_start <= seen.now


FORBIDS_A_STOP = {
    "off": policy_off,
    "unplugged or away": lambda seen: not at_place(seen),
    "below the minimum": below_minimum,
    "its power is not known": _power_unknown,
    "the last reading is old": _stale,
    "we have yielded": _yielded,
    "overridden (I12)": _overridden,
    "the latest start has come": _at_the_last_moment,
    "full": full,
}


def _open_kind(seen: Seen) -> str | None:
    command = seen.facts.command
    return command.kind.value if command is not None and command.is_open else None


def _can_charge(seen: Seen) -> bool:
    return plugged_in(seen) and not full(seen) and seen.facts.car.power_delivery not in UNABLE


def _must_charge(seen: Seen) -> bool:
    """A plan whose latest start has come, a hold without a plan, and whoever waits for nothing: they charge."""
    state = seen.decision.state
    if not _can_charge(seen):
        return False
    if state in contract.RUNNING - {"PLAN:EXECUTING:OVERRIDDEN"}:
        return _at_the_last_moment(seen) or below_minimum(seen)
    if state in {"DISABLED", "PLAN:ENDED:DISABLED", "PLAN:ENDED:FAILED"}:
        return seen.facts.hold is not None
    is_ours = at_place(seen) and seen.facts.is_single_user and seen.facts.car.is_capable
    return state in {"CONSIDERING", "UNKNOWN"} and is_ours and seen.latest_start is not None


def _will_charge(seen: Seen) -> bool:
    """It charges and no STOP is on its way, or a START is."""
    intent = seen.decision.command
    if intent is not None:
        return intent.kind == "START"
    return _open_kind(seen) == "START" or (seen.facts.car.is_charging is True and _open_kind(seen) is None)


def _hold(seen: Seen) -> list[str]:
    """I5: a hold ends by the latest start, is renewed by then, and is looked at by then."""
    decision, intent = seen.decision, seen.decision.command
    asked = [hold for hold in (decision.renew_hold, intent.hold if intent is not None else None) if hold is not None]
    found = [f"I5: {text}" for hold in asked for text in _of_hold(seen, hold)]
    if decision.renew_hold is not None and intent is not None:
        found.append("I5: renewed and commanded at once")
    if intent is not None and (intent.hold is None) == (intent.kind == "STOP"):
        found.append("I5: a STOP without its hold, or a START with one")
    if decision.state in WAITS and (seen.latest_start is None or decision.next_evaluation_at > seen.latest_start):
        found.append("I5: not looked at before the latest start")
    return found


WAITS = {f"PLAN:EXECUTING:{name}" for name in ("STOPPING", "STOPPED", "STOPPED:AWAITING_PRICES")}


def _of_hold(seen: Seen, hold: Hold) -> list[str]:
    is_ordered = seen.now < hold.renew_by <= hold.until
    is_short = hold.renew_by - seen.now <= seen.facts.thresholds.lease
    is_safe = seen.latest_start is not None and hold.until <= seen.latest_start
    return [
        *([] if is_ordered and is_short else ["a lease that is too long, or over"]),
        *([] if is_safe else ["a lease that ends after the latest start"]),
    ]


def _plan(seen: Seen) -> list[str]:
    """I10 and I11 of windows that are new: in order, within the plan, enough for the need, not beyond the limit."""
    before, plan = seen.facts.plan, seen.plan
    if plan is None or plan.ended_at is not None or (before is not None and _spans(before) == _spans(plan)):
        return []
    edges = [edge for window in plan.windows for edge in (window.start, window.end)]
    ahead_kwh = sum(
        window.energy_kwh * ((window.end - max(window.start, seen.now)) / (window.end - window.start))
        for window in plan.windows
        if window.end > seen.now
    )
    car = seen.facts.car
    assert car.soc_percent is not None, "a plan knows the level"
    assert car.battery_capacity_kwh is not None, "and the capacity"
    needs_kwh = energy_at_plug_kwh(car.soc_percent, car.charge_limit_percent, car.battery_capacity_kwh)
    is_inside = plan.created_at <= edges[0] and edges[-1] <= plan.deadline_at
    excuse = seen.latest_start is not None and seen.latest_start <= seen.now
    return [
        *([] if edges == sorted(edges) else ["I10: windows out of order"]),
        *([] if is_inside or excuse else ["I10: windows outside of the plan"]),
        *([] if ahead_kwh >= needs_kwh - UNIT_KWH or excuse else ["I10: windows for less than the need"]),
        *([] if ahead_kwh <= needs_kwh + UNIT_KWH else ["I11: windows beyond the limit of the car"]),
    ]


def _spans(plan: RunningPlan) -> list[tuple[datetime, datetime]]:
    return [(window.start, window.end) for window in plan.windows]


def _override(seen: Seen) -> list[str]:
    """It ends by its own measure or when the car stops; it holds plans back; a reached measure does end it."""
    override, car = seen.facts.override, seen.facts.car
    if override is None:
        return ["an override ended that nobody gave"] if seen.decision.ends_override else []
    is_reached = (
        policy_off(seen)
        or full(seen)
        or cable_pulled(seen)
        or (override.until_at is not None and override.until_at <= seen.now)
        or (override.until_percent is not None and (car.soc_percent or 0.0) >= override.until_percent)
    )
    if seen.decision.ends_override:
        has_stopped = car.is_charging is not True and seen.has_charged
        return [] if is_reached or has_stopped else ["an override ended before the car had charged, or while it does"]
    is_planned = seen.plan is not None and seen.plan != seen.facts.plan and seen.plan.created_at == seen.now
    return [
        *(["an override lasts beyond its measure"] if is_reached else []),
        *(["a plan was made against an override"] if is_planned else []),
    ]


def _due(seen: Seen) -> list[str]:
    """I6: every car is looked at again, soon."""
    ahead = seen.decision.next_evaluation_at - seen.now
    return [] if timedelta(0) < ahead <= timedelta(minutes=30) else ["I6: not looked at again in time"]
