"""Which energy was protective, which somebody else's wish, and which smart charging's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.core.charge_parts import Steering, Takeover, divide
from charging.core.power_profile import Flow, Part
from tests.core.charged import make_flow, minute

ON = Steering(minute(0), 0.0)
MINIMUM_20 = Steering(minute(0), 20.0)
OFF = Steering(minute(0), None)


def energies(flows: Sequence[Flow]) -> dict[Part, Any]:
    parts = dict.fromkeys(Part, 0.0)
    for flow in flows:
        parts[flow.part] += flow.energy_kwh
    return {part: pytest.approx(energy_kwh) for part, energy_kwh in parts.items() if energy_kwh}


def rising(start: float, end: float, low: float, high: float) -> Flow:
    """One kWh for every percent."""
    return make_flow(start, end, high - low, soc_from_percent=low, soc_to_percent=high)


def test_what_lifts_the_battery_to_the_minimum_is_protective() -> None:
    parts = divide([rising(0, 60, 10.0, 30.0)], [MINIMUM_20], [])

    assert energies(parts) == {Part.PROTECTIVE: 10.0, Part.SMART: 10.0}
    assert [flow.end for flow in parts] == [minute(30), minute(60)]


@pytest.mark.parametrize(
    ("low", "high", "part"),
    [(10.0, 20.0, Part.PROTECTIVE), (20.0, 30.0, Part.SMART), (None, None, Part.SMART)],
    ids=["up to the minimum", "from the minimum on", "not told"],
)
def test_a_flow_on_one_side_of_the_minimum_stays_whole(low: float | None, high: float | None, part: Part) -> None:
    flow = make_flow(0, 60, 10.0, soc_from_percent=low, soc_to_percent=high)

    assert energies(divide([flow], [MINIMUM_20], [])) == {part: 10.0}


def test_a_level_that_stands_still_below_the_minimum_is_protective() -> None:
    assert energies(divide([make_flow(0, 5, 1.0, soc_from_percent=12.0, soc_to_percent=12.0)], [MINIMUM_20], [])) == {
        Part.PROTECTIVE: 1.0
    }


def test_a_minimum_counts_from_when_it_was_set() -> None:
    flow = rising(0, 60, 30.0, 60.0)

    parts = divide([flow], [MINIMUM_20, Steering(minute(20), 50.0)], [])

    assert energies(parts) == {Part.SMART: 20.0, Part.PROTECTIVE: 10.0}


def test_charge_now_takes_what_flows_in_its_time() -> None:
    flow = rising(0, 60, 40.0, 70.0)

    parts = divide([flow], [ON], [Takeover(minute(10), minute(30))])

    assert energies(parts) == {Part.SMART: 20.0, Part.OVERRIDE: 10.0}


def test_a_foreign_start_counts_from_where_that_charging_began() -> None:
    flows = [rising(0, 10, 40.0, 45.0), rising(60, 65, 45.0, 50.0), rising(65, 120, 50.0, 80.0)]

    parts = divide(flows, [ON], [Takeover(minute(70), minute(200), is_foreign=True)])

    assert energies(parts) == {Part.SMART: 5.0, Part.OVERRIDE: 35.0}


def test_below_the_minimum_is_protective_whoever_wanted_it() -> None:
    parts = divide([rising(0, 60, 10.0, 40.0)], [MINIMUM_20], [Takeover(minute(0), minute(60))])

    assert energies(parts) == {Part.PROTECTIVE: 10.0, Part.OVERRIDE: 20.0}


@pytest.mark.parametrize("steering", [[OFF], [], [Steering(minute(90), 0.0)]], ids=["off", "never on", "on later"])
def test_without_smart_charging_nothing_is_anybodys_merit(steering: list[Steering]) -> None:
    parts = divide([rising(0, 60, 10.0, 40.0)], steering, [Takeover(minute(0), minute(60))])

    assert energies(parts) == {Part.UNSTEERED: 30.0}


def test_smart_charging_that_is_turned_off_ends_there() -> None:
    parts = divide([rising(0, 60, 40.0, 70.0)], [ON, Steering(minute(40), None)], [])

    assert energies(parts) == {Part.SMART: 20.0, Part.UNSTEERED: 10.0}


spans = st.tuples(st.floats(0, 200), st.floats(0.1, 100), st.booleans())
entries = st.tuples(st.floats(0, 200), st.one_of(st.none(), st.floats(0, 100)))


@given(takeovers=st.lists(spans, max_size=4), steering=st.lists(entries, max_size=4))
def test_parts_add_up_to_what_flowed(
    takeovers: list[tuple[float, float, bool]], steering: list[tuple[float, float | None]]
) -> None:
    flows = [rising(0, 30, 10.0, 25.0), rising(30, 50, 25.0, 35.0), rising(100, 190, 35.0, 80.0)]

    parts = divide(
        flows,
        [Steering(minute(at), minimum) for at, minimum in sorted(steering, key=lambda entry: entry[0])],
        [Takeover(minute(start), minute(start + length), is_foreign) for start, length, is_foreign in takeovers],
    )

    assert sum(flow.energy_kwh for flow in parts) == pytest.approx(70.0)
    assert sum((flow.end - flow.start for flow in parts), start=minute(0) - minute(0)) == minute(140) - minute(0)
    assert sorted(parts, key=lambda flow: flow.start) == list(parts)
