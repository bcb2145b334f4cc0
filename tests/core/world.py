"""A car, its driver and a clock around `decide`: the loop of the product without a database.

Each evaluation is shown to `check` before it is written down, and made once more to see that nothing changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from charging.adapters.vehicles import driver_actions
from charging.adapters.vehicles.simulated_car import SimulatedCar
from charging.core.car_view import fold, is_measuring
from charging.core.commands import after_sending, judge, next_sending_at
from charging.core.decide import decide
from charging.core.decision import Decision
from charging.core.facts import (
    Car,
    CommandFacts,
    CommandKind,
    CommandPurpose,
    CommandStatus,
    Facts,
    Hold,
    Override,
    PlugInHistory,
    PolicyFacts,
    PriceInterval,
    RunningPlan,
    Thresholds,
)
from charging.core.market_time import next_deadline, previous_deadline
from charging.core.states import Event, State
from charging.operations import due
from charging.operations.carrying_out import hold_after
from tests.core.far_car import FarCar, Line

EVENING = datetime(2026, 1, 13, 17, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
POLL_QUIET = 15 * MINUTE
QUIET = frozenset({State.DISABLED, State.FULLY_CHARGED, State.FINISHED})
THRESHOLDS = Thresholds()
PRICES = (0.30, 0.12, 0.28, 0.25, 0.09, 0.31, 0.33, 0.10, 0.24, 0.07, 0.22, 0.15)
"""Currency per kWh, hour by hour, over and over."""


@lru_cache(maxsize=256)
def prices_of(start: datetime, end: datetime, published_until: datetime) -> tuple[PriceInterval, ...]:
    """Hours from the one that `start` lies in to `end`; what begins after `published_until` is an estimate."""
    first = start.replace(minute=0, second=0, microsecond=0)
    hours = [first + number * HOUR for number in range(int((end - first) / HOUR) + 2)]
    return tuple(
        PriceInterval(at, at + HOUR, PRICES[at.hour % len(PRICES)], is_estimate=at >= published_until) for at in hours
    )


@lru_cache(maxsize=256)
def deadlines_around(deadline: time, zone: str, at: datetime) -> tuple[datetime, datetime]:
    """The last instant up to `at` at which the clocks of the zone showed `deadline`, and the next after it."""
    return previous_deadline(deadline, zone, at), next_deadline(deadline, zone, at)


def make_far_car() -> FarCar:
    return FarCar(
        SimulatedCar(
            seed=7,
            at=EVENING,
            soc_percent=62.0,
            battery_capacity_kwh=60.0,
            max_power_kw=7.4,
            charge_limit_percent=80.0,
        )
    )


@dataclass
class World:
    """Everything there is: the car as it is, what its driver wants, and what the product remembers."""

    check: Callable[[World, Facts, Decision], None]
    check_again: Callable[[Facts, Decision, Decision], None]
    now: datetime = EVENING
    car: FarCar = field(default_factory=make_far_car)
    published_until: datetime | None = EVENING + 30 * HOUR
    has_place: bool = True
    is_enabled: bool = False
    deadline: time = time(23, 0)
    minimum: float = 0.0
    is_capable: bool = True
    is_single_user: bool = True
    net: time | None = None

    view: Car = field(default_factory=lambda: Car(battery_capacity_kwh=60.0, max_power_kw=7.4))
    state: State = State.DISABLED
    plan: RunningPlan | None = None
    commands: list[CommandFacts] = field(default_factory=list)
    asked_hold: Hold | None = None
    hold: Hold | None = None
    override: Override | None = None
    has_charged: bool = False
    history: PlugInHistory = field(default_factory=PlugInHistory)
    is_protecting: bool = False
    next_at: datetime = EVENING
    next_poll_at: datetime = EVENING

    @property
    def command(self) -> CommandFacts | None:
        return self.commands[-1] if self.commands else None

    @property
    def may_override(self) -> bool:
        """Smart charging is on and the car is plugged in (API_CONTRACT 7.7)."""
        return self.state != State.DISABLED and self.view.is_plugged_in is True

    @property
    def zone(self) -> str:
        """Deadlines are read in the zone of the place."""
        return "Europe/Oslo" if self.has_place else "UTC"

    def let_pass(self, duration: timedelta) -> None:
        """Time in which everything that is due is done at its instant."""
        end = self.now + duration
        while (due := self._due_at()) <= end:
            self.now = max(self.now, due)
            self.look()
        self.now = end

    def be_down(self, duration: timedelta) -> None:
        """Time in which nobody looks; then a start, with a fresh reading first."""
        self.now += duration
        self.look_at_once()

    def _due_at(self) -> datetime:
        sending = next_sending_at(self.command, THRESHOLDS) if self.command is not None else None
        return min(at for at in (self.next_at, self.next_poll_at, sending) if at is not None)

    def look_at_once(self) -> None:
        self.next_poll_at = self.now
        self.look()

    def look(self) -> None:
        """Reads the car if a reading is due, decides, and sends what is due."""
        self._poll()
        self.evaluate()
        self._send()

    def act(self, action: Callable[[SimulatedCar], SimulatedCar]) -> None:
        self.car.act(action, self.now)

    def _poll(self) -> None:
        if self.next_poll_at > self.now:
            return
        self.next_poll_at = self.now + POLL_QUIET
        reading = self.car.read(self.now)
        if reading is None:
            return
        before, self.view = self.view, fold(self.view, reading)
        self.has_charged = self.has_charged or self.view.is_charging is True
        if before.is_plugged_in and not self.view.is_plugged_in:
            self.history = PlugInHistory()

    def evaluate(self) -> None:
        """One decision, checked and written down; and once more, which must change nothing."""
        self._judge()
        facts = self.facts()
        decision = decide(facts, self.now)
        self.check(self, facts, decision)
        self._write(facts, decision)
        written = self.facts()
        if written != facts:
            self.check_again(written, decision, decide(written, self.now))

    def _judge(self) -> None:
        if self.command is None or not self.command.is_open:
            return
        after = judge(self.command, self.view, self.now, THRESHOLDS)
        if after.status == CommandStatus.CONFIRMED and after.kind == CommandKind.START:
            self.history = replace(self.history, starts=self.history.starts + 1)
        self.commands[-1] = after

    def facts(self) -> Facts:
        """What is known at this instant."""
        running = self.plan if self.plan is not None and self.plan.ended_at is None else None
        reference = running.created_at if running is not None else self.now
        previous_deadline_at, deadline_at = deadlines_around(self.deadline, self.zone, reference)
        is_there = self.has_place and self.view.is_plugged_in is True
        prices: tuple[PriceInterval, ...] = ()
        if is_there and self.is_enabled and self.published_until is not None:
            until = max(deadline_at, running.deadline_at if running is not None else deadline_at)
            prices = prices_of(reference, until, self.published_until)
        is_told = self.view.is_capable == self.is_capable
        car = self.view if is_told else replace(self.view, is_capable=self.is_capable)
        return Facts(
            state=self.state,
            car=car,
            policy=PolicyFacts(
                is_enabled=self.is_enabled,
                deadline_at=deadline_at,
                minimum_percent=self.minimum,
                previous_deadline_at=previous_deadline_at,
            ),
            location_id=1 if is_there else None,
            has_locations=self.has_place,
            prices=prices,
            has_prices=bool(prices) or not (is_there and self.is_enabled),
            is_single_user=self.is_single_user,
            plan=self.plan,
            command=self.command,
            hold=self.hold,
            override=self.override,
            this_plug_in=self.history,
            is_protecting=self.is_protecting,
            safety_net_at=self._net_at(),
            thresholds=THRESHOLDS,
        )

    def _net_at(self) -> datetime | None:
        if self.net is None:
            return None
        return min(deadlines_around(self.net, self.zone, self.now), key=lambda at: abs(at - self.now))

    def _write(self, facts: Facts, decision: Decision) -> None:
        self.state, self.plan = decision.state, decision.plan
        self.is_protecting = decision.is_protecting
        if decision.ends_override:
            self.override = None
        if any(move.event == Event.FOREIGN_START for move in decision.moves):
            self.override, self.has_charged = Override(created_at=self.now, is_from_elsewhere=True), True
            self.history = replace(self.history, was_taken_over=True)
        self.hold = facts.hold if decision.renew_hold is not None else hold_after(facts, decision)
        self._intend(decision)
        if decision.renew_hold is not None and self.car.renew(decision.renew_hold, self.now):
            self.hold = decision.renew_hold
        self.next_at = decision.next_evaluation_at
        is_changing = self.command is not None and self.command.is_open
        is_quiet = not self.view.is_plugged_in or self.state in QUIET
        usual = POLL_QUIET if is_quiet else due.POLL_PLUGGED_IN
        soon = due.POLL_WHILE_CHANGING if is_changing or is_measuring(self.view) else usual
        self.next_poll_at = min(self.next_poll_at, self.now + soon)

    def _intend(self, decision: Decision) -> None:
        intent = decision.command
        if intent is None:
            return
        if self.command is not None and self.command.is_open:
            self.commands[-1] = replace(self.command, status=CommandStatus.SUPERSEDED)
        self.commands.append(CommandFacts(intent.kind, CommandStatus.INTENDED, intent.purpose, created_at=self.now))
        self.asked_hold = intent.hold
        if intent.purpose == CommandPurpose.COUNTER:
            self.history = replace(self.history, counter_commands=self.history.counter_commands + 1)

    def _send(self) -> None:
        command = self.command
        due_at = next_sending_at(command, THRESHOLDS) if command is not None else None
        if command is not None and due_at is not None and due_at <= self.now:
            answer = self.car.command(len(self.commands), command.kind, self.asked_hold, self.now)
            self.commands[-1] = after_sending(command, self.now, answer)

    def begin_evening(self, level: float, deadline: time, *, is_enabled: bool) -> None:
        """All is well, and the car comes home: what went wrong before keeps nothing from happening later."""
        self.has_place = self.is_capable = self.is_single_user = True
        self.car.line, self.car.odd, self.published_until = Line.GOOD, {}, self.now + 30 * HOUR
        self.act(lambda car: driver_actions.unplug(car, self.now))
        self.look_at_once()
        self.is_enabled, self.deadline, self.minimum = is_enabled, deadline, 0.0
        self.act(lambda car: driver_actions.set_charge_limit(car, self.now, charge_limit_percent=80.0))
        self.act(lambda car: driver_actions.set_soc(car, self.now, soc_percent=level))
        self.act(lambda car: driver_actions.plug_in(car, self.now))
        self.look_at_once()

    def start_by_safety_net(self, *, declared_at: datetime) -> None:
        """The car's own schedule starts it now; the driver has declared one, of then."""
        self.net = declared_at.astimezone(ZoneInfo(self.zone)).time()
        self.act(lambda car: replace(car, wants_charge=True, hold=None))
        self.let_pass(6 * MINUTE)

    def charge_now(self, until_percent: float | None, until_at: datetime | None) -> None:
        """Asked for once more, it goes on from when it was given, with the new end."""
        if self.override is None:
            self.has_charged = self.view.is_charging is True
        given_at = self.now if self.override is None else self.override.created_at
        self.override = Override(given_at, until_percent=until_percent, until_at=until_at)
        self.history = replace(self.history, was_taken_over=False)
        self.look()

    def end_override(self, *, is_theirs: bool) -> None:
        """ "That was me" lets it go on as theirs; else smart charging takes over."""
        if is_theirs and self.override is not None:
            self.override = replace(self.override, is_from_elsewhere=False)
            self.history = replace(self.history, was_taken_over=False)
        else:
            self.override = None
        self.look()
