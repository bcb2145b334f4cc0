"""What one of the racers does: looks that count, and drivers whose commands there is a race for (F8)."""

from __future__ import annotations

import pytest

from charging.models import Due
from charging.operations.clocks import wall_now
from tests.faults import fleet, racer, record

LOOKS = 40


@pytest.mark.django_db
@pytest.mark.parametrize("cars", [1, 3])
def test_a_racer_looks_again_and_again_and_its_drivers_give_commands(cars: int) -> None:
    made = fleet.make_fleet(fleet.make_client().client, cars=cars, seed=1)
    record.begin()
    fleet.start_clocks(made)
    before = racer.evaluations()

    one = racer.run(seconds=float("inf"), evaluations=LOOKS, seed=1)

    assert one.done >= LOOKS
    assert racer.evaluations() - before == one.done
    assert (one.together > 0) is (cars > 1)
    assert racer.commands() > 1
    assert (racer.duplicates(), racer.deadlocks(), record.doubled()) == (0, 0, 0)
    assert Due.objects.ripe(wall_now()).count() == cars


@pytest.mark.django_db
def test_a_racer_looks_at_a_car_that_another_has_taken_too() -> None:
    (car,) = fleet.make_fleet(fleet.make_client().client, cars=1, seed=1)
    fleet.start_clocks([car])
    Due.objects.update(claimed_until=wall_now().replace(year=2100))
    before = racer.evaluations()

    one = racer.run(seconds=float("inf"), evaluations=1, seed=1)

    assert racer.evaluations() - before == one.done >= 1
