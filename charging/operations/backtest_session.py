"""One real session in simulated time, through the rules that drive real cars."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from charging.core.car_view import fold, is_measuring
from charging.core.commands import after_sending, gives_up_at, judge, next_sending_at
from charging.core.decide import decide
from charging.core.decision import Decision
from charging.core.facts import (
    Car,
    CommandFacts,
    CommandKind,
    CommandStatus,
    Facts,
    Hold,
    PlugInHistory,
    PolicyFacts,
    PriceInterval,
    Reading,
    RunningPlan,
    Thresholds,
)
from charging.core.learned import Learned
from charging.core.market_time import published_until
from charging.core.states import State
from charging.operations import due
from charging.operations.backtest_calendar import prices_seen
from charging.operations.backtest_car import MeteredCar
from charging.operations.backtest_files import PlugIn
from charging.operations.carrying_out import hold_after

DONE = frozenset({State.FINISHED, State.FULLY_CHARGED})
PLACE = 1


@dataclass
class Memory:
    """What the database would hold of the car between two evaluations."""

    car: Car
    next_poll_at: datetime
    state: State = State.CONSIDERING
    plan: RunningPlan | None = None
    command: CommandFacts | None = None
    command_hold: Hold | None = None
    hold: Hold | None = None
    generation: int = 0
    starts: int = 0
    plan_changes: int = 0
    readings: list[Reading] = field(default_factory=list)


def run_session(
    plug_in: PlugIn, metered: MeteredCar, zone: ZoneInfo, thresholds: Thresholds, learned: Learned | None = None
) -> Memory:
    """What is stored of the car when it is unplugged; `metered` has counted energy, cost and starts.

    `learned` is what earlier plug-ins of the same driver have told.
    """

    @cache
    def prices_at(published: datetime) -> tuple[PriceInterval, ...]:
        return prices_seen(metered.history, plug_in.plugged_in_at, plug_in.unplugged_at, published, zone)

    policy = PolicyFacts(is_enabled=True, deadline_at=plug_in.unplugged_at)
    now = plug_in.plugged_in_at
    car = Car(metered.car.battery_capacity_kwh, metered.car.max_power_kw, learned=learned)
    memory = Memory(car, next_poll_at=now)
    while now < plug_in.unplugged_at and memory.state not in DONE:
        metered.run_to(now)
        _poll(memory, metered, now)
        _judge(memory, now, thresholds)
        facts = Facts(
            state=memory.state,
            car=memory.car,
            policy=policy,
            location_id=PLACE,
            has_locations=True,
            prices=prices_at(published_until(now)),
            plan=memory.plan,
            command=memory.command,
            hold=memory.hold,
            this_plug_in=PlugInHistory(starts=memory.starts),
            thresholds=thresholds,
        )
        decision = decide(facts, now)
        _remember(memory, facts, decision, now)
        _send(memory, metered, decision, thresholds, now)
        now = min(_next_instant(memory, decision, thresholds), plug_in.unplugged_at)
    metered.run_to(plug_in.unplugged_at)
    return memory


def _poll(memory: Memory, metered: MeteredCar, now: datetime) -> None:
    reading = metered.gateway.read(now=now) if memory.next_poll_at <= now else None
    if reading is not None:
        memory.car = fold(memory.car, reading)
        memory.readings.append(reading)


def _judge(memory: Memory, now: datetime, thresholds: Thresholds) -> None:
    before = memory.command
    if before is None:
        return
    memory.command = judge(before, memory.car, now, thresholds)
    is_confirmed = before.is_open and memory.command.status == CommandStatus.CONFIRMED
    memory.starts += is_confirmed and memory.command.kind == CommandKind.START


def _remember(memory: Memory, facts: Facts, decision: Decision, now: datetime) -> None:
    before, after = facts.plan, decision.plan
    is_changed = before is not None and after is not None and before.windows != after.windows
    memory.plan_changes += is_changed and before is not None and before.ended_at is None
    memory.state, memory.plan = decision.state, decision.plan
    memory.hold = hold_after(facts, decision)
    if decision.command is not None:
        memory.generation += 1
        memory.command = CommandFacts(
            decision.command.kind, CommandStatus.INTENDED, decision.command.purpose, created_at=now
        )
        memory.command_hold = decision.command.hold
    is_changing = is_measuring(memory.car) or (memory.command is not None and memory.command.is_open)
    if memory.next_poll_at <= now or is_changing:
        memory.next_poll_at = now + (due.POLL_WHILE_CHANGING if is_changing else due.POLL_PLUGGED_IN)


def _send(memory: Memory, metered: MeteredCar, decision: Decision, thresholds: Thresholds, now: datetime) -> None:
    if decision.renew_hold is not None:
        metered.gateway.renew(hold=decision.renew_hold, now=now)
    command = memory.command
    due_at = next_sending_at(command, thresholds) if command is not None else None
    if command is None or due_at is None or due_at > now:
        return
    command_id = _command_id(metered, memory.generation)
    if command.kind == CommandKind.START:
        answer = metered.gateway.start(command_id=command_id, now=now)
    else:
        answer = metered.gateway.stop(command_id=command_id, hold=memory.command_hold, now=now)
    memory.command = after_sending(command, now, answer.accepted)


def _command_id(metered: MeteredCar, generation: int) -> UUID:
    """A name, so that the latency that the simulator draws from it is the same in every run."""
    return uuid5(NAMESPACE_URL, f"backtest:{metered.car.seed}:{generation}")


def _next_instant(memory: Memory, decision: Decision, thresholds: Thresholds) -> datetime:
    instants = [decision.next_evaluation_at, memory.next_poll_at]
    if memory.command is not None:
        attention = next_sending_at(memory.command, thresholds) or gives_up_at(memory.command, thresholds)
        instants += [attention] if attention is not None else []
    return min(instants)
