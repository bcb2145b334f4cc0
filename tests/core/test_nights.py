"""Plug-ins cut out of readings, and the spells of charging in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from charging.core.facts import PowerDelivery, Reading
from charging.core.nights import plug_ins
from charging.core.spells import spells_in
from tests.core.night_stories import tell

NOON = datetime(2026, 1, 12, 12, 0, tzinfo=UTC)


def reading(minutes: float, **values: object) -> Reading:
    at = NOON + timedelta(minutes=minutes)
    return replace(Reading(at, f"{minutes}", PowerDelivery.UNKNOWN), **values)  # type: ignore[arg-type]


def test_readings_without_a_cable_belong_to_no_plug_in() -> None:
    readings = [
        reading(0, is_plugged_in=False),
        reading(5, is_plugged_in=True, is_charging=False),
        reading(10, is_charging=True),
        reading(15, is_plugged_in=False),
        reading(20, is_plugged_in=False),
        reading(25, is_plugged_in=True, is_charging=False),
    ]

    first, second = plug_ins(readings)

    assert (first.plugged_in_at, first.unplugged_at) == (readings[1].observed_at, readings[3].observed_at)
    assert [reading.is_charging for reading in first.readings] == [False, True]
    assert (second.plugged_in_at, second.unplugged_at) == (readings[5].observed_at, None)


def test_what_a_reading_leaves_open_is_as_it_was_before() -> None:
    told = reading(0, is_plugged_in=True, is_charging=True, soc_percent=40.0, charge_limit_percent=80.0)

    (plug_in,) = plug_ins([told, reading(5), reading(10, soc_percent=41.0)])

    assert [row.soc_percent for row in plug_in.readings] == [40.0, 40.0, 41.0]
    assert {(row.is_charging, row.charge_limit_percent) for row in plug_in.readings} == {(True, 80.0)}


def test_a_limit_that_was_never_told_is_not_known() -> None:
    (plug_in,) = plug_ins([reading(0, is_plugged_in=True)])

    assert plug_in.readings[0].charge_limit_percent is None


def test_no_readings_are_no_plug_in() -> None:
    assert plug_ins([]) == ()


@pytest.mark.parametrize(
    ("between", "spells"),
    [
        pytest.param({"is_charging": False}, 2, id="idle"),
        pytest.param({"is_charging": None}, 1, id="not said"),
        pytest.param({"is_charging": True, "charging_power_kw": 0.3}, 1, id="too little to be charging"),
        pytest.param({"is_charging": True, "charging_power_kw": None}, 1, id="of unknown power"),
    ],
)
def test_a_spell_ends_with_an_idle_reading(between: dict[str, object], spells: int) -> None:
    charging = {"is_charging": True, "charging_power_kw": 7.2}

    found = spells_in([reading(0, **charging), reading(5, **between), reading(10, **charging)])

    assert len(found) == spells


def test_a_draw_too_small_for_charging_begins_no_spell() -> None:
    assert spells_in([reading(0, is_charging=True, charging_power_kw=0.4)]) == ()


def test_a_spell_knows_what_lies_beside_it_and_its_highest_power() -> None:
    rows = [
        reading(0, is_charging=False),
        reading(5, is_charging=True, soc_percent=40.0),
        reading(10, is_charging=True, charging_power_kw=11.0),
        reading(15, is_charging=True, charging_power_kw=3.6, soc_percent=42.0),
        reading(20, is_charging=False),
    ]

    (spell,) = spells_in(rows)

    assert (spell.before, spell.first, spell.last, spell.after) == (rows[0], rows[1], rows[3], rows[4])
    assert (spell.began_at, spell.ended_at) == (rows[1].observed_at, rows[4].observed_at)
    assert spell.peak_kw == 11.0
    assert spell.final_percent == 42.0
    assert spell.is_seen_twice


def test_one_reading_is_a_spell_that_was_not_seen_twice() -> None:
    (spell,) = spells_in([reading(0, is_charging=True)])

    assert not spell.is_seen_twice
    assert (spell.before, spell.ended_at, spell.peak_kw, spell.final_percent) == (None, None, None, None)


def test_a_night_is_known_until_it_ends_or_until_its_last_reading() -> None:
    ended, going_on = tell("18:00 plugged in", "20:00 unplugged"), tell("18:00 plugged in", "20:00 goes on")

    assert (ended.is_over, going_on.is_over) == (True, False)
    assert ended.seen_until == ended.unplugged_at
    assert going_on.seen_until == going_on.readings[-1].observed_at


def test_a_command_sent_at_the_instant_of_a_reading_has_not_caused_what_it_shows() -> None:
    night = tell("18:00 plugged in", "18:10 we stop", "20:00 unplugged")
    (stop,) = night.commands

    assert night.command_before(stop.first_sent_at) is None
    assert night.command_before(stop.first_sent_at + timedelta(seconds=1)) == stop
