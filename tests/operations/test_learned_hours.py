"""What was learned of another schedule shapes the facts and the plan of a car, until it is gone."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from charging.core.facts import Facts
from charging.core.facts_json import from_json
from charging.core.states import State
from charging.models import DecisionLog, Finding, Plan, PlanWindow
from charging.operations.facts import load_facts
from charging.operations.policies import set_policy
from charging.operations.previews import preview
from tests import factories
from tests.operations.night import EVENING, Night, make_night

pytestmark = pytest.mark.django_db

OSLO = ZoneInfo("Europe/Oslo")


def make_planned(**finding: Any) -> Night:
    """A car that was found out before it is plugged in at home on a Tuesday at seven, and plans its night."""
    night = make_night()
    factories.make_finding(vehicle=night.vehicle, first_seen_at=EVENING, last_seen_at=EVENING, **finding)
    night.add_place()
    night.turn_on()
    night.let_pass(timedelta(minutes=15))
    return night


def windows() -> list[tuple[str, str]]:
    return [
        (f"{window.start.astimezone(OSLO):%H:%M}", f"{window.end.astimezone(OSLO):%H:%M}")
        for window in PlanWindow.objects.filter(plan=Plan.objects.get()).order_by("start")
    ]


def hours_of(night: Night) -> list[tuple[datetime, datetime]]:
    facts, _ = load_facts(vehicle=night.vehicle, now=night.now)
    return [(period.start, period.end) for period in facts.foreign_window]


def test_without_a_finding_all_time_is_open() -> None:
    night = make_planned(status="suspected")

    assert hours_of(night) == []
    assert windows()[0][0] < "23:45"
    assert Plan.objects.get().reason == "cheapest"


def test_a_plan_keeps_to_the_hours_after_a_timer_and_says_why() -> None:
    night = make_planned(clock_time=time(3, 0))

    assert night.vehicle.state == State.STOPPED
    assert min(start for start, _ in windows()) >= "03:00"
    assert max(end for _, end in windows()) <= "07:00"
    assert Plan.objects.get().reason == "foreign_window"


def test_a_look_ahead_keeps_to_them_too() -> None:
    night = make_planned(clock_time=time(3, 0))

    ahead = preview(vehicle=night.vehicle, now=night.now)

    assert ahead is not None
    assert ahead.plan.windows[0].start >= EVENING + timedelta(hours=8)


def test_a_plan_is_done_before_the_hours_end() -> None:
    make_planned(cause="window_end", codes=["F4"], clock_time=time(3, 0))

    assert max(end for _, end in windows() if end < "12:00") <= "02:45"


def test_two_findings_bound_the_hours_from_either_side() -> None:
    night = make_night()
    for cause, clock in (("timer", time(23, 0)), ("window_end", time(5, 0)), ("reported_schedule", time(1, 0))):
        factories.make_finding(
            vehicle=night.vehicle, cause=cause, clock_time=clock, first_seen_at=EVENING, last_seen_at=EVENING
        )
    night.add_place()
    night.turn_on()

    assert hours_of(night) == [(EVENING + timedelta(hours=4), EVENING + timedelta(hours=10))]


def test_reported_hours_count_where_none_were_seen() -> None:
    night = make_planned(cause="reported_schedule", codes=["F12"], clock_time=time(1, 0))

    assert hours_of(night)[0][0] == EVENING + timedelta(hours=6)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"clock_time": None}, id="no time"),
        pytest.param({"cause": "foreign_start"}, id="a cause that holds nothing back"),
        pytest.param({"answer": "switched_off", "answered_at": EVENING}, id="said to be switched off"),
        pytest.param({"gone_at": EVENING}, id="gone"),
    ],
)
def test_what_holds_nothing_back_leaves_all_time_open(values: dict[str, Any]) -> None:
    assert hours_of(make_planned(**values)) == []


def test_what_is_there_on_purpose_keeps_its_hours() -> None:
    assert hours_of(make_planned(answer="on_purpose", answered_at=EVENING)) != []


def test_a_car_that_has_no_deadline_has_no_hours() -> None:
    night = make_planned()
    set_policy(vehicle=night.vehicle, is_enabled=False, deadline=None, minimum_charge_limit=0, now=night.now)

    assert hours_of(night) == []


def test_hours_too_few_for_the_need_are_given_up_for_charging_at_once() -> None:
    night = make_planned(clock_time=time(6, 0))

    assert night.is_charging
    assert night.vehicle.state == State.CONSIDERING
    assert night.vehicle.rule == "too_little_time"
    night.let_pass(timedelta(hours=5))
    assert night.soc_percent >= 79.9


def test_the_hours_are_kept_with_the_decision_and_lead_to_the_same_one() -> None:
    night = make_planned()
    row = DecisionLog.objects.filter(state_after=State.STOPPING).first() or DecisionLog.objects.latest("pk")

    facts = from_json(Facts, {**row.facts, "prices": row.prices.prices})

    assert facts.foreign_window[0].start == EVENING + timedelta(hours=4)
    assert Finding.objects.get().vehicle_id == night.vehicle.pk


def test_the_car_is_ready_in_time_within_its_hours() -> None:
    night = make_planned()

    night.let_pass(timedelta(hours=12))

    assert night.vehicle.state == State.FINISHED
    assert night.soc_percent >= 79.9
