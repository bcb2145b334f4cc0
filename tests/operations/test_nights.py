"""Nights put together from stored rows are the nights that were lived."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from charging.core.nights import Night
from charging.models import DecisionLog, Location, Reading, Vehicle
from charging.models.vehicles import OtherControl
from charging.operations.nights import LONGEST_AGO, MOST_PLUG_INS, load_nights
from charging.operations.simulation import plug_in, unplug
from tests import factories
from tests.core.interference_stories import CLEAN, CONFLICT, DAY, FIGHT, HELD, REPORTED, TIMER, UNPLUGGED, nights
from tests.core.night_stories import MONDAY, tell
from tests.operations.night import make_night
from tests.operations.stored_nights import make_car, store

pytestmark = pytest.mark.django_db

PROTECTED = (*HELD, "20:00 we protect", "20:02 charges", "20:40 it is protected", "20:45 we stop", UNPLUGGED)


def as_seen(night: Night) -> Night:
    """A night begins with the first reading that shows it."""
    start = night.readings[0].observed_at
    wanted = tuple(replace(period, start=max(period.start, start)) for period in night.wanted)
    return replace(night, plugged_in_at=start, wanted=wanted)


@pytest.mark.parametrize("story", [CLEAN, TIMER, FIGHT, CONFLICT, REPORTED, PROTECTED])
def test_a_night_comes_back_as_it_was_lived(story: tuple[str, ...]) -> None:
    car = make_car()
    lived = tell(*story, minimum_percent=30.0)
    store(car, lived)

    (loaded,) = load_nights(vehicle=car, now=lived.seen_until)

    assert loaded == as_seen(lived)


def test_a_night_that_goes_on_is_loaded_until_now() -> None:
    car = make_car()
    lived = tell(*CLEAN[:-1], "03:00 goes on")
    now = store(car, lived) + timedelta(minutes=2)

    (loaded,) = load_nights(vehicle=car, now=now)

    assert not loaded.is_over
    assert loaded.readings == lived.readings
    assert loaded.wanted[-1].end == now


def test_what_the_driver_keeps_as_a_safety_net_is_of_every_night() -> None:
    car = make_car(other_control=OtherControl.SAFETY_NET, safety_net_time=time(2, 30))
    now = store(car, tell(*CLEAN))

    assert load_nights(vehicle=car, now=now)[0].safety_net == time(2, 30)
    car.other_control = OtherControl.UNSURE
    assert load_nights(vehicle=car, now=now)[0].safety_net is None


@pytest.mark.parametrize(
    ("values", "is_claimed"),
    [({}, True), ({"is_claimed": True}, True), ({"is_from_elsewhere": True}, False)],
    ids=["charge now", "that was me", "from elsewhere"],
)
def test_a_night_in_which_the_driver_started_the_car_is_theirs(values: dict[str, bool], is_claimed: bool) -> None:
    car = make_car()
    lived = tell(*CLEAN)
    now = store(car, lived)
    factories.make_override(vehicle=car, created_at=lived.plugged_in_at + timedelta(hours=2), ended_at=now, **values)
    factories.make_override(vehicle=car, created_at=now + DAY, ended_at=now + DAY)

    assert load_nights(vehicle=car, now=now)[0].is_claimed is is_claimed


def test_a_night_away_or_at_a_place_that_is_gone_is_at_none() -> None:
    car = make_car()
    now = store(car, replace(tell(*CLEAN), is_at_place=False), tell(*CLEAN, day=MONDAY + DAY))

    away, home = load_nights(vehicle=car, now=now)
    Location.objects.all().delete()
    _, gone = load_nights(vehicle=car, now=now)

    assert (away.is_at_place, home.is_at_place, gone.is_at_place) == (False, True, False)
    assert (home.timezone_name, away.timezone_name) == ("Europe/Oslo", "UTC")


def test_a_night_of_which_no_decision_is_kept_wanted_nothing_and_was_nowhere() -> None:
    car = make_car()
    now = store(car, tell(*CLEAN))
    DecisionLog.objects.all().delete()

    (loaded,) = load_nights(vehicle=car, now=now)

    assert (loaded.wanted, loaded.protective, loaded.is_at_place, loaded.minimum_percent) == ((), (), False, 0.0)


def test_the_last_fourteen_plug_ins_are_loaded_and_nothing_of_long_ago() -> None:
    car = make_car()
    now = store(car, *nights(*[("18:00 plugged in", "19:00 unplugged")] * (MOST_PLUG_INS + 2)))

    loaded = load_nights(vehicle=car, now=now)
    later = load_nights(vehicle=car, now=now + LONGEST_AGO - timedelta(days=2))

    assert len(loaded) == MOST_PLUG_INS
    assert loaded[-1].unplugged_at == now
    assert len(later) == 2


def test_readings_that_nobody_believes_and_those_of_other_cars_belong_to_no_night() -> None:
    car, other = make_car(), make_car()
    now = store(car, tell(*CLEAN))
    store(other, tell(*TIMER))
    Reading.objects.filter(vehicle=car, observed_at__lt=now - timedelta(hours=1)).update(is_set_aside=True)

    (loaded,) = load_nights(vehicle=car, now=now)

    assert loaded.plugged_in_at >= now - timedelta(hours=1)
    assert loaded.commands == ()


def test_a_simulated_night_is_loaded_with_what_was_wanted_and_done() -> None:
    night = make_night(now=datetime(2026, 1, 13, 18, 0, tzinfo=UTC))
    night.add_place()
    night.turn_on(minimum=42)
    night.let_pass(timedelta(hours=12))
    unplug(vehicle=night.vehicle, now=night.now)
    night.let_pass(timedelta(minutes=20))
    plug_in(vehicle=night.vehicle, now=night.now)
    night.let_pass(timedelta(minutes=5))

    first, second = load_nights(vehicle=Vehicle.objects.get(), now=night.now)

    assert (first.is_at_place, first.is_over, second.is_over) == (True, True, False)
    assert first.minimum_percent == 42
    assert [command.kind.value for command in first.commands] == night.commands()
    assert all(command.confirmed_at is not None for command in first.commands)
    assert first.protective[0].start <= first.readings[1].observed_at
    assert all(first.wanted_charge(spell.last.observed_at) for spell in first.spells if spell.ended_at is None)
    assert second.is_at_place
    assert second.commands == ()
