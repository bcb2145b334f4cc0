"""Cars that are looked at together are left as looking at each alone leaves them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from charging.core.decide import decide
from charging.core.decision import Decision
from charging.core.facts import Facts
from charging.core.states import State
from charging.models import (
    Activity,
    Command,
    DecisionLog,
    Due,
    OutboxMessage,
    Plan,
    PlanningRow,
    Policy,
    SmartOverride,
    StateEvent,
    Vehicle,
    VehicleView,
)
from charging.models.vehicles import GatewayName
from charging.operations import looking_together
from charging.operations import sweep as sweeping
from charging.operations.carrying_out import Judged, carry_out
from charging.operations.looking_together import look_together
from charging.operations.sweep import run_vehicle, sweep
from tests.factories import (
    NOW,
    make_command,
    make_due,
    make_finding,
    make_learned_power,
    make_override,
    make_parked_car,
    make_price_area,
    make_prices,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
STATES = (State.STOPPED, State.STARTED, State.CONSIDERING, State.DISABLED, State.FINISHED, State.STOPPED)
MINUTES = (0, 5, 10, 11, 40)


def make_cars() -> list[Vehicle]:
    """One of each kind: with a plan, charging, without one, known from before, overridden, commanded, out of sight."""
    cars = [make_parked_car(state=state) for state in STATES]
    cars += [make_parked_car() for _ in range(6)]
    known, overridden, commanded, away, doubled, hours = cars[-6:]
    make_learned_power(vehicle=known)
    make_override(vehicle=overridden)
    make_command(vehicle=commanded, status="CONFIRMED", generation=1, created_at=NOW - timedelta(minutes=20))
    Vehicle.objects.filter(pk=commanded.pk).update(command_generation=1)
    VehicleView.objects.filter(vehicle=away).update(location=None, is_plugged_in=False, plugged_in_at=None)
    Vehicle.objects.filter(pk__in=[doubled.pk, hours.pk]).update(vin=f"WVWZZZ{doubled.pk:011d}")
    make_finding(vehicle=hours)
    for car in cars:
        make_due(vehicle=car, own_at=NOW, due_at=NOW, next_poll_at=NOW)
    Vehicle.objects.filter(pk__in=[car.pk for car in cars]).update(gateway=GatewayName.PUSH)
    VehicleView.objects.filter(vehicle=cars[1]).update(is_charging=True, power_delivery="PLUGGED_IN:CHARGING")
    return cars


def what_is_stored(car: Vehicle) -> dict[str, Any]:
    """What looking at a car leaves, but for what tells it from another one."""
    row = PlanningRow.objects.filter(vehicle=car).first()
    stored = model_to_dict(Vehicle.objects.get(pk=car.pk), exclude=["id", "driver", "vin"])
    own = ["vehicle", "plan_id", "location_id", "location", "id", "public_id", "plan", "generation"]
    return {
        "car": stored,
        "due": model_to_dict(Due.objects.get(vehicle=car), exclude=own),
        "row": model_to_dict(row, exclude=own) if row is not None else None,
        "events": list(StateEvent.objects.filter(vehicle=car).order_by("seq").values_list("at", "event", "to_state")),
        "commands": [model_to_dict(one, exclude=own) for one in Command.objects.filter(vehicle=car).order_by("pk")],
        "plans": [
            [
                model_to_dict(plan, exclude=own),
                [model_to_dict(one, exclude=own) for one in plan.windows.order_by("start")],
            ]
            for plan in Plan.objects.filter(vehicle=car).order_by("created_at", "pk")
        ],
        "told": list(
            OutboxMessage.objects.filter(vehicle=car).order_by("pk").values_list("event", "seq", "created_at")
        ),
        "line": list(Activity.objects.filter(vehicle=car).order_by("pk").values_list("at", "code")),
        "decided": list(
            DecisionLog.objects.filter(vehicle=car).order_by("pk").values_list("at", "rule", "state_after")
        ),
        "overrides": list(SmartOverride.objects.filter(vehicle=car).values_list("created_at", "ended_at")),
    }


def test_a_sweep_leaves_what_looking_at_each_car_alone_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    alone, together = make_cars(), make_cars()
    for minutes in MINUTES:
        at = NOW + timedelta(minutes=minutes)
        VehicleView.objects.filter(observed_at__lt=at).update(observed_at=at - timedelta(minutes=1))
        for cars, looks in ((alone, lambda **_: set()), (together, look_together)):
            monkeypatch.setattr(sweeping, "look_together", looks)
            others = Due.objects.exclude(vehicle__in=cars)
            kept = dict(others.values_list("pk", "due_at"))
            others.update(due_at=at + timedelta(days=1))
            sweep(at_wall=at)
            for pk, due_at in kept.items():
                Due.objects.filter(pk=pk).update(due_at=due_at)

        for number, (one, other) in enumerate(zip(alone, together, strict=True)):
            assert what_is_stored(other) == what_is_stored(one), (minutes, number)


def settled() -> list[int]:
    """Cars that have been looked at a while ago, and are due again."""
    ids = [car.pk for car in make_cars()]
    sweep(at_wall=NOW)
    VehicleView.objects.filter(is_plugged_in=True).update(observed_at=NOW + timedelta(minutes=9))
    return ids


def test_cars_that_only_time_has_passed_for_are_looked_at_together() -> None:
    ids, later = settled(), NOW + timedelta(minutes=30)
    before = dict(Vehicle.objects.values_list("pk", "evaluation_count"))

    done = look_together(vehicle_ids=ids, at_wall=later)

    assert len(done) >= 3
    counts = dict(Vehicle.objects.values_list("pk", "evaluation_count"))
    assert {pk for pk in ids if counts[pk] != before[pk]} == done
    assert not Due.objects.filter(pk__in=done, due_at__lte=later).exists()


def test_only_time_passing_takes_as_many_queries_for_many_cars_as_for_few() -> None:
    few, counts = settled(), []
    many = few + settled()
    look_together(vehicle_ids=many, at_wall=NOW + timedelta(minutes=30))
    for ids in (few, many):
        Due.objects.update(due_at=NOW)
        with CaptureQueriesContext(connection) as queries:
            assert look_together(vehicle_ids=ids, at_wall=NOW + timedelta(minutes=31))
        counts.append(len(queries))

    assert counts[1] <= counts[0] + 1
    assert counts[1] <= 20


def make_considered(count: int, **view: Any) -> list[int]:
    """Cars that are due for their first plan, with cheap hours at night."""
    make_prices(area=make_price_area(), day_start=NOW - timedelta(hours=1), prices=[0.3] * 28 + [0.05] * 28)
    cars = [make_parked_car(state=State.CONSIDERING, view=view) for _ in range(count)]
    for car in cars:
        make_due(vehicle=car, own_at=NOW, due_at=NOW, next_poll_at=NOW + timedelta(minutes=15))
    return [car.pk for car in cars]


def test_a_first_plan_among_others_takes_far_fewer_queries_than_alone() -> None:
    alone, *others = make_considered(6)
    with CaptureQueriesContext(connection) as for_one:
        run_vehicle(vehicle_id=alone, at_wall=NOW)

    with CaptureQueriesContext(connection) as for_others:
        assert look_together(vehicle_ids=others, at_wall=NOW) == set(others)

    assert set(Vehicle.objects.values_list("state", flat=True)) == {State.STOPPED.value}
    assert len(for_others) < len(others) * (len(for_one) - 8)


def test_what_is_to_be_sent_is_left_to_be_evaluated_alone() -> None:
    ids = make_considered(2, is_charging=True, power_delivery="PLUGGED_IN:CHARGING")

    assert look_together(vehicle_ids=ids, at_wall=NOW) == set()
    assert not Command.objects.exists()


def test_no_more_cars_than_a_few_are_written_while_the_others_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking_together, "WRITTEN_AT_ONCE", 1)
    ids = make_considered(4)

    # A single car is left: of it nothing is shared.
    assert len(look_together(vehicle_ids=ids, at_wall=NOW)) == 3


def test_a_car_whose_plan_cannot_be_written_keeps_no_other_back(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = make_considered(3)

    def written(*, vehicle: Vehicle, judged: Judged, trigger: str) -> None:
        carry_out(vehicle=vehicle, judged=judged, trigger=trigger)
        assert vehicle.pk != ids[0]

    monkeypatch.setattr(looking_together, "carry_out", written)

    assert look_together(vehicle_ids=ids, at_wall=NOW) == set(ids[1:])
    assert set(StateEvent.objects.values_list("vehicle", flat=True)) == set(ids[1:])


def test_a_single_car_and_one_that_is_not_due_are_left() -> None:
    ids = settled()

    assert look_together(vehicle_ids=ids[:1], at_wall=NOW + timedelta(minutes=30)) == set()
    assert look_together(vehicle_ids=ids, at_wall=NOW) == set()


def test_a_fault_leaves_all_cars_to_be_looked_at_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = settled()
    monkeypatch.setattr(looking_together, "load_many", lambda **_: 1 / 0)

    assert look_together(vehicle_ids=ids, at_wall=NOW + timedelta(minutes=30)) == set()


def test_a_car_that_cannot_be_judged_keeps_no_other_back(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = settled()
    done = look_together(vehicle_ids=ids, at_wall=NOW + timedelta(minutes=30))
    broken, at = min(done), NOW + timedelta(minutes=30)
    Due.objects.update(due_at=NOW)
    Policy.objects.filter(vehicle=broken).update(min_window_minutes=240)

    def judged(facts: Facts, now: datetime) -> Decision:
        assert facts.policy.min_window != timedelta(minutes=240)
        return decide(facts, now)

    monkeypatch.setattr(looking_together, "decide", judged)

    assert look_together(vehicle_ids=ids, at_wall=at) == done - {broken}
