"""What was paid, what charging from plug-in on would have cost, and whose merit the difference is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.core.facts import PriceInterval
from charging.core.power_profile import Flow, Part
from charging.core.savings import Bill, Share, at_once, bill_of
from tests.core.charged import PLUGGED_IN_AT, make_flow, make_prices, minute

NIGHT = make_prices(["0.40"] * 4 + ["0.10"] * 4)
"""An hour at 40 cents, then an hour at 10 cents."""


def bill(*flows: Flow, prices: tuple[PriceInterval, ...] = NIGHT) -> Bill:
    return bill_of(flows, PLUGGED_IN_AT, prices)


def test_a_night_reckoned_by_hand_is_right_to_the_cent() -> None:
    # 10 minutes at 40 cents to see the power, then 30 minutes at 10 cents: 11 kW is 1.8333 and 5.5 kWh.
    # At once: 40 minutes at 40 cents.
    found = bill(make_flow(0, 10, 11 / 6), make_flow(75, 105, 5.5))

    assert found.whole.energy_kwh == pytest.approx(7.3333, abs=1e-4)
    assert found.whole.cost == pytest.approx(Decimal("1.2833"), abs=Decimal("0.0001"))
    assert found.cost_charged_at_once == pytest.approx(Decimal("2.9333"), abs=Decimal("0.0001"))
    assert found.saving == pytest.approx(Decimal("1.6500"), abs=Decimal("0.0001"))


def test_each_quarter_tells_its_price_and_both_energies() -> None:
    found = bill(make_flow(0, 15, 2.0), make_flow(60, 90, 4.0))

    assert [(use.start, use.energy_kwh, use.energy_at_once_kwh) for use in found.quarters] == [
        (minute(0), 2.0, 2.0),
        (minute(15), 0.0, pytest.approx(2.0)),
        (minute(30), 0.0, pytest.approx(2.0)),
        (minute(60), pytest.approx(2.0), 0.0),
        (minute(75), pytest.approx(2.0), 0.0),
    ]
    assert [use.price_per_kwh for use in found.quarters][::4] == [Decimal("0.40"), Decimal("0.10")]


def test_a_night_that_turned_out_dearer_is_a_loss() -> None:
    found = bill(make_flow(0, 60, 10.0), make_flow(75, 105, 5.0), prices=make_prices(["0.10"] * 5 + ["0.50"] * 3))

    assert found.saving == pytest.approx(
        Decimal("0.10") * 5 * Decimal("0.5") + Decimal("0.50") * Decimal("2.5") - Decimal("2.5")
    )
    assert found.saving is not None
    assert found.saving < 0


def test_negative_prices_are_paid_out() -> None:
    found = bill(make_flow(60, 120, 8.0), prices=make_prices(["0.05"] * 4 + ["-0.02"] * 4))

    assert found.whole.cost == pytest.approx(Decimal("-0.16"))
    assert found.cost_charged_at_once == pytest.approx(Decimal("0.40"))
    assert found.saving == pytest.approx(Decimal("0.56"))


def test_what_was_not_smart_charging_counts_in_the_cost_and_not_in_the_saving() -> None:
    found = bill(make_flow(0, 15, 2.0, Part.PROTECTIVE), make_flow(60, 75, 3.0, Part.OVERRIDE), make_flow(90, 105, 4.0))

    assert (found.protective.energy_kwh, found.protective.cost) == (2.0, Decimal("0.800"))
    assert (found.override.energy_kwh, found.override.cost) == (3.0, Decimal("0.300"))
    assert (found.whole.energy_kwh, found.whole.cost) == (9.0, Decimal("1.500"))
    assert found.cost_charged_at_once == Decimal("3.600")
    assert found.saving == Decimal("1.200")


def test_a_part_that_did_not_happen_costs_nothing() -> None:
    found = bill(make_flow(0, 15, 2.0))

    assert found.override == Share(0, Decimal(0))


@pytest.mark.parametrize(
    ("flow", "knows_cost"),
    [(make_flow(100, 130, 5.0), False), (make_flow(-15, 10, 5.0), False), (make_flow(60, 130, 0.0), True)],
    ids=["after the prices", "before them", "without energy"],
)
def test_nothing_is_invented_where_a_price_is_missing(flow: Flow, knows_cost: bool) -> None:
    found = bill(flow)

    assert (found.whole.cost is not None) is knows_cost
    assert (found.saving is not None) is knows_cost


def test_a_gap_in_the_prices_counts_for_what_falls_into_it() -> None:
    prices = (*NIGHT[:2], *NIGHT[3:])

    found = bill(make_flow(60, 105, 6.0), prices=prices)

    assert found.whole.cost == pytest.approx(Decimal("0.60"))
    assert found.cost_charged_at_once is None
    assert found.saving is None


def test_charging_at_once_keeps_order_and_length_and_has_no_pauses() -> None:
    flows = [make_flow(5, 15, 2.0), make_flow(60, 90, 4.0), make_flow(90, 95, 0.0)]

    moved = at_once(flows, PLUGGED_IN_AT)

    assert [(flow.start, flow.end) for flow in moved] == [
        (minute(0), minute(10)),
        (minute(10), minute(40)),
        (minute(40), minute(45)),
    ]
    assert [flow.energy_kwh for flow in moved] == [2.0, 4.0, 0.0]


@pytest.mark.parametrize(
    "evening",
    [datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 10, 24, 23, tzinfo=UTC)],
    ids=["clocks go forward", "clocks go back"],
)
def test_an_hour_is_an_hour_on_the_nights_the_clocks_change(evening: datetime) -> None:
    prices = make_prices(["0.30"] * 8 + ["0.10"] * 8, start=evening)
    hour = timedelta(hours=1)
    flow = Flow(evening + 3 * hour, evening + 4 * hour, 8.0, is_metered=True)

    found = bill_of([flow], evening, prices)

    assert (found.whole.cost, found.cost_charged_at_once) == (Decimal("0.80"), Decimal("2.40"))


flow_lists = st.lists(
    st.tuples(st.floats(0, 40), st.floats(0.5, 40), st.floats(0, 10), st.sampled_from(list(Part))), max_size=6
)
price_lists = st.lists(st.decimals(-1, 2, places=5), min_size=60, max_size=60)


def make_flows(rows: list[tuple[float, float, float, Part]], *, has_pauses: bool = True) -> list[Flow]:
    at, flows = 0.0, []
    for pause, length, energy_kwh, part in rows:
        at += pause if has_pauses else 0
        flows.append(make_flow(at, at + length, energy_kwh, part))
        at += length
    return flows


@given(rows=flow_lists, prices=price_lists)
def test_energy_and_cost_add_up_whatever_the_prices(
    rows: list[tuple[float, float, float, Part]], prices: list[Decimal]
) -> None:
    flows = make_flows(rows)

    found = bill_of(flows, PLUGGED_IN_AT, make_prices([str(price) for price in prices]))

    energy_kwh = sum(flow.energy_kwh for flow in flows)
    assert found.whole.energy_kwh == pytest.approx(energy_kwh)
    assert sum(use.energy_kwh for use in found.quarters) == pytest.approx(energy_kwh)
    assert sum(use.energy_at_once_kwh for use in found.quarters) == pytest.approx(energy_kwh)
    by_quarter = sum((use.price_per_kwh * Decimal(use.energy_kwh) for use in found.quarters), Decimal(0))
    assert found.whole.cost == pytest.approx(by_quarter, abs=Decimal("1e-9"))
    rest = [flow for flow in flows if flow.part in {Part.SMART, Part.UNSTEERED}]
    rest_cost = bill_of(rest, PLUGGED_IN_AT, make_prices([str(price) for price in prices])).whole.cost
    parts = (found.protective.cost, found.override.cost, rest_cost)
    assert found.whole.cost == pytest.approx(sum((part for part in parts if part), Decimal(0)), abs=Decimal("1e-9"))


@given(rows=flow_lists, prices=price_lists)
def test_charging_at_once_saves_exactly_nothing(
    rows: list[tuple[float, float, float, Part]], prices: list[Decimal]
) -> None:
    flows = make_flows(rows, has_pauses=False)

    found = bill_of(flows, PLUGGED_IN_AT, make_prices([str(price) for price in prices]))

    assert found.saving == 0
    assert found.whole.cost == found.cost_charged_at_once


@given(rows=flow_lists, price=st.decimals(-1, 2, places=5))
def test_a_flat_price_leaves_nothing_to_save(rows: list[tuple[float, float, float, Part]], price: Decimal) -> None:
    found = bill_of(make_flows(rows), PLUGGED_IN_AT, make_prices([str(price)] * 60))

    assert found.saving == pytest.approx(Decimal(0), abs=Decimal("1e-9"))
