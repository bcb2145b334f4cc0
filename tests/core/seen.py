"""What can be seen of a car from outside, in the words of API_CONTRACT 8: the triggers of its transitions.

Nothing here asks the rules. It is the same question asked a second time, from the facts alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from charging.core import energy
from charging.core.decision import Decision
from charging.core.facts import Facts, RunningPlan, Window
from charging.core.reserve import knowledge_of, reserve_until_seen

STEP = timedelta(minutes=5)
"""Plans live on a grid of five minutes: a window that begins within one begins now."""
NET_NEAR = timedelta(minutes=7, seconds=30)
SEEN_LATE = timedelta(minutes=5)


@dataclass(frozen=True)
class Seen:
    """One evaluation: the facts it had, its instant and what it decided.

    `has_charged` says whether the car has been seen charging since "charge now" was asked for.
    """

    facts: Facts
    now: datetime
    decision: Decision
    has_charged: bool = True

    @property
    def plan(self) -> RunningPlan | None:
        """The plan with the windows of now."""
        return self.decision.plan

    @property
    def windows(self) -> tuple[Window, ...]:
        return () if self.plan is None else self.plan.windows

    @property
    def next_window(self) -> Window | None:
        return min((window for window in self.windows if window.start > self.now), key=lambda w: w.start, default=None)

    @property
    def rests(self) -> bool:
        """Whether the last move was an end or a start by somebody else: what follows waits for the next evaluation."""
        if not self.decision.moves:
            return False
        last = self.decision.moves[-1].to_state
        is_foreign = last == "PLAN:EXECUTING:OVERRIDDEN" and self.facts.override is None
        return is_foreign or last.startswith("PLAN:ENDED")

    @cached_property
    def latest_start(self) -> datetime | None:
        """The last moment at which the deadline can still be met, less the reserve."""
        car, plan = self.facts.car, self.plan
        is_running = plan is not None and plan.ended_at in {None, self.now}
        deadline = plan.deadline_at if plan is not None and is_running else self.facts.policy.deadline_at
        if deadline is None or car.soc_percent is None or car.battery_capacity_kwh is None:
            return None
        power_kw = min(car.observed_power_kw or car.max_power_kw, car.max_power_kw)
        takes = energy.charging_time(car.soc_percent, car.charge_limit_percent, car.battery_capacity_kwh, power_kw)
        return deadline - reserve_until_seen(takes, knowledge_of(car)) - takes


def always(seen: Seen) -> bool:
    return True


def policy_on(seen: Seen) -> bool:
    return seen.facts.policy.is_enabled


def policy_off(seen: Seen) -> bool:
    return not seen.facts.policy.is_enabled


def plugged_in(seen: Seen) -> bool:
    return seen.facts.car.is_plugged_in is True


def cable_pulled(seen: Seen) -> bool:
    return seen.facts.car.is_plugged_in is False


def at_place(seen: Seen) -> bool:
    return plugged_in(seen) and seen.facts.location_id is not None


def place_removed(seen: Seen) -> bool:
    return plugged_in(seen) and seen.facts.location_id is None


def full(seen: Seen) -> bool:
    """On the cable: a full car that drove off is not done, it is away."""
    car = seen.facts.car
    is_at_limit = car.soc_percent is not None and car.soc_percent >= car.charge_limit_percent
    return plugged_in(seen) and (car.is_fully_charged is True or is_at_limit)


def charge_needed(seen: Seen) -> bool:
    car = seen.facts.car
    return (
        car.is_fully_charged is not True and car.soc_percent is not None and car.soc_percent < car.charge_limit_percent
    )


def below_minimum(seen: Seen) -> bool:
    """Protective charging goes on to one percent above the minimum; the effective minimum is at most the limit."""
    car, policy = seen.facts.car, seen.facts.policy
    minimum = policy.minimum_percent + (1.0 if seen.facts.is_protecting else 0.0)
    return car.soc_percent is not None and car.soc_percent < min(minimum, car.charge_limit_percent)


def control_lost(seen: Seen) -> bool:
    return not seen.facts.car.is_capable


def prices_lost(seen: Seen) -> bool:
    return at_place(seen) and not seen.facts.has_prices


def control_or_prices_lost(seen: Seen) -> bool:
    return control_lost(seen) or prices_lost(seen)


def control_is_back(seen: Seen) -> bool:
    return not control_or_prices_lost(seen)


def _has_new_plan(seen: Seen) -> bool:
    before, after = seen.facts.plan, seen.plan
    return after is not None and (before is None or before.ended_at is not None) and after.created_at == seen.now


def _is_in_window(seen: Seen) -> bool:
    # A charging car goes on over a gap that is shorter than the grid.
    soon = seen.now + STEP if seen.facts.car.is_charging else seen.now
    return any(window.start <= soon and seen.now < window.end for window in seen.windows)


def new_plan_starts_now(seen: Seen) -> bool:
    return _has_new_plan(seen) and any(window.start <= seen.now + STEP for window in seen.windows)


def new_plan_starts_later(seen: Seen) -> bool:
    return _has_new_plan(seen) and not new_plan_starts_now(seen)


def next_start_known(seen: Seen) -> bool:
    return seen.next_window is not None and not seen.next_window.is_estimate


def next_start_unknown(seen: Seen) -> bool:
    return not next_start_known(seen)


def time_to_charge(seen: Seen) -> bool:
    """Its window has begun, no later one is left, or the latest safe start has come: prices or not."""
    is_last_moment = seen.latest_start is None or seen.latest_start <= seen.now
    return is_last_moment or _is_in_window(seen) or seen.next_window is None


def window_over(seen: Seen) -> bool:
    return not _is_in_window(seen) and seen.next_window is not None


def _is_on_its_way(seen: Seen, kind: str) -> bool:
    command = seen.facts.command
    return command is not None and command.is_open and command.kind == kind


def _is_older_than_the_command(seen: Seen) -> bool:
    """What a command on its way replaces may still happen: only what was told of charging after its making tells."""
    command, car = seen.facts.command, seen.facts.car
    told_at = car.charging_observed_at or car.observed_at
    return command is not None and command.is_open and (told_at is None or told_at <= command.created_at)


def seen_stopped(seen: Seen) -> bool:
    is_moot = _is_on_its_way(seen, "START") or _is_older_than_the_command(seen)
    return seen.facts.car.is_charging is not True and not is_moot


def seen_charging(seen: Seen) -> bool:
    is_moot = _is_on_its_way(seen, "STOP") or _is_older_than_the_command(seen)
    return seen.facts.car.is_charging is True and not is_moot


def interrupted(seen: Seen) -> bool:
    return seen.facts.car.is_charging is not True and plugged_in(seen) and not full(seen)


def started_by_others(seen: Seen) -> bool:
    car = seen.facts.car
    return car.charging_readings_in_a_row >= 2 and not held_too_long(seen) and not _is_on_its_way(seen, "START")


def declared_net_started(seen: Seen) -> bool:
    """The schedule that the driver has declared explains the start, and has not been answered before."""
    net_at = seen.facts.safety_net_at
    is_near = net_at is not None and abs(seen.now - SEEN_LATE - net_at) <= NET_NEAR
    return started_by_others(seen) and is_near and seen.facts.this_plug_in.counter_commands == 0


def held_too_long(seen: Seen) -> bool:
    hold = seen.facts.hold
    return hold is not None and min(hold.until, hold.renew_by) <= seen.now


def silent(seen: Seen) -> bool:
    observed_at = seen.facts.car.observed_at
    return observed_at is None or seen.now - observed_at >= timedelta(hours=2)


def sendings_used_up(seen: Seen) -> bool:
    """The command that this state waits for, given in this plan, was given up."""
    command, plan = seen.facts.command, seen.plan
    if command is None or plan is None or command.created_at < plan.created_at:
        return False
    awaited = {"PLAN:EXECUTING:STOPPING": "STOP", "PLAN:EXECUTING:STARTING": "START"}.get(seen.facts.state)
    return command.kind == awaited and command.status == "FAILED" and command.purpose != "override"


def override_given(seen: Seen) -> bool:
    return seen.facts.override is not None and not seen.decision.ends_override


def override_over(seen: Seen) -> bool:
    return seen.facts.override is None or seen.decision.ends_override


def deadline_moved(seen: Seen) -> bool:
    return seen.plan is not None and seen.facts.policy.deadline_at != seen.plan.deadline_at


def deadline_passed(seen: Seen) -> bool:
    plan = seen.plan
    return plan is not None and plan.deadline_at <= seen.now and seen.facts.car.is_charging is not True


def telemetry_gone(seen: Seen) -> bool:
    plan, observed_at = seen.plan, seen.facts.car.observed_at
    if plan is None or seen.now < plan.deadline_at + timedelta(hours=1):
        return False
    return observed_at is None or observed_at < plan.deadline_at
