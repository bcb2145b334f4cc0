"""Which readings belong to which plug-in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from charging.core.facts import PowerDelivery
from charging.core.plug_ins import plug_ins
from tests.core.charged import make_reading, minute
from tests.core.telemetry_histories import arrivals, make_telemetry


def test_a_plug_in_goes_from_the_first_reading_that_says_so_to_the_first_that_denies_it() -> None:
    readings = [
        make_reading(-10, is_plugged_in=False),
        make_reading(0),
        make_reading(5),
        make_reading(90, is_plugged_in=False),
        make_reading(95, is_plugged_in=False),
    ]

    [plug_in] = plug_ins(readings)

    assert (plug_in.plugged_in_at, plug_in.unplugged_at) == (minute(0), minute(90))
    assert plug_in.readings == tuple(readings[1:4])


def test_a_plug_in_that_has_not_ended_is_told_as_one() -> None:
    [first, second] = plug_ins([make_reading(0), make_reading(5, is_plugged_in=False), make_reading(60)])

    assert first.unplugged_at == minute(5)
    assert (second.plugged_in_at, second.unplugged_at) == (minute(60), None)


def test_a_reading_that_does_not_say_belongs_to_what_was_known() -> None:
    silent = replace(make_reading(5), is_plugged_in=None)

    [plug_in] = plug_ins([make_reading(0), silent, make_reading(10, is_plugged_in=False)])

    assert silent in plug_in.readings
    assert plug_ins([silent]) == ()


def test_a_reading_that_only_knows_of_charging_is_plugged_in() -> None:
    charging = replace(make_reading(0), is_plugged_in=None, power_delivery=PowerDelivery.CHARGING)

    assert [plug_in.plugged_in_at for plug_in in plug_ins([charging])] == [minute(0)]


@pytest.mark.parametrize("seed", range(50))
def test_order_and_repetition_do_not_matter(seed: int) -> None:
    readings = make_telemetry(seed)

    assert plug_ins(arrivals(readings, seed)) == plug_ins(readings)
