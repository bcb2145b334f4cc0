"""The gateway of a car reads and writes its own simulated car, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from charging.core.facts import Hold
from charging.models import SimulatedCar
from charging.operations.gateways import gateway_of, load_simulated_car, save_simulated_car
from tests.operations.night import make_night

pytestmark = pytest.mark.django_db


def test_what_is_saved_is_loaded_again() -> None:
    night = make_night()
    memory = load_simulated_car(night.vehicle)

    save_simulated_car(night.vehicle, memory)

    assert load_simulated_car(night.vehicle) == memory
    assert SimulatedCar.objects.count() == 1


def test_a_car_whose_memory_is_gone_takes_commands_as_it_was_last_seen() -> None:
    night = make_night()
    night.add_place()
    SimulatedCar.objects.all().delete()

    taken = gateway_of(night.vehicle).stop(command_id=uuid4(), hold=None, now=night.now)

    assert taken.accepted
    assert SimulatedCar.objects.get().vehicle == night.vehicle


def test_a_stop_through_one_gateway_is_seen_through_the_next() -> None:
    night = make_night()
    night.add_place()
    later = night.now + timedelta(minutes=5)
    hold = Hold(until=night.now + timedelta(hours=6), renew_by=night.now + timedelta(minutes=30))

    gateway_of(night.vehicle).stop(command_id=uuid4(), hold=hold, now=night.now)
    reading = gateway_of(night.vehicle).read(now=later)

    assert reading is not None
    assert reading.is_charging is False
    assert reading.observed_at == later
