"""The rules against the contract: random lives of a car, each decision looked at with eyes other than the rules'."""

from __future__ import annotations

import gc
from collections import Counter
from dataclasses import replace
from datetime import time

import pytest
from hypothesis import seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from charging.adapters.vehicles import driver_actions
from charging.adapters.vehicles.simulated_reading import telemetry
from charging.core.car_view import fold
from charging.core.decision import Decision
from charging.core.facts import Facts, PowerDelivery
from charging.core.states import State
from tests.core import contract, watch
from tests.core.far_car import Line
from tests.core.seen import Seen
from tests.core.world import HOUR, MINUTE, World
from tests.lives import steps

THEN = st.sampled_from((0, 1, 4, 6, 11, 25, 50, 125, None, None, None))
"""Minutes that pass after a step; None: until the plan starts, stops or has to be done."""
OFTEN = st.sampled_from((True, True, True, False))
DEADLINES = st.sampled_from([time(hour, 30) for hour in (7, 7, 3, 0, 22)])
LEVELS = st.sampled_from((60.0, 60.0, 60.0, 30.0, 5.0, 77.0, 80.0))
PUBLISHED = st.sampled_from((30, 1, 2, 5, None))
"""Hours for which prices are known; None: there are none at all."""
FAILS_WITHIN = 8
"""Steps of five minutes within which sendings of a command are used up."""
SAYINGS: tuple[dict[str, object], ...] = (
    {},
    {},
    {"power_delivery": PowerDelivery.NO_POWER, "is_charging": False},
    {"power_delivery": PowerDelivery.FAULT, "is_charging": False},
    {"power_delivery": PowerDelivery.UNKNOWN, "is_charging": None, "is_plugged_in": None, "soc_percent": None},
    {"charging_power_kw": 3.6},
)
"""What readings say otherwise than the car is."""

ROWS_TAKEN: Counter[contract.Row] = Counter()
step = steps(THEN)


