"""Energy from readings: the power that was measured, else what raised the battery."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.core.facts import PowerDelivery, Reading
from charging.core.power_profile import METERED_WITHIN, cut, level_at, power_profile
from tests.core.charged import CAPACITY_KWH, make_flow, make_reading, minute


def profile(*readings: Reading) -> list[tuple[Any, Any, Any, bool]]:
    """Start and end in minutes, energy in kWh, and whether it was measured."""
    return [
        (
            pytest.approx((flow.start - minute(0)).total_seconds() / 60),
            pytest.approx((flow.end - minute(0)).total_seconds() / 60),
            pytest.approx(flow.energy_kwh),
            flow.is_metered,
        )
        for flow in power_profile(readings, CAPACITY_KWH)
    ]


def test_power_that_was_read_twice_is_measured_between() -> None:
    assert profile(make_reading(0, power_kw=6.0), make_reading(10, power_kw=12.0)) == [(0, 10, 1.5, True)]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (make_reading(0, power_kw=0.0), make_reading(10, power_kw=6.0), (5, 10, 0.5, True)),
        (make_reading(0, power_kw=6.0), make_reading(10, power_kw=0.0), (0, 5, 0.5, True)),
        (make_reading(0, power_kw=6.0), make_reading(10, is_plugged_in=False), (0, 5, 0.5, True)),
        (make_reading(0, is_charging=False), make_reading(10, power_kw=6.0), (5, 10, 0.5, True)),
        (
            make_reading(0, power_delivery=PowerDelivery.STOPPED, is_charging=None),
            make_reading(10, power_kw=6.0),
            (5, 10, 0.5, True),
        ),
    ],
    ids=["started", "stopped", "unplugged", "started, idle without a power", "started, stopped without a power"],
)
def test_a_car_that_starts_or_stops_between_two_readings_did_so_half_way(
    first: Reading, second: Reading, expected: tuple[float, float, float, bool]
) -> None:
    assert profile(first, second) == [expected]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((0.0, 40.0), (6.0, 40.2), (8, 10, 0.2, True)),
        ((6.0, 40.0), (0.0, 40.8), (0, 8, 0.8, True)),
        ((0.0, 40.0), (6.0, 42.5), (0, 10, 1.0, True)),
        ((6.0, 40.0), (0.0, 41.0), (0, 5, 0.5, True)),
        ((6.0, 40.5), (0.0, 38.0), (0, 5, 0.5, True)),
        ((6.0, 40.5), (0.0, None), (0, 5, 0.5, True)),
    ],
    ids=["started", "stopped", "never longer than between the readings", "whole percents", "driven since", "not told"],
)
def test_a_battery_that_tells_parts_of_a_percent_tells_when_the_car_started_or_stopped(
    first: tuple[float, float], second: tuple[float, float | None], expected: tuple[float, float, float, bool]
) -> None:
    readings = [
        make_reading(at, power_kw=power_kw, soc_percent=soc_percent)
        for at, (power_kw, soc_percent) in ((0, first), (10, second))
    ]

    assert profile(*readings) == [expected]


def test_a_car_that_had_stopped_before_it_was_asked_again_took_nothing() -> None:
    assert (
        profile(make_reading(0, power_kw=6.0, soc_percent=40.5), make_reading(10, power_kw=0.0, soc_percent=40.5)) == []
    )


def test_what_a_car_draws_to_keep_itself_warm_is_no_charging() -> None:
    assert profile(make_reading(0, power_kw=0.3), make_reading(10, power_kw=0.5)) == []


def test_without_a_power_the_energy_is_what_raised_the_battery() -> None:
    readings = [make_reading(n, soc_percent=soc, is_charging=True) for n, soc in ((0, 40.0), (30, 46.0), (60, 46.0))]

    flows = profile(*readings)

    assert flows == [(0, 30, 6.0, False), (30, 60, 0.0, False)]


def test_a_battery_that_falls_or_rests_gives_nothing() -> None:
    falling = [make_reading(n, soc_percent=soc, is_charging=False) for n, soc in ((0, 50.0), (30, 48.0), (60, 48.0))]

    assert profile(*falling) == []


def test_a_power_that_was_not_read_for_long_is_not_taken_as_measured() -> None:
    long = METERED_WITHIN.total_seconds() / 60 + 1

    with_levels = profile(
        make_reading(0, power_kw=10.0, soc_percent=40.0), make_reading(long, power_kw=10.0, soc_percent=43.0)
    )
    without = profile(make_reading(0, power_kw=10.0), make_reading(60, power_kw=6.0))

    assert with_levels == [(0, long, 3.0, False)]
    assert without == [(0, 60, 8.0, False)]


def test_where_nothing_tells_of_energy_there_is_none() -> None:
    charging = make_reading(0, is_charging=True)

    assert profile(charging, make_reading(5, is_charging=True, soc_percent=40.0)) == []
    assert profile(charging) == []
    assert profile() == []


def test_levels_that_a_reading_leaves_out_lie_between_those_around_it() -> None:
    readings = [
        make_reading(-10, is_charging=True),
        make_reading(0, soc_percent=40.0, is_charging=True),
        make_reading(10, is_charging=True),
        make_reading(40, soc_percent=48.0, is_charging=True),
        make_reading(50, is_charging=True),
    ]

    assert profile(*readings) == [(0, 10, 2.0, False), (10, 40, 6.0, False)]


def test_a_flow_is_cut_where_it_is_told_to_and_nowhere_else() -> None:
    flow = make_flow(0, 30, 6.0, soc_from_percent=40.0, soc_to_percent=46.0)

    pieces = list(cut(flow, [minute(-5), minute(0), minute(10), minute(10), minute(30), minute(90)]))

    assert [(piece.start, piece.end) for piece in pieces] == [(minute(0), minute(10)), (minute(10), minute(30))]
    assert [piece.energy_kwh for piece in pieces] == pytest.approx([2.0, 4.0])
    assert [(piece.soc_from_percent, piece.soc_to_percent) for piece in pieces] == [(40.0, 42.0), (42.0, 46.0)]
    assert list(cut(flow, [])) == [flow]


def test_a_level_is_not_known_where_none_was_told() -> None:
    assert level_at(make_flow(0, 30, 6.0, soc_from_percent=40.0), minute(10)) is None


steps = st.lists(
    st.tuples(
        st.floats(0.1, 60.0),
        st.one_of(st.none(), st.floats(0.0, 22.0)),
        st.one_of(st.none(), st.floats(0.0, 100.0)),
        st.sampled_from([None, True, False]),
    ),
    max_size=12,
)


@given(steps=steps)
def test_flows_follow_each_other_and_never_take_energy_back(
    steps: list[tuple[float, float | None, float | None, bool | None]],
) -> None:
    at, readings = 0.0, []
    for gap, power_kw, soc_percent, is_charging in steps:
        at += gap
        readings.append(make_reading(at, power_kw=power_kw, soc_percent=soc_percent, is_charging=is_charging))

    flows = power_profile(readings, CAPACITY_KWH)

    assert all(flow.energy_kwh >= 0 and flow.start < flow.end for flow in flows)
    assert all(before.end <= after.start for before, after in pairwise(flows))


@given(instants=st.lists(st.floats(-10, 70), max_size=8), energy_kwh=st.floats(0, 100))
def test_pieces_add_up_to_the_flow(instants: list[float], energy_kwh: float) -> None:
    flow = make_flow(0, 60, energy_kwh, soc_from_percent=10.0, soc_to_percent=70.0)

    pieces = list(cut(flow, [minute(at) for at in instants]))

    assert sum(piece.energy_kwh for piece in pieces) == pytest.approx(energy_kwh)
    assert (pieces[0].start, pieces[-1].end) == (flow.start, flow.end)
    assert all(before.end == after.start for before, after in pairwise(pieces))
