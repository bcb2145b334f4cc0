"""The product against its invariants: random lives of a simulated car, through operations, database and sweep."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, run_state_machine_as_test

from charging.adapters.vehicles.simulated_car import advance, with_event
from charging.api.status_answers import status_answer
from charging.core.states import State
from charging.models import Location, Plan, Policy, StateEvent, Vehicle, VehicleView
from charging.models.vehicles import OtherControl
from charging.operations import due, locations, overrides, policies, prices, simulation, sweep, telemetry
from charging.operations.gateways import gateway_of, load_simulated_car, save_simulated_car
from charging.operations.issues import Refused
from charging.operations.vehicles import set_other_control
from tests.core.far_car import Line
from tests.lives import steps
from tests.operations.bad_line import Between
from tests.operations.invariants import Watch
from tests.operations.late_market import Market
from tests.operations.night import FAMILY_CAR, make_night

MINUTE = timedelta(minutes=1)
THEN = st.sampled_from((0, 1, 3, 6, 15, 31, None, None))
"""Minutes that pass after a step; None: nobody looks until the plan starts, stops or has to be done."""
OFTEN = st.sampled_from((True, True, True, False))
KNOWN_HOURS = st.sampled_from((None, None, 4, 8))
DEADLINES = st.sampled_from((time(7, 0), time(0, 30), time(22, 30)))
LEVELS = st.sampled_from((60.0, 60.0, 35.0, 10.0, 79.0))
CAR = replace(FAMILY_CAR, soc_percent=60.0)
STATES: Counter[str] = Counter()
step = steps(THEN, refusals=(Refused,))


class Life(RuleBasedStateMachine):
    """What drivers, cars and servers do, in any order. Each life is undone at its end."""

    between: Between
    market: Market

    def __init__(self) -> None:
        super().__init__()
        self.life = transaction.atomic()
        self.life.__enter__()
        self.between.begin_anew()
        self.market.known_until = None
        self.night = make_night(details=CAR)
        self.watch = Watch(self.night.vehicle.pk)
        self.vehicle = self.night.vehicle
        self.night.add_place()

    def teardown(self) -> None:
        STATES.update(StateEvent.objects.filter(vehicle=self.vehicle).values_list("to_state", flat=True))
        transaction.set_rollback(True)
        self.life.__exit__(None, None, None)

    def time_passes(self, minutes: int | None) -> None:
        sweep.sweep(at_wall=self.night.now)
        if minutes:
            self.night.let_pass(minutes * MINUTE)
        elif minutes is None and (edge := self.next_edge()) is not None:
            self.night.now = max(self.night.now, edge - 2 * MINUTE)
            self.night.let_pass(3 * MINUTE)
        self.watch.look(self.night.now)
        assert [*self.watch.breaches, *self.between.breaches] == []

    def come_home(self, level: float) -> None:
        home = Location.objects.first() or self.night.add_place()
        simulation.drive_home(vehicle=self.vehicle, location=home, now=self.night.now)
        simulation.set_battery(vehicle=self.vehicle, soc_percent=level, now=self.night.now)
        simulation.plug_in(vehicle=self.vehicle, now=self.night.now)

    def wait_for_the_plan(self, *, is_start: bool = False) -> None:
        """Until just before it starts (or stops) the car. Without that an ordinary evening begins."""
        if self.next_edge(is_start=is_start) is None:
            self.between.line, self.market.known_until = Line.GOOD, None
            Vehicle.objects.filter(pk=self.vehicle.pk).update(is_capable=True)
            self.night.turn_on()
            self.come_home(60.0)
            locations.update_location(location=Location.objects.get(), now=self.night.now, price_area_code="NO2")
            self.night.let_pass(30 * MINUTE)
        if (edge := self.next_edge(is_start=is_start)) is not None:
            # Somebody looks: a hold that nobody renews ends by itself long before.
            self.night.let_pass(max(edge - 2 * MINUTE - self.night.now, 0 * MINUTE))

    def spoil_line(self, line: Line, minutes: int, lasts: bool) -> None:
        self.between.line = line
        self.night.let_pass(minutes * MINUTE)
        self.between.line = line if lasts else Line.GOOD

    def next_edge(self, *, is_start: bool = False) -> datetime | None:
        plan = Plan.objects.filter(vehicle=self.vehicle, ended_at=None).first()
        if plan is None:
            return None
        edges, ends = zip(*plan.windows.values_list("start", "end"), strict=True) if plan.windows.exists() else ((), ())
        edges += () if is_start else (*ends, plan.deadline_at, plan.deadline_at + 60 * MINUTE)
        return min((at for at in edges if at > self.night.now), default=None)

    def change_car(self, **changes: Any) -> None:
        """Something happens to the car that it tells of when it is asked."""
        car = with_event(advance(load_simulated_car(self.vehicle), self.night.now))
        save_simulated_car(self.vehicle, replace(car, **changes))

    @initialize(
        deadline=DEADLINES,
        minimum=st.sampled_from((0, 0, 70)),
        is_enabled=OFTEN,
        hours=KNOWN_HOURS,
        line=st.sampled_from((Line.GOOD, Line.GOOD, Line.DEAF)),
    )
    def begin(self, deadline: time, minimum: float, is_enabled: bool, hours: int | None, line: Line) -> None:
        """`hours`: how far ahead prices are published when the life begins; None: all."""
        self.market.known_until = None if hours is None else self.night.now + hours * 60 * MINUTE
        if is_enabled:
            self.night.turn_on(deadline=deadline, minimum=minimum)
        self.spoil_line(line, 40 if line is Line.DEAF else 0, lasts=False)
        self.time_passes(15)

    @step()
    def nothing_happens(self) -> None:
        """Time only."""

    @step(minutes=st.sampled_from((5, 40, 130)))
    def nobody_looks_and_then_it_starts_again(self, minutes: int) -> None:
        self.night.now += minutes * MINUTE
        before = status_of(self.vehicle, self.night.now)

        sweep.reconcile(at_wall=self.night.now)

        # I14: a start finds what was, and remembers nothing else.
        assert status_of(self.vehicle, self.night.now) == before

    @step(is_in=OFTEN)
    def cable_goes_in_or_out(self, is_in: bool) -> None:
        action = simulation.plug_in if is_in else simulation.unplug
        action(vehicle=self.vehicle, now=self.night.now)

    @step(level=LEVELS)
    def it_comes_home(self, level: float) -> None:
        self.come_home(level)

    @step()
    def it_drives_away(self) -> None:
        simulation.drive_away(vehicle=self.vehicle, now=self.night.now)

    @step(level=LEVELS)
    def battery_is_set(self, level: float) -> None:
        simulation.set_battery(vehicle=self.vehicle, soc_percent=level, now=self.night.now)

    @step(limit=st.sampled_from((50.0, 80.0, 100.0)))
    def limit_is_set(self, limit: float) -> None:
        self.change_car(charge_limit_percent=limit)

    @step(wants_charge=st.booleans(), is_net=st.booleans())
    def somebody_else_starts_or_stops_it(self, wants_charge: bool, is_net: bool) -> None:
        if is_net:
            set_other_control(
                vehicle=self.vehicle,
                other_control=OtherControl.SAFETY_NET,
                charger_brand="",
                safety_net_time=(self.night.now + 60 * MINUTE).time(),
                now=self.night.now,
            )
        self.change_car(wants_charge=wants_charge, hold=None)
        self.night.let_pass(11 * MINUTE)

    @step(line=st.sampled_from(Line), minutes=st.sampled_from((0, 7, 18)), lasts=st.booleans())
    def line_is_bad(self, line: Line, minutes: int, lasts: bool) -> None:
        self.spoil_line(line, minutes, lasts)

    @step(line=st.sampled_from((Line.DEAF, Line.DOWN)), lasts=st.booleans())
    def line_is_bad_when_the_plan_starts_or_stops_it(self, line: Line, lasts: bool) -> None:
        self.wait_for_the_plan()
        self.spoil_line(line, 45, lasts)

    @step()
    def somebody_else_stops_it_in_its_hours(self) -> None:
        self.between.line = Line.GOOD
        self.wait_for_the_plan(is_start=True)
        self.night.let_pass(12 * MINUTE)
        self.change_car(wants_charge=False, hold=None)
        self.night.let_pass(11 * MINUTE)

    @step()
    def prices_are_published(self) -> None:
        self.market.known_until = None
        due.look_again(vehicle=self.vehicle, now=self.night.now)

    @step(is_enabled=OFTEN, deadline=DEADLINES, minimum=st.sampled_from((0, 0, 40, 70)))
    def policy_is_set(self, is_enabled: bool, deadline: time, minimum: float) -> None:
        policies.set_policy(
            vehicle=self.vehicle,
            is_enabled=is_enabled,
            deadline=deadline,
            minimum_charge_limit=minimum,
            now=self.night.now,
        )

    @step(minutes=st.sampled_from((None, 20)), until_plug_in=st.booleans())
    def it_is_paused(self, minutes: int | None, until_plug_in: bool) -> None:
        until_at = None if minutes is None else self.night.now + minutes * MINUTE
        with suppress(Policy.DoesNotExist):
            policies.pause(vehicle=self.vehicle, now=self.night.now, until_at=until_at, until_plug_in=until_plug_in)

    @step(has_place=OFTEN, zone=st.sampled_from(("Europe/Oslo", "Europe/Oslo", "Europe/London")))
    def place_is_added_changed_or_removed(self, has_place: bool, zone: str) -> None:
        home = Location.objects.first()
        if home is None:
            self.night.add_place(timezone_name=zone)
        elif has_place:
            locations.update_location(location=home, now=self.night.now, timezone_name=zone)
        else:
            locations.delete_location(location=home, now=self.night.now)

    @step(area=st.sampled_from(("NO2", "SE3", None)))
    def prices_are_others_or_none(self, area: str | None) -> None:
        for home in Location.objects.all():
            locations.update_location(location=home, now=self.night.now, price_area_code=area)

    @step(is_capable=OFTEN)
    def control_is_lost_or_back(self, is_capable: bool) -> None:
        Vehicle.objects.filter(pk=self.vehicle.pk).update(is_capable=is_capable)
        due.look_again(vehicle=self.vehicle, now=self.night.now)

    @step(until_percent=st.sampled_from((None, 75.0)), minutes=st.sampled_from((None, 30)))
    def charge_now(self, until_percent: float | None, minutes: int | None) -> None:
        until_at = None if minutes is None else self.night.now + minutes * MINUTE
        overrides.charge_now(vehicle=self.vehicle, now=self.night.now, until_percent=until_percent, until_at=until_at)

    @step(is_theirs=st.booleans())
    def back_to_smart_or_that_was_me(self, is_theirs: bool) -> None:
        (overrides.claim if is_theirs else overrides.end_override)(vehicle=self.vehicle, now=self.night.now)

    @step(minutes=st.integers(0, 600))
    def an_old_reading_arrives(self, minutes: int) -> None:
        """I8: once more, or late, it moves nothing back."""
        view = VehicleView.objects.get(vehicle=self.vehicle)
        reading = gateway_of(self.vehicle).read(now=self.night.now)
        if reading is not None and view.observed_at is not None:
            late = replace(reading, observed_at=view.observed_at - minutes * MINUTE, event_id=f"late {minutes}")
            telemetry.record_reading(vehicle=self.vehicle, reading=late, now=self.night.now)


def status_of(vehicle: Vehicle, now: datetime) -> dict[str, object]:
    """What the API says of the car, from rows loaded anew."""
    shown = Vehicle.objects.with_everything_shown().get(pk=vehicle.pk)
    return status_answer(shown, now).model_dump()


@pytest.fixture
def lives(db: None, monkeypatch: pytest.MonkeyPatch) -> type[Life]:
    """Lives over a line that may be bad; a car that is changing is asked every two minutes, like a real one."""
    prices.ensure_price_areas()
    monkeypatch.setattr(due, "POLL_SIMULATED_WHILE_CHANGING", due.POLL_WHILE_CHANGING)
    Life.between = Between()
    Life.between.lie(monkeypatch)
    Life.market = Market()
    Life.market.keep_back(monkeypatch)
    return Life


def live(lives: type[Life], count: int, number: int) -> None:
    """Lives drawn from the seed `number`, so that parts of them go beside each other.

    A life that fails is told as it was: to find the shortest that fails the same way takes many minutes.
    """
    run_state_machine_as_test(
        seed(number)(type(f"Life{number}", (lives,), {})),
        settings=settings(
            max_examples=count,
            stateful_step_count=30,
            phases=(Phase.generate,),
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


@pytest.mark.parametrize("quarter", range(4))
def test_in_20_lives_of_30_steps_all_invariants_hold(lives: type[Life], quarter: int) -> None:
    live(lives, 5, number=quarter)


@pytest.mark.slow
@pytest.mark.parametrize("half", [1, 2])
def test_in_500_lives_of_30_steps_all_invariants_hold_and_every_state_is_seen(lives: type[Life], half: int) -> None:
    STATES.clear()

    live(lives, 250, number=half)

    assert {state.value for state in State} - set(STATES) == set()
