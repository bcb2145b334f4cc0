"""Prices as a line in time: what is known, what a stretch costs, and when two stretches are the same."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest

from charging.core.price_line import EPOCH
from charging.core.priced_time import MICROSECOND, PricedTime
from tests.core.make import HOUR, NOW, make_prices

QUARTER = timedelta(minutes=15)
LINE = PricedTime(make_prices(((2, 0.40), (2, 0.10), (2, -0.05)), start=NOW, known_until=NOW + 4 * HOUR))
WITH_A_GAP = PricedTime(
    (*make_prices(((1, 0.40),), start=NOW + 3 * HOUR), *make_prices(((1, 0.20),), start=NOW)),
)


def test_published_prices_are_known_without_gaps_and_estimates() -> None:
    assert LINE.known_runs == [(NOW, NOW + 4 * HOUR)]
    assert WITH_A_GAP.known_runs == [(NOW, NOW + HOUR), (NOW + 3 * HOUR, NOW + 4 * HOUR)]
    assert LINE.are_known(NOW, NOW + 4 * HOUR)
    assert not LINE.are_known(NOW, NOW + 4 * HOUR + QUARTER)
    assert not WITH_A_GAP.are_known(NOW, NOW + 4 * HOUR)


def test_an_estimate_is_seen_where_it_begins() -> None:
    assert not LINE.has_estimate_before(NOW + 4 * HOUR)
    assert LINE.has_estimate_before(NOW + 4 * HOUR + QUARTER)
    assert not WITH_A_GAP.has_estimate_before(NOW + 9 * HOUR)


@pytest.mark.parametrize(
    ("start", "end", "cost"),
    [(0, 2, "4.0"), (1, 3, "2.5"), (0, 6, "1.5"), (4, 6, "-0.5"), (-5, -1, "0"), (-2, 1, "4.0"), (5, 9, "-0.5")],
)
def test_energy_costs_the_mean_of_the_priced_part(start: int, end: int, cost: str) -> None:
    assert LINE.cost_between(NOW + start * HOUR, NOW + end * HOUR, 10.0) == Decimal(cost)


@pytest.mark.parametrize(("start", "end", "has_price"), [(0, 1, True), (1, 3, False), (0, 3, True), (4, 9, False)])
def test_a_stretch_that_no_price_touches_has_none(start: int, end: int, has_price: bool) -> None:
    assert WITH_A_GAP.has_price_between(NOW + start * HOUR, NOW + end * HOUR) is has_price


def test_time_without_a_price_costs_the_mean_of_the_rest() -> None:
    assert WITH_A_GAP.cost_between(NOW, NOW + 4 * HOUR, 10.0) == Decimal("3.0")
    assert WITH_A_GAP.cost_between(NOW + HOUR, NOW + 3 * HOUR, 10.0) == Decimal(0)


def test_many_sums_and_fingerprints_are_those_of_one_after_the_other() -> None:
    starts = [NOW + index * QUARTER for index in range(20)]
    ends = [start + 7 * QUARTER // 2 for start in starts]
    starts_us, ends_us = (np.array([(at - EPOCH) // MICROSECOND for at in instants]) for instants in (starts, ends))

    paid = (LINE.paid_until(ends_us) - LINE.paid_until(starts_us)) / (7 * QUARTER // 2 // MICROSECOND)

    costs = [float(LINE.cost_between(start, end, 1.0)) for start, end in zip(starts, ends, strict=True)]
    assert paid.tolist() == pytest.approx(costs, abs=1e-6)
    alone = [LINE.fingerprint(start, end) for start, end in zip(starts, ends, strict=True)]
    assert LINE.fingerprints(starts_us, ends_us).tolist() == alone
    assert len(set(alone)) > 10
