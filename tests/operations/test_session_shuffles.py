"""Charging sessions are the same in whatever order readings reach the server."""

from __future__ import annotations

from datetime import datetime

import pytest

from charging.core.facts import Reading
from charging.core.plug_ins import plug_ins
from charging.models import ChargingSession, Vehicle
from charging.operations.sessions import keep_sessions
from tests.core.telemetry_histories import arrivals, make_telemetry
from tests.operations.night import make_night
from tests.operations.test_telemetry_shuffles import LATER, stored_view

pytestmark = pytest.mark.django_db

Told = list[tuple[datetime, datetime | None, float, float | None, float | None]]
SHUFFLES = 3


def stored_sessions(vehicle: Vehicle, readings: list[Reading]) -> Told:
    """What is stored after the readings reached the server one after another."""
    ChargingSession.objects.all().delete()
    stored_view(vehicle, readings)
    # One that lasts is written down at the next turn of its plug-in.
    for at in ChargingSession.objects.filter(unplugged_at=None).values_list("plugged_in_at", flat=True):
        keep_sessions(vehicle=vehicle, at=at, now=LATER)
    names = ("plugged_in_at", "unplugged_at", "energy_kwh", "soc_from_percent", "soc_to_percent")
    rows = ChargingSession.objects.order_by("plugged_in_at").values_list(*names)
    return [(start, end, round(energy, 6), low, high) for start, end, energy, low, high in rows]


@pytest.mark.parametrize(
    "histories", [pytest.param(range(8), id="8"), pytest.param(range(100), id="100", marks=pytest.mark.slow)]
)
def test_shuffles_through_the_database_give_the_sessions_of_the_order(histories: range) -> None:
    vehicle = make_night().vehicle
    differing = []
    for seed in histories:
        in_order = stored_sessions(vehicle, make_telemetry(seed))
        assert [row[:2] for row in in_order] == [
            (plug_in.plugged_in_at, plug_in.unplugged_at) for plug_in in plug_ins(make_telemetry(seed))
        ]
        differing += [
            (seed, shuffle)
            for shuffle in range(SHUFFLES)
            if stored_sessions(vehicle, arrivals(make_telemetry(seed), shuffle)) != in_order
        ]

    assert differing == []
