"""What must hold at every instant of a car's life (RELIABILITY 13), checked from outside."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from charging.adapters.vehicles.simulated_car import SimulatedCar, advance
from charging.core import renewal
from charging.core.case import Case
from charging.core.commands import sending_key
from charging.core.states import EXECUTING, TRANSITIONS, Event, State
from charging.models import Command, Due, OutboxMessage, Plan, SmartOverride, StateEvent, Vehicle
from charging.models.commands import OPEN
from charging.operations import evaluation
from charging.operations.facts import load_facts
from charging.operations.gateways import load_simulated_car
from tests.operations.logged_decisions import LoggedDecisions

RELEASE_TAKES = timedelta(minutes=10)
START_TAKES = timedelta(seconds=60)
TOLERANCE = timedelta(seconds=1)


@dataclass
class Watch:
    """Remembers of one car what must never go back, and lists each breach once."""

    pk: int
    generation: int = 0
    observed_at: datetime | None = None
    ended_plans: dict[int, tuple[object, ...]] = field(default_factory=dict)
    disabled_since: datetime | None = None
    breaches: list[str] = field(default_factory=list)
    decisions: LoggedDecisions = field(init=False)

    def __post_init__(self) -> None:
        self.decisions = LoggedDecisions(self.pk)

    def look(self, now: datetime) -> None:
        """Checks at `now`, right after a sweep. Rows that nobody has touched since the last look are not read again."""
        vehicle = Vehicle.objects.select_related("driver", "view").get(pk=self.pk)
        car = advance(load_simulated_car(vehicle), now)
        found = [*self._release(vehicle, car, now), *_limit(car), *_commands_are_known(vehicle, car)]
        if vehicle.evaluated_at == now:
            found += self._evaluated(vehicle, car, now)
        self.breaches += [f"{now:%d %H:%M} {text}" for text in found]

    def _evaluated(self, vehicle: Vehicle, car: SimulatedCar, now: datetime) -> list[str]:
        facts, _ = load_facts(vehicle=vehicle, now=now)
        case = Case(facts, now)
        newest, found = self.decisions.look()
        return [
            *found,
            *self._ledger(vehicle),
            *self._history(vehicle),
            *_hold(vehicle, case),
            *_start(case, car),
            *_due(vehicle, now),
            *self._never_back(vehicle),
            # A decision that wrote nothing would be the same again.
            *(_writes_nothing_new(vehicle, now) if newest == now else []),
            *_plan(vehicle, now),
        ]

    def _ledger(self, vehicle: Vehicle) -> list[str]:
        commands = list(Command.objects.filter(vehicle=vehicle).order_by("generation"))
        is_gapless = [command.generation for command in commands] == list(range(1, len(commands) + 1))
        is_growing = len(commands) >= self.generation
        self.generation = len(commands)
        return [
            *([] if sum(command.status in OPEN for command in commands) <= 1 else ["I1: two open commands"]),
            *([] if is_gapless and is_growing else ["I3: generations with a gap"]),
        ]

    def _history(self, vehicle: Vehicle) -> list[str]:
        events = list(StateEvent.objects.filter(vehicle=vehicle).order_by("seq"))
        messages = list(OutboxMessage.objects.filter(vehicle=vehicle).order_by("seq").values_list("seq", flat=True))
        numbers = [event.seq for event in events]
        path = [State.DISABLED.value, *(event.to_state for event in events)]
        is_chain = [event.from_state for event in events] == path[:-1] and path[-1] == vehicle.state
        is_allowed = all(TRANSITIONS[State(e.from_state), Event(e.event)] == e.to_state for e in events)
        is_counted = numbers == messages == list(range(1, len(numbers) + 1))
        return [
            *([] if is_chain else ["I2: a change of state without an event"]),
            *([] if is_allowed else ["I2: a change that is not in the table"]),
            *([] if is_counted else ["I2: events and messages are not one to one, or have a gap"]),
        ]

    def _release(self, vehicle: Vehicle, car: SimulatedCar, now: datetime) -> list[str]:
        is_off = vehicle.state == State.DISABLED
        self.disabled_since = (self.disabled_since or now) if is_off else None
        is_held = car.is_plugged_in and car.hold is not None and not car.is_fully_charged
        is_forgotten = self.disabled_since is not None and now - self.disabled_since > RELEASE_TAKES and is_held
        return ["I9: held although smart charging is off"] if is_forgotten else []

    def _never_back(self, vehicle: Vehicle) -> list[str]:
        before, self.observed_at = self.observed_at, vehicle.view.observed_at
        found = []
        if before is not None and (self.observed_at is None or self.observed_at < before):
            found.append("I8: the view went back in time")
        plans = Plan.objects.filter(vehicle=vehicle, ended_at__isnull=False)
        for pk, *end in plans.values_list("pk", "ended_at", "final_state"):
            if self.ended_plans.setdefault(pk, tuple(end)) != tuple(end):
                found.append("I10: a plan ended twice")
        return found


def _limit(car: SimulatedCar) -> list[str]:
    is_beyond = car.is_charging and car.soc_percent > car.charge_limit_percent
    return ["I11: charged beyond the car's limit"] if is_beyond else []


def _commands_are_known(vehicle: Vehicle, car: SimulatedCar) -> list[str]:
    """I15: whatever reached the car has a row in the ledger."""
    commands = Command.objects.filter(vehicle=vehicle).values_list("public_id", "refusals")
    rows = {str(sending_key(pk, number)) for pk, refusals in commands for number in range(refusals + 1)}
    return ["I15: a command without a row reached the car"] if set(car.seen_command_ids) - rows else []


def _hold(vehicle: Vehicle, case: Case) -> list[str]:
    """I5: who is held has a plan, a lease that ends by the latest start, and is looked at by then."""
    command = case.facts.command
    if vehicle.hold_until is None or (command is not None and command.is_open and command.kind == "START"):
        return []
    if vehicle.state == State.DEADLINE_CHANGED:
        # It stays still for the second until its new plan is made.
        return [] if Due.objects.get(vehicle=vehicle).own_at <= case.now + TOLERANCE else ["I5: held after an end"]
    if not case.has_running_plan:
        return ["I5: held without a plan or a START on its way"]
    assert case.latest_start is not None, "a running plan has a latest start"
    last = max(case.latest_start, case.now) + TOLERANCE
    return [
        *([] if vehicle.hold_until <= last else ["I5: the lease ends after the latest start"]),
        *([] if Due.objects.get(vehicle=vehicle).own_at <= last else ["I5: not looked at before the latest start"]),
    ]


def _start(case: Case, car: SimulatedCar) -> list[str]:
    """I13: once the latest start has come a car that does not charge has been sent a START."""
    is_time = case.latest_start is not None and case.now > case.latest_start + START_TAKES
    is_waited_for = case.has_running_plan and not case.override_is_active and case.is_plugged_in and not case.is_full
    command = case.facts.command
    was_sent = command is not None and command.kind == "START" and command.attempts > 0
    is_breach = is_time and is_waited_for and not car.is_charging and not was_sent
    return ["I13: no START was sent at the latest start"] if is_breach else []


def _due(vehicle: Vehicle, now: datetime) -> list[str]:
    due = Due.objects.filter(vehicle=vehicle).first()
    if due is None:
        return ["I6: never looked at again"]
    return [] if due.due_at >= now else ["I6: left behind by the sweep"]


def _writes_nothing_new(vehicle: Vehicle, now: datetime) -> list[str]:
    """I7: another evaluation at the same instant leaves everything as it is; an end rests until then."""
    if vehicle.state.startswith("PLAN:ENDED"):
        return []
    before = _records(vehicle)
    with transaction.atomic():
        evaluation.evaluate(vehicle=vehicle, now=now, trigger="once more")
        after = _records(vehicle)
        transaction.set_rollback(True)
    return [f"I7: evaluating again changes {name}" for name in before if before[name] != after[name]]


def _records(vehicle: Vehicle) -> dict[str, object]:
    fresh = Vehicle.objects.get(pk=vehicle.pk)
    plans = list(Plan.objects.filter(vehicle=vehicle).order_by("pk").values())
    windows = list(Plan.objects.filter(vehicle=vehicle).order_by("pk", "windows__start").values_list("windows__start"))
    return {
        "the vehicle": (fresh.state, fresh.event_seq, fresh.command_generation, fresh.hold_until, fresh.hold_renew_by),
        "plans": plans,
        "windows": windows,
        "commands": list(Command.objects.filter(vehicle=vehicle).order_by("pk").values()),
        "overrides": list(SmartOverride.objects.filter(vehicle=vehicle).order_by("pk").values()),
    }


def _plan(vehicle: Vehicle, now: datetime) -> list[str]:
    """I10: the windows of a running plan are in order and between its making and its deadline.

    Only where the deadline cannot be met any more does the last one go on beyond it, and then it has begun.
    """
    plan = Plan.objects.filter(vehicle=vehicle, ended_at=None).first()
    is_executing = State(vehicle.state) in EXECUTING
    if (plan is not None) != is_executing:
        return ["I10: a plan runs in a state that has none, or none in one that has"]
    if plan is None:
        return []
    windows = plan.as_running_plan().windows
    edges = [edge for window in windows for edge in (window.start, window.end)]
    late = [window for window in windows if window.end > plan.deadline_at]
    is_inside = edges == sorted(edges) and all(plan.created_at <= edge for edge in edges)
    is_in_time = not late or (late == list(windows[-1:]) and late[0].start <= now)
    is_used = renewal.remaining(windows, plan.created_at) > timedelta(0)
    return [] if is_inside and is_in_time and is_used else ["I10: windows out of order or outside the plan"]
