"""A fleet is the same whoever makes it, so that a seed says which cars there were."""

from __future__ import annotations

import pytest
from django.db import connection

from charging.models import Client, Driver, Vehicle
from charging.models.drivers import CLOCK
from tests.faults import fleet

CARS = 6


def clocks_of(vehicles: list[Vehicle]) -> list[tuple[object, ...]]:
    columns = ("external_id", *CLOCK)
    return [Driver.objects.values_list(*columns).get(pk=vehicle.driver_id) for vehicle in vehicles]


@pytest.mark.django_db(transaction=True)
def test_many_makers_make_the_fleet_of_one() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("not applicable: the database in memory has one process")
    client = fleet.make_client().client
    alone = clocks_of(fleet.make_fleet(client, cars=CARS, seed=3, fast_share=0.5))
    Client.objects.all().delete()
    client = fleet.make_client().client

    together = fleet.make_fleet(client, cars=CARS, seed=3, fast_share=0.5, makers=3)

    assert clocks_of(together) == alone
    assert Vehicle.objects.count() == CARS
    assert len({speed for *_, speed, _fast_until in alone}) == 2
