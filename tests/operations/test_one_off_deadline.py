"""A deadline for tonight ends with the plug-in that it was meant for."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from charging.core.states import State
from charging.models import Plan, Policy
from charging.operations.ready_by_tonight import set_ready_by_tonight
from charging.operations.simulation import plug_in, unplug
from tests.operations.night import Night, make_night

pytestmark = pytest.mark.django_db


@pytest.fixture
def night() -> Night:
    night = make_night()
    night.add_place()
    night.turn_on()
    night.let_pass(timedelta(minutes=30))
    return night


def test_pulling_the_cable_early_ends_it_after_the_plan(night: Night) -> None:
    set_ready_by_tonight(vehicle=night.vehicle, deadline=time(9, 0), now=night.now)
    night.let_pass(timedelta(minutes=30))

    unplug(vehicle=night.vehicle, now=night.now)

    night.vehicle.refresh_from_db()
    assert night.vehicle.state == State.UNPLUGGED
    assert Policy.objects.get().one_off_deadline_at is None
    night.let_pass(timedelta(minutes=10))
    plug_in(vehicle=night.vehicle, now=night.now)
    night.let_pass(timedelta(minutes=30))
    assert f"{Plan.objects.latest('created_at').deadline_at:%H:%M}" == "06:00"


def test_without_a_plan_it_ends_with_the_cable_too(night: Night) -> None:
    unplug(vehicle=night.vehicle, now=night.now)
    night.let_pass(timedelta(minutes=5))
    plug_in(vehicle=night.vehicle, now=night.now)
    set_ready_by_tonight(vehicle=night.vehicle, deadline=time(9, 0), now=night.now)
    night.vehicle.refresh_from_db()
    assert night.vehicle.state == State.CONSIDERING

    unplug(vehicle=night.vehicle, now=night.now)

    assert Policy.objects.get().one_off_deadline_at is None


def test_one_that_is_set_before_plugging_in_holds(night: Night) -> None:
    unplug(vehicle=night.vehicle, now=night.now)
    night.let_pass(timedelta(minutes=5))
    set_ready_by_tonight(vehicle=night.vehicle, deadline=time(9, 0), now=night.now)

    plug_in(vehicle=night.vehicle, now=night.now)
    night.let_pass(timedelta(minutes=30))

    assert f"{Plan.objects.latest('created_at').deadline_at:%H:%M}" == "08:00"
