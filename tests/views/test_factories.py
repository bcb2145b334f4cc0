"""The rows that other tests are made of."""

import pytest

from charging.core.states import State
from charging.models import Plan
from tests import factories


@pytest.mark.django_db
@pytest.mark.parametrize("state", list(State), ids=lambda state: state.name)
def test_a_parked_car_can_be_made_in_every_state(state: State) -> None:
    vehicle = factories.make_parked_car(state=state)

    assert vehicle.state == state
    assert Plan.objects.filter(vehicle=vehicle).exists() == state.startswith("PLAN:")


@pytest.mark.django_db
def test_a_day_of_prices_is_stored_as_quarters() -> None:
    intervals = factories.make_prices(area=factories.make_price_area(), day_start=factories.at(0), prices=[0.1, -0.02])

    assert [float(interval.price_per_kwh) for interval in intervals] == [0.1, -0.02]
    assert intervals[0].end == intervals[1].start
