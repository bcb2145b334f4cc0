"""A case: the facts of one car at one instant, with everything that the rules ask of them worked out once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from charging.core import planning
from charging.core.car_view import FRESH_FOR, charging_seen_at, is_level_of_plug_in
from charging.core.facts import (
    CommandKind,
    CommandPurpose,
    CommandStatus,
    Facts,
    Override,
    Plan,
    PowerDelivery,
    RunningPlan,
)
from charging.core.foreign_window import latest_start
from charging.core.need import Need, need_of
from charging.core.reserve import Knowledge, knowledge_of
from charging.core.saving_bound import could_save
from charging.core.states import EXECUTING, State

UNABLE = frozenset({PowerDelivery.NO_POWER, PowerDelivery.FAULT})
"""What a remote command cannot cure."""

MINIMUM_MARGIN_PERCENT = 1.0
"""Protective charging begins below the minimum and ends this much above it, or at the car's own limit."""

NET_TOLERANCE = timedelta(minutes=7, seconds=30)
"""A start so near to the time of the declared safety net is the net's: 1.5 x the polling interval of five minutes."""

SEEN_AFTER = timedelta(minutes=5)
"""How long a start by somebody else takes to be seen: two readings, one polling interval apart."""


@dataclass(frozen=True)
class Case:
    """Questions are properties; each is answered once."""

    facts: Facts
    now: datetime

    @cached_property
    def need(self) -> Need | None:
        policy = self.facts.policy
        if self.facts.is_protecting:
            # A battery that settles by a fraction of a percent must not start protective charging again and again.
            policy = replace(policy, minimum_percent=policy.minimum_percent + MINIMUM_MARGIN_PERCENT)
        return need_of(self.facts.car, policy)

    @cached_property
    def is_full(self) -> bool:
        car = self.facts.car
        is_at_limit = car.soc_percent is not None and car.soc_percent >= car.charge_limit_percent
        return car.is_fully_charged is True or is_at_limit

    @cached_property
    def needs_charge_again(self) -> bool:
        """Two percent below the limit: a battery that settles by one is still full."""
        car = self.facts.car
        return not self.is_full and car.soc_percent is not None and car.soc_percent <= car.charge_limit_percent - 2

    @cached_property
    def is_plugged_in(self) -> bool:
        return self.facts.car.is_plugged_in is True

    @cached_property
    def is_charging(self) -> bool:
        return self.facts.car.is_charging is True

    @cached_property
    def is_seen_stopped(self) -> bool:
        """Not charging, with no command of ours on its way that could still change that."""
        return not self.is_charging and self._is_newer_than_commands(CommandKind.STOP)

    @cached_property
    def is_seen_charging(self) -> bool:
        """Charging, with no command of ours on its way that could still change that."""
        return self.is_charging and self._is_newer_than_commands(CommandKind.START)

    def _is_newer_than_commands(self, kind: CommandKind) -> bool:
        """Whether the last reading tells of the time after a command of this kind; one of the other is waited for.

        What a new command replaces may still take effect, so a reading from before it proves nothing.
        """
        command, seen_at = self.facts.command, charging_seen_at(self.facts.car)
        if command is None or not command.is_open:
            return True
        return command.kind == kind and seen_at is not None and seen_at > command.created_at

    @cached_property
    def is_stop_on_its_way(self) -> bool:
        command = self.facts.command
        return command is not None and command.is_open and command.kind == CommandKind.STOP

    @cached_property
    def is_at_place(self) -> bool:
        return self.is_plugged_in and self.facts.location_id is not None

    @cached_property
    def is_below_minimum(self) -> bool:
        return self.need is not None and self.need.forced_energy_kwh > 0

    @cached_property
    def is_fresh(self) -> bool:
        """Whether the car told of its battery lately; where it is says nothing of that."""
        car = self.facts.car
        told = [at for at in (charging_seen_at(car), car.soc_observed_at) if at is not None]
        return bool(told) and self.now - max(told) <= FRESH_FOR

    @cached_property
    def is_heard(self) -> bool:
        """Whether the car tells of itself, and what stands between us and it answers: else it is not stopped."""
        return self.is_fresh and self.facts.is_breaker_closed

    @cached_property
    def is_level_of_this_plug_in(self) -> bool:
        """Whether the level was seen since the car came, or just before: an older one is of before it was driven."""
        return is_level_of_plug_in(self.facts.car.soc_observed_at, self.facts.car.plugged_in_at)

    @cached_property
    def is_power_seen(self) -> bool:
        """Whether this plug-in has shown its power."""
        return self.facts.car.observed_power_kw is not None

    @cached_property
    def has_to_measure(self) -> bool:
        """Whether the power has to be seen before a plan (RELIABILITY 8.3).

        It need not where past plug-ins can be trusted, unless the plan would show too late that this one is slow.
        """
        if self.is_power_seen:
            return False
        is_learned = knowledge_of(self.facts.car) == Knowledge.LEARNED
        if not is_learned or self.candidate is None or self.latest_start is None:
            return True
        return any(window.start > self.latest_start for window in self.candidate.windows[:1])

    @cached_property
    def is_silent(self) -> bool:
        observed_at = self.facts.car.observed_at
        return observed_at is None or self.now - observed_at >= self.facts.thresholds.silence

    @cached_property
    def hold_expired(self) -> bool:
        hold = self.facts.hold
        return hold is not None and min(hold.until, hold.renew_by) <= self.now

    @cached_property
    def is_released(self) -> bool:
        """Whether the car charges because we let it without deciding anything, and have not planned since."""
        command, car, plan = self.facts.command, self.facts.car, self.facts.plan
        if not self.is_charging or plan is None or command is None or command.purpose != CommandPurpose.RELEASE:
            return False
        return command.created_at >= max(plan.created_at, car.plugged_in_at or plan.created_at)

    @cached_property
    def has_yielded(self) -> bool:
        """Whether we have stopped the car against somebody else as often as we may in one plug-in."""
        return self.facts.this_plug_in.counter_commands >= self.facts.thresholds.max_counter_commands

    @cached_property
    def has_starts_left(self) -> bool:
        """Whether the car may be started once more in this plug-in: without, stopping it is for good."""
        return self.facts.this_plug_in.starts < self.facts.thresholds.max_starts

    @cached_property
    def is_net_time(self) -> bool:
        net_at = self.facts.safety_net_at
        return net_at is not None and abs(self.now - SEEN_AFTER - net_at) <= NET_TOLERANCE

    @cached_property
    def is_old_session(self) -> bool:
        """A charge begun before a deadline that has passed since is left alone until the next plug-in."""
        plan, plugged_in_at = self.facts.plan, self.facts.car.plugged_in_at
        if not self.is_charging or plugged_in_at is None:
            return False
        if plan is not None and plan.created_at >= plugged_in_at and plan.deadline_at <= self.now:
            return True
        previous = self.facts.policy.previous_deadline_at
        return previous is not None and plugged_in_at <= previous <= self.now

    @cached_property
    def override_is_over(self) -> bool:
        """Charge now ends by its own measure, or when the car has stopped charging for any reason."""
        override = self.facts.override
        if override is None or not self.facts.policy.is_enabled or self.is_full:
            return True
        soc = self.facts.car.soc_percent
        if override.until_at is not None and override.until_at <= self.now:
            return True
        if override.until_percent is not None and soc is not None and soc >= override.until_percent:
            return True
        return not self.is_plugged_in or self._has_stopped_since(override)

    def _has_stopped_since(self, override: Override) -> bool:
        """Whether the car stopped charging; an override not yet heeded, or a START not yet followed, is waited for."""
        if self.is_charging or self.facts.state in EXECUTING - {State.OVERRIDDEN} or self._awaits_start(override):
            return False
        command, observed_at = self.facts.command, self.facts.car.observed_at
        was_asked = command is not None and command.purpose == CommandPurpose.OVERRIDE
        if command is not None and was_asked and command.created_at >= override.created_at:
            return True
        return observed_at is not None and observed_at > override.created_at

    def _awaits_start(self, override: Override) -> bool:
        """Whether a START on its way when the override was given, or sent for it, has not been seen to work yet."""
        command = self.facts.command
        if command is None or command.kind != CommandKind.START or command.status == CommandStatus.CONFIRMED:
            return False
        last = max(command.created_at, command.last_sent_at or command.created_at)
        return command.is_open or last + self.facts.thresholds.resend_after > override.created_at

    @cached_property
    def override_is_active(self) -> bool:
        return self.facts.override is not None and not self.override_is_over

    @cached_property
    def has_running_plan(self) -> bool:
        plan = self.facts.plan
        return plan is not None and plan.ended_at is None and self.facts.state in EXECUTING

    @cached_property
    def candidate(self) -> Plan | None:
        """A new plan for a car that has none and could have one."""
        if self.need is None or not self.is_at_place or self.is_full:
            return None
        if self.has_running_plan or not self.facts.policy.is_enabled or not self.has_time:
            return None
        # A car that we hold counts as charging: going on is no start (API_CONTRACT 8.5).
        is_charging = self.is_charging or self.facts.hold is not None
        return planning.make_plan(self.facts, self.need, self.now, is_charging=is_charging)

    @cached_property
    def candidate_saves(self) -> bool:
        if self.need is None or not could_save(self.facts, self.need, self.now):
            return False
        return self.candidate is not None and planning.is_worth_it(self.candidate, self.facts, self.now)

    @cached_property
    def running(self) -> RunningPlan | None:
        """The running plan, with new windows where the old ones no longer hold."""
        plan = self.facts.plan
        if plan is None or self.need is None or not self.has_running_plan:
            return plan
        if self.facts.policy.deadline_at != plan.deadline_at or self.override_is_active:
            return plan
        is_back = self.facts.state == State.OVERRIDDEN
        return planning.refresh(plan, self.facts, self.need, self.now, is_forced_anew=is_back)

    @cached_property
    def latest_start(self) -> datetime | None:
        """The last instant at which charging without a break still meets the deadline, reserve included."""
        plan = self.facts.plan if self.has_running_plan else None
        deadline = self.facts.policy.deadline_at if plan is None else plan.deadline_at
        if deadline is None or self.need is None:
            return None
        hours, need = self.facts.foreign_window, self.need
        return latest_start(hours, deadline=deadline, reserve=need.start_reserve, duration=need.duration, now=self.now)

    @cached_property
    def has_time(self) -> bool:
        """Whether there is time left in which the car could wait."""
        return self.latest_start is not None and self.latest_start > self.now

    @cached_property
    def wants_charge(self) -> bool:
        """Whether the plan charges now. Charging is the default: without a living reason to wait, it does."""
        plan = self.running
        if plan is None or self.need is None or self.is_below_minimum or not self.facts.has_prices:
            return True
        if self.latest_start is not None and self.latest_start <= self.now:
            return True
        soon = self.now + (self.facts.thresholds.unit if self.is_charging else timedelta(0))
        if any(window.start <= soon and self.now < window.end for window in plan.windows):
            return True
        return planning.next_start(plan.windows, self.now) is None

    @cached_property
    def next_start_is_known(self) -> bool:
        window = planning.next_start(self.running.windows, self.now) if self.running else None
        return window is not None and not window.is_estimate

    @cached_property
    def command_failed(self) -> bool:
        """Whether the command that this state waits for, given in this plan, has used up its sendings."""
        awaited = {State.STOPPING: CommandKind.STOP, State.STARTING: CommandKind.START}.get(self.facts.state)
        return awaited is not None and self.was_in_vain(awaited)

    def was_in_vain(self, kind: CommandKind) -> bool:
        """Whether the last command is one of this kind that the plan gave, not "charge now", and was given up."""
        command, plan = self.facts.command, self.facts.plan
        if command is None or plan is None or command.created_at < plan.created_at:
            return False
        is_of_plan = command.kind == kind and command.purpose != CommandPurpose.OVERRIDE
        return is_of_plan and command.status == CommandStatus.FAILED
