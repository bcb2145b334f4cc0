"""Whatever the order and however often readings arrive, they give one view."""

import pytest

from charging.core.car_view import fold_all
from charging.core.facts import Car
from tests.core.telemetry_histories import arrivals, make_telemetry

NEW_CAR = Car(battery_capacity_kwh=60.0, max_power_kw=11.0)
SHUFFLES = 5


@pytest.mark.parametrize(
    "histories", [pytest.param(range(200), id="200"), pytest.param(range(2000), id="2,000", marks=pytest.mark.slow)]
)
def test_five_shuffles_of_a_history_give_the_view_of_its_order(histories: range) -> None:
    differing = [
        (seed, shuffle)
        for seed in histories
        for shuffle in range(SHUFFLES)
        if fold_all(NEW_CAR, arrivals(make_telemetry(seed), shuffle)) != fold_all(NEW_CAR, make_telemetry(seed))
    ]

    assert differing == []
