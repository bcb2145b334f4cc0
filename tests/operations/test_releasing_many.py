"""Many cars that nobody started in time: told side by side, and no longer than a turn lasts."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from charging.adapters.vehicles.gateway import Acknowledgement
from charging.models import Command, Vehicle
from charging.operations import guarding, releasing, releasing_many
from tests.factories import NOW, make_driver, make_vehicle

OVER: dict[str, Any] = {"hold_until": NOW - timedelta(hours=1), "hold_renew_by": NOW - timedelta(hours=1)}


def make_late_cars(count: int) -> list[int]:
    driver = make_driver()
    return [make_vehicle(driver=driver, **OVER).pk for _ in range(count)]


class Together:
    """A vendor that answers when so many are asked at the same time, or else fails."""

    def __init__(self, count: int) -> None:
        self.all_asked = threading.Barrier(count)

    def __call__(self, _vehicle: Vehicle) -> Together:
        return self

    def start(self, **_: Any) -> Acknowledgement:
        self.all_asked.wait(60)
        return Acknowledgement(accepted=True)


@pytest.mark.django_db(transaction=True)
def test_late_cars_are_told_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = 1 if connection.vendor == "sqlite" else 4
    monkeypatch.setattr(releasing, "gateway_of", Together(at_once))
    make_late_cars(4)

    assert guarding.guard(at_wall=NOW) == 4

    assert list(Command.objects.values_list("status", flat=True)) == ["ACCEPTED"] * 4


@pytest.mark.django_db
def test_when_the_time_of_a_turn_is_up_who_is_left_has_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releasing_many, "MANY_AT_ONCE", 1)
    monkeypatch.setattr(releasing, "gateway_of", Together(1))
    cars = make_late_cars(3)
    ticks = iter((0.0, 0.0, 1.0, releasing_many.LASTS_SECONDS))
    with monkeypatch.context() as slow:
        slow.setattr(releasing_many, "monotonic", lambda: next(ticks))
        assert guarding.guard(at_wall=NOW) == 2

    assert guarding.guard(at_wall=NOW) == 1
    assert sorted(Command.objects.values_list("vehicle", flat=True)) == cars