class Life(RuleBasedStateMachine):
    """What can happen to a car, its driver and the line between them, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(check=self.check, check_again=self.check_again)

    def check(self, world: World, facts: Facts, decision: Decision) -> None:
        seen = Seen(facts, world.now, decision, world.has_charged)
        ROWS_TAKEN.update(watch.rows_taken(seen))
        assert watch.breaches(seen) == []

    def check_again(self, facts: Facts, first: Decision, second: Decision) -> None:
        assert watch.changes_again(facts, first, second) == []

    def time_passes(self, minutes: int | None) -> None:
        world = self.world
        if minutes is not None or world.plan is None:
            world.let_pass((minutes or 5) * MINUTE)
            return
        edges = [edge for window in world.plan.windows for edge in (window.start, window.end)]
        ahead = [at for at in (*edges, world.plan.deadline_at, world.plan.deadline_at + HOUR) if at > world.now]
        world.let_pass(min(ahead) - world.now + MINUTE if ahead else 5 * MINUTE)

    @initialize(level=LEVELS, deadline=DEADLINES, is_enabled=OFTEN)
    def begin(self, level: float, deadline: time, is_enabled: bool) -> None:
        self.world.begin_evening(level, deadline, is_enabled=is_enabled)

    @step(level=LEVELS, deadline=DEADLINES)
    def another_evening_begins(self, level: float, deadline: time) -> None:
        self.world.begin_evening(level, deadline, is_enabled=True)

    @step()
    def nothing_happens(self) -> None:
        """Time only."""

    @step(minutes=st.sampled_from((5, 35, 130)))
    def nobody_looks(self, minutes: int) -> None:
        self.world.be_down(minutes * MINUTE)

    @step(is_in=OFTEN)
    def cable_goes_in_or_out(self, is_in: bool) -> None:
        action = driver_actions.plug_in if is_in else driver_actions.unplug
        self.world.act(lambda car: action(car, self.world.now))
        self.world.look_at_once()

    @step(level=LEVELS)
    def level_jumps(self, level: float) -> None:
        self.world.act(lambda car: driver_actions.set_soc(car, self.world.now, soc_percent=level))

    @step(limit=st.sampled_from((80.0, 50.0, 100.0)))
    def limit_is_set(self, limit: float) -> None:
        world = self.world
        world.act(lambda car: driver_actions.set_charge_limit(car, world.now, charge_limit_percent=limit))

    @step(wants_charge=st.booleans())
    def somebody_else_starts_or_stops_it(self, wants_charge: bool) -> None:
        self.world.act(lambda car: replace(car, wants_charge=wants_charge, hold=None))

    @step(says=st.sampled_from(SAYINGS))
    def it_reports_oddly(self, says: dict[str, object]) -> None:
        self.world.car.odd = says

    @step(hours=st.sampled_from((30, 1)))
    def a_stop_fails_and_is_seen_after_all(self, hours: int) -> None:
        """A stop that failed lasts for minutes only: by chance hardly anything would follow it."""
        world = self.world
        world.begin_evening(60.0, time(7, 30), is_enabled=True)
        world.published_until = world.now + hours * HOUR
        world.car.line = Line.DEAF
        for _ in range(FAILS_WITHIN):
            world.let_pass(5 * MINUTE)
            if world.state == State.STOP_FAILED:
                break
        world.car.line = Line.GOOD
        world.act(lambda car: replace(car, wants_charge=False, hold=None))

    @step(is_let_charge=st.booleans())
    def a_plan_is_made_for_a_car_that_does_not_charge(self, is_let_charge: bool) -> None:
        """Nothing holds it then: it falls silent for hours, or is seen charging, as we let it before the plan."""
        world = self.world
        world.begin_evening(60.0, time(7, 30), is_enabled=True)
        world.let_pass(20 * MINUTE)
        world.is_enabled = False
        world.let_pass(20 * MINUTE)
        if is_let_charge:
            world.car.odd = {"power_delivery": PowerDelivery.UNKNOWN, "is_charging": False, "charging_power_kw": 0.0}
        else:
            world.act(lambda car: replace(car, wants_charge=False, hold=None))
        world.let_pass(20 * MINUTE)
        world.is_enabled = True
        world.evaluate()
        world.car.odd = {}
        world.car.line = Line.GOOD if is_let_charge else Line.DOWN
        world.let_pass(20 * MINUTE if is_let_charge else 3 * HOUR)
        world.car.line = Line.GOOD

    @rule(minutes=st.integers(1, 600))
    def an_old_reading_arrives(self, minutes: int) -> None:
        """I8: what is older than the view changes nothing of it."""
        view = self.world.view
        assert view.observed_at is not None
        late = replace(telemetry(self.world.car.car), observed_at=view.observed_at - minutes * MINUTE, soc_percent=1.0)

        assert fold(view, late) == view

    @step(line=st.sampled_from(Line), minutes=st.sampled_from((0, 4, 18, 40, 130)), lasts=st.booleans())
    def line_is_bad(self, line: Line, minutes: int, lasts: bool) -> None:
        self.world.car.line = line
        self.world.let_pass(minutes * MINUTE)
        self.world.car.line = line if lasts else Line.GOOD

    @step(is_enabled=OFTEN, deadline=DEADLINES, minimum=st.sampled_from((0.0, 0.0, 0.0, 40.0, 70.0)))
    def policy_is_set(self, is_enabled: bool, deadline: time, minimum: float) -> None:
        world = self.world
        world.is_enabled, world.deadline, world.minimum = is_enabled, deadline, minimum
        world.evaluate()

    @step(has_place=OFTEN)
    def place_is_added_or_removed(self, has_place: bool) -> None:
        self.world.has_place = has_place
        self.world.evaluate()

    @step(hours=PUBLISHED)
    def prices_are_published_or_lost(self, hours: int | None) -> None:
        self.world.published_until = None if hours is None else self.world.now + hours * HOUR
        self.world.evaluate()

    @step(is_capable=OFTEN, is_single_user=OFTEN)
    def control_is_lost_or_back(self, is_capable: bool, is_single_user: bool) -> None:
        self.world.is_capable, self.world.is_single_user = is_capable, is_single_user
        self.world.evaluate()

    @step(minutes=st.sampled_from((0, -5, -60)))
    def a_safety_net_starts_it(self, minutes: int) -> None:
        self.world.start_by_safety_net(declared_at=self.world.now + minutes * MINUTE)

    @precondition(lambda self: self.world.may_override)
    @step(until_percent=st.sampled_from((None, 75.0)), minutes=st.sampled_from((None, 30)))
    def charge_now(self, until_percent: float | None, minutes: int | None) -> None:
        until_at = None if minutes is None else self.world.now + minutes * MINUTE
        self.world.charge_now(until_percent, until_at)

    @precondition(lambda self: self.world.override is not None)
    @step(is_theirs=st.booleans())
    def back_to_smart_or_that_was_me(self, is_theirs: bool) -> None:
        self.world.end_override(is_theirs=is_theirs)


def live(count: int, number: int) -> None:
    """Lives drawn from the seed `number`, so that parts of them go beside each other."""
    lives = seed(number)(type(f"Life{number}", (Life,), {}))
    run_state_machine_as_test(lives, settings=settings(max_examples=count, stateful_step_count=30))


@pytest.mark.parametrize("quarter", range(4))
def test_200_lives_of_30_steps_go_by_the_contract(quarter: int) -> None:
    live(50, number=quarter)


@pytest.mark.slow
@pytest.mark.parametrize("half", [1, 2])
def test_10_000_lives_of_30_steps_go_by_the_contract_and_use_all_of_it(half: int) -> None:
    """A hundred at a time: what is remembered of all lives before costs as much as the next one."""
    ROWS_TAKEN.clear()
    # What was loaded before is not looked through for garbage all the time.
    gc.collect()
    gc.freeze()

    for part in range(50):
        live(100, number=100 * half + part)

    assert [str(row) for row in contract.ROWS if not ROWS_TAKEN[row]] == []


def test_who_says_nothing_of_charging_after_a_start_is_not_seen_charging() -> None:
    """A life that was found: what is known of charging is older than the START, though the readings are newer."""
    life = Life()
    life.begin(level=80.0, deadline=time(7, 30), is_enabled=True)
    life.nothing_happens(then=0)
    life.nothing_happens(then=0)
    life.nothing_happens(then=50)
    life.nothing_happens(then=125)
    life.cable_goes_in_or_out(is_in=True, then=25)
    life.another_evening_begins(deadline=time(7, 30), level=60.0, then=25)
    life.cable_goes_in_or_out(is_in=True, then=0)
    life.a_stop_fails_and_is_seen_after_all(hours=30, then=4)
    life.line_is_bad(line=Line.GOOD, minutes=40, lasts=False, then=125)
    life.line_is_bad(line=Line.GOOD, minutes=0, lasts=False, then=11)
    life.a_stop_fails_and_is_seen_after_all(hours=30, then=0)
    life.it_reports_oddly(says=SAYINGS[4], then=0)
    life.nothing_happens(then=0)


@pytest.mark.parametrize(("is_let_charge", "trigger"), [(True, "started_by_others"), (False, "silent")])
def test_a_car_that_nothing_holds_is_left_to_who_starts_it_and_started_when_it_is_silent(
    is_let_charge: bool, trigger: str
) -> None:
    ROWS_TAKEN.clear()
    life = Life()
    life.begin(level=60.0, deadline=time(7, 30), is_enabled=True)

    life.a_plan_is_made_for_a_car_that_does_not_charge(is_let_charge=is_let_charge, then=0)

    assert trigger in {row.trigger.__name__ for row in ROWS_TAKEN}
