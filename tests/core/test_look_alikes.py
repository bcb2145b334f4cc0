"""What looks like interference and is none: each look-alike explains its story, and it alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest

from charging.core.facts import PowerDelivery
from charging.core.look_alikes import OF_A_START, OF_A_STOP, foreign_start, foreign_stop, stopped_short
from charging.core.nights import Night
from tests.core.night_stories import tell

UNPLUGGED = "07:15 unplugged"
HELD = ("18:00 plugged in", "18:00 charges", "18:12 we stop", "18:14 stops")
SLEEP = ("20:00 it falls silent", "20:27 charges", "20:30 it is heard again")

STARTS = {
    "lost contact": tell(*HELD, *SLEEP, UNPLUGGED),
    "power came back": tell(*HELD, "20:00 no power", "20:30 charges", UNPLUGGED),
    "first minutes": tell(*HELD, "18:20 charges", "18:45 stops", UNPLUGGED),
    "protective charging": tell(*HELD, "20:00 we protect", "20:30 charges", "21:00 it is protected", UNPLUGGED),
    "topping up": tell(*HELD, "20:30 charges", UNPLUGGED, soc=76.0),
    "preheating": tell(*HELD, "20:30 charges at 1", "20:31 the level is 42", "20:40 stops", UNPLUGGED, soc=44.0),
    "our start": tell(*HELD, "20:18 we start", "20:19 we stop", "20:21 charges", UNPLUGGED),
    "wanted": tell(*HELD, "20:30 the window comes", "20:31 charges", UNPLUGGED),
    "safety net": tell(*HELD, "20:30 charges", UNPLUGGED, safety_net=time(20, 30)),
}

STOPS = {
    "lost contact": tell("18:00 plugged in", "19:00 charges", "20:00 it falls silent", "20:10 stops",
                         "20:30 it is heard again", UNPLUGGED),
    "limit reached": tell("18:00 plugged in", "19:00 charges", "20:10 stops", UNPLUGGED, limit=52.5),
    "load balancing": tell("18:00 plugged in", "19:00 charges", "20:00 charges at 1.4", "20:10 stops", UNPLUGGED),
    "no power": tell("18:00 plugged in", "19:00 charges", "20:10 stops", "20:20 no power", UNPLUGGED),
    "first minutes": tell("18:00 plugged in", "18:00 charges", "18:10 stops", UNPLUGGED, soc=41.0),
    "own minimum": tell("18:00 plugged in", "18:00 charges", "19:00 the level is 50", "19:01 stops", UNPLUGGED),
    "our stop": tell("18:00 plugged in", "19:00 charges", "20:06 we stop", "20:07 we start", "20:10 stops", UNPLUGGED),
    "departure": tell("18:00 plugged in", "19:00 charges", "20:10 stops", "20:20 unplugged"),
}  # fmt: skip


def explanations_of_the_last_start(night: Night) -> list[str]:
    return [name for name, explains in OF_A_START.items() if explains(night, night.spells[-1])]


def explanations_of_the_last_stop(night: Night) -> list[str]:
    return [name for name, explains in OF_A_STOP.items() if explains(night, night.spells[-1])]


@pytest.mark.parametrize("name", OF_A_START)
def test_a_start_has_its_explanation_and_no_other(name: str) -> None:
    night = STARTS[name]

    assert explanations_of_the_last_start(night) == [name]
    assert not foreign_start(night, night.spells[-1])


@pytest.mark.parametrize("name", OF_A_STOP)
def test_a_stop_has_its_explanation_and_no_other(name: str) -> None:
    night = STOPS[name]

    assert explanations_of_the_last_stop(night) == [name]
    assert not foreign_stop(night, night.spells[-1])


@pytest.mark.parametrize(
    "night",
    [
        pytest.param(tell(*HELD, "20:30 charges", UNPLUGGED), id="held"),
        pytest.param(tell(*HELD, "20:30 charges", UNPLUGGED, safety_net=time(21, 0)), id="half an hour before the net"),
        pytest.param(tell(*HELD, "20:30 charges", "21:00 the window comes", UNPLUGGED), id="long before its window"),
        pytest.param(tell(*HELD, "18:33 charges", UNPLUGGED), id="after the first half hour"),
        pytest.param(tell(*HELD, "18:20 charges", UNPLUGGED), id="at once, and all night"),
        pytest.param(tell(*HELD, "18:20 charges", "21:00 the level is 80", "21:01 stops", UNPLUGGED),
                     id="at once, and on to its limit"),
        pytest.param(tell(*HELD, "18:20 charges", "19:30 the level is 52", "19:31 stops", UNPLUGGED),
                     id="at once, and for an hour"),
        pytest.param(tell(*HELD, "19:50 no power", "20:00 power is back", "20:30 charges", UNPLUGGED),
                     id="long after the power was back"),
        pytest.param(tell(*HELD, "20:00 we start", "20:01 we stop", "20:30 charges", UNPLUGGED),
                     id="long after our start"),
    ],
)  # fmt: skip
def test_a_start_that_nothing_explains_is_somebody_elses(night: Night) -> None:
    assert explanations_of_the_last_start(night) == []
    assert foreign_start(night, night.spells[-1])


@pytest.mark.parametrize(
    "night",
    [
        pytest.param(tell(*HELD, "18:20 charges", "19:30 the level is 50", "19:31 stops", UNPLUGGED),
                     id="to a minimum of its own"),
        pytest.param(tell(*HELD, "18:20 charges", "20:00 goes on"), id="it still does"),
    ],
)  # fmt: skip
def test_a_car_that_charges_in_its_first_minutes_may_do_so_by_itself(night: Night) -> None:
    assert explanations_of_the_last_start(night)[0] == "first minutes"


@pytest.mark.parametrize(
    "night",
    [
        pytest.param(tell("18:00 plugged in", "19:00 charges", "20:10 stops", UNPLUGGED), id="in the evening"),
        pytest.param(tell("18:00 plugged in", "18:00 charges", "19:00 the level is 52", "19:01 stops", UNPLUGGED),
                     id="from the plug-in on to a level that nobody sets"),
        pytest.param(tell("18:00 plugged in", "18:01 we start", "18:03 charges", "18:20 stops", UNPLUGGED),
                     id="asked for, in the first half hour"),
        pytest.param(tell("18:00 plugged in", "19:00 charges", "20:00 charges at 5", "20:10 stops", UNPLUGGED),
                     id="after a small step down"),
        pytest.param(tell("18:00 plugged in", "19:00 charges", "20:00 the level is 92", "20:00 charges at 3",
                          "20:10 stops", UNPLUGGED, limit=100.0), id="above the knee"),
        pytest.param(tell("18:00 plugged in", "19:00 we stop", "19:01 we start", "19:05 charges", "20:10 stops",
                          UNPLUGGED), id="long after our stop"),
    ],
)  # fmt: skip
def test_a_stop_that_nothing_explains_is_somebody_elses(night: Night) -> None:
    assert explanations_of_the_last_stop(night) == []
    assert foreign_stop(night, night.spells[-1])


def test_a_spell_that_goes_on_was_stopped_by_nobody() -> None:
    night = tell("18:00 plugged in", "19:00 charges", "20:00 unplugged")

    assert explanations_of_the_last_stop(night)[0] == "lost contact"
    assert not stopped_short(night, night.spells[-1])


def test_a_spell_that_began_with_the_plug_in_was_started_by_nobody_else() -> None:
    night = tell("18:00 plugged in", "18:00 charges", "20:00 unplugged")

    assert explanations_of_the_last_start(night) == ["lost contact", "first minutes", "our start", "wanted"]


def test_load_balancing_that_only_lowers_the_power_is_one_spell() -> None:
    night = tell(
        "18:00 plugged in", "19:00 charges at 11", "20:00 charges at 1.4", "21:00 charges at 11", "22:00 goes on"
    )

    (spell,) = night.spells

    assert spell.peak_kw == 11.0
    assert spell.ended_at is None


def test_a_car_that_calls_itself_full_below_its_limit_was_stopped_short_by_nobody_in_particular() -> None:
    night = tell("18:00 plugged in", "19:00 charges", "20:10 says it is full", UNPLUGGED)
    (spell,) = night.spells

    assert stopped_short(night, spell)
    assert not foreign_stop(night, spell)


@pytest.mark.parametrize("is_fully_charged", [True, False])
def test_full_may_be_said_in_either_way(is_fully_charged: bool) -> None:
    night = tell("18:00 plugged in", "19:00 charges", "20:10 stops", UNPLUGGED)
    spell = night.spells[0]
    assert spell.after is not None

    spell = replace(spell, after=replace(spell.after, is_fully_charged=is_fully_charged))

    assert foreign_stop(night, spell) is not is_fully_charged


def test_where_the_level_is_not_known_no_stop_is_held_against_anybody() -> None:
    night = tell("18:00 plugged in", "19:00 charges", "20:10 stops", UNPLUGGED)
    readings = tuple(replace(reading, soc_percent=None) for reading in night.readings)

    night = replace(night, readings=readings)

    assert explanations_of_the_last_stop(night) == ["limit reached"]


def test_where_only_the_level_is_missing_a_start_counts_all_the_same() -> None:
    night = tell(*HELD, "20:30 charges", UNPLUGGED)
    first = night.spells[-1].began_at
    readings = tuple(
        replace(reading, soc_percent=None) if reading.observed_at >= first else reading for reading in night.readings
    )

    night = replace(night, readings=readings)

    assert explanations_of_the_last_start(night) == []


@pytest.mark.parametrize("delivery", [PowerDelivery.NO_POWER, PowerDelivery.FAULT])
def test_a_fault_is_the_chargers(delivery: PowerDelivery) -> None:
    night = tell("18:00 plugged in", "19:00 charges", "20:10 stops", UNPLUGGED)
    after = night.spells[0].ended_at
    readings = tuple(
        replace(reading, power_delivery=delivery) if reading.observed_at == after else reading
        for reading in night.readings
    )

    night = replace(night, readings=readings)

    assert explanations_of_the_last_stop(night) == ["no power"]


def test_a_sparse_poll_widens_what_can_be_told_apart() -> None:
    often, seldom = tell(*HELD, UNPLUGGED), tell(*HELD, UNPLUGGED, poll_interval=timedelta(minutes=15))

    assert (often.tolerance, often.effect_within) == (timedelta(minutes=7.5), timedelta(minutes=13))
    assert (seldom.tolerance, seldom.effect_within) == (timedelta(minutes=22.5), timedelta(minutes=33))
    assert tell(*HELD, UNPLUGGED, poll_interval=timedelta(minutes=1)).tolerance == timedelta(minutes=5)
