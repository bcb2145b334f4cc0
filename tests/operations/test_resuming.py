"""A pause ends once: at its instant or at the next plug-in, whichever was asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from charging.models import Activity, Policy, VehicleView
from charging.operations import policies
from charging.operations.facts import load_rows
from charging.operations.resuming import resume_when_due
from tests.operations.night import Night, make_night

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def night() -> Night:
    night = make_night()
    night.add_place()
    night.turn_on()
    return night


def resumes(night: Night, after: timedelta) -> bool:
    resume_when_due(rows=load_rows(vehicle=night.vehicle), now=night.now + after)
    return Policy.objects.get().is_enabled


def test_without_a_policy_nothing_resumes() -> None:
    night = make_night()

    resume_when_due(rows=load_rows(vehicle=night.vehicle), now=night.now)

    assert not Policy.objects.exists()


def test_what_was_turned_off_for_good_stays_off(night: Night) -> None:
    policies.set_policy(vehicle=night.vehicle, is_enabled=False, now=night.now)

    assert not resumes(night, after=timedelta(days=30))


@pytest.mark.parametrize(
    ("after", "is_over"),
    [(HOUR - timedelta(seconds=1), False), (HOUR, True), (2 * HOUR, True)],
    ids=["a second before", "on the dot", "an hour late"],
)
def test_a_pause_until_an_instant_ends_at_it(night: Night, after: timedelta, is_over: bool) -> None:
    policies.pause(vehicle=night.vehicle, now=night.now, until_at=night.now + HOUR)

    assert resumes(night, after=after) is is_over


def test_a_pause_until_the_next_plug_in_counts_only_a_later_one(night: Night) -> None:
    policies.pause(vehicle=night.vehicle, now=night.now + HOUR, until_plug_in=True)
    assert not resumes(night, after=2 * HOUR)

    VehicleView.objects.update(plugged_in_at=night.now + HOUR + timedelta(seconds=1))

    assert resumes(night, after=2 * HOUR)


def test_a_pause_until_the_next_plug_in_waits_while_nothing_is_plugged_in(night: Night) -> None:
    policies.pause(vehicle=night.vehicle, now=night.now + HOUR, until_plug_in=True)
    VehicleView.objects.update(plugged_in_at=None)

    assert not resumes(night, after=timedelta(days=2))


def test_a_car_is_looked_at_on_the_very_instant_its_pause_ends(night: Night) -> None:
    until_at = night.now + timedelta(minutes=7)
    policies.pause(vehicle=night.vehicle, now=night.now, until_at=until_at)

    night.let_pass(timedelta(minutes=7))

    assert night.vehicle.evaluated_at == until_at
    assert Policy.objects.get().is_enabled


def test_the_end_of_a_pause_is_told_once_and_leaves_no_trace_in_the_policy(night: Night) -> None:
    policies.pause(vehicle=night.vehicle, now=night.now, until_at=night.now + HOUR)
    before = Policy.objects.get()

    resumes(night, after=HOUR)
    resumes(night, after=2 * HOUR)

    policy = Policy.objects.get()
    assert (policy.paused_until, policy.is_paused_until_next_plug_in) == (None, False)
    assert policy.version == before.version + 1
    assert Activity.objects.filter(code="pause_over").count() == 1
