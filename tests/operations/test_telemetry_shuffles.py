"""The stored view is the same in whatever order readings reach the server."""

from datetime import timedelta

import pytest

from charging.core.car_view import fold_all
from charging.core.facts import Car, Reading
from charging.models import Reading as StoredReading
from charging.models import Vehicle, VehicleView
from charging.operations import telemetry
from tests.core.telemetry_histories import EVENING, arrivals, make_telemetry
from tests.operations.night import make_night

pytestmark = pytest.mark.django_db

LATER = EVENING + timedelta(days=1)
SHUFFLES = 5


def stored_view(vehicle: Vehicle, readings: list[Reading]) -> Car:
    """The view after the readings reached the server one after another."""
    StoredReading.objects.filter(vehicle=vehicle).delete()
    VehicleView.objects.filter(vehicle=vehicle).delete()
    for reading in readings:
        view = telemetry.record_reading(vehicle=vehicle, reading=reading, now=LATER)
    return view.as_car(vehicle)


@pytest.mark.parametrize(
    "histories", [pytest.param(range(10), id="10"), pytest.param(range(200), id="200", marks=pytest.mark.slow)]
)
def test_five_shuffles_through_the_database_give_the_view_of_the_order(histories: range) -> None:
    vehicle = make_night().vehicle
    unknown = VehicleView().as_car(vehicle)
    differing = [
        (seed, shuffle)
        for seed in histories
        for shuffle in range(SHUFFLES)
        if stored_view(vehicle, arrivals(make_telemetry(seed), shuffle)) != fold_all(unknown, make_telemetry(seed))
    ]

    assert differing == []
