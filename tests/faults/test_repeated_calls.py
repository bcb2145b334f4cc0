"""Whoever is killed in a call under a key: the same call again does the work once, and is told what came of it."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser

from charging.core.states import State
from charging.models import ChargeAction, Client, IdempotentCall, SmartOverride, Vehicle, Webhook
from charging.operations import failpoints, idempotency
from charging.operations.failpoints import POINTS, Way
from tests.api.callers import make_caller
from tests.factories import NOW, make_client, make_driver, make_parked_car

CAR = {"type": "push", "vendor": "TESLA", "batteryCapacityKwh": 60, "maxChargingPowerKw": 11}
RECEIVER = {"url": "https://receiver.example/", "secret": "a secret of sixteen bytes", "events": ["*"]}
OF_CALLS = [point for point in POINTS if point.startswith("calls:")]
TOGETHER: dict[str, tuple[str, Any, Any]] = {
    "a car": ("/api/users/anna/vehicles", CAR, Vehicle),
    "a receiver": ("/api/webhooks", RECEIVER, Webhook),
}
Ask = Callable[[], Any]


@pytest.fixture(autouse=True)
def tonight() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    with time_machine.travel(NOW):
        yield
    logging.disable(logging.NOTSET)
    failpoints.disarm()
    cache.clear()


def asking(caller: Browser, path: str, body: Any) -> Ask:
    headers = {"Idempotency-Key": "k"}
    return lambda: caller.post(path, body, content_type="application/json", headers=headers)


def is_killed(ask: Ask) -> bool:
    """Asks in a process of its own. Returns whether that was killed."""
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            ask()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def let_it_be_dead() -> int:
    """A call that has not ended is taken for dead once it is old. Returns how many there are."""
    running = IdempotentCall.objects.filter(status=None)
    old = [call.created_at - idempotency.RUNS_FOR - timedelta(seconds=1) for call in running]
    return sum(running.update(created_at=at) for at in old)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", TOGETHER)
@pytest.mark.parametrize("point", OF_CALLS)
def test_who_is_killed_there_has_done_all_or_nothing(point: str, kind: str) -> None:
    path, body, model = TOGETHER[kind]
    ask = asking(make_caller(make_client()), path, body)
    failpoints.arm(point, Way.KILL)
    assert is_killed(ask)
    failpoints.disarm()
    is_done = point == "calls:kept"
    assert model.objects.count() == is_done
    assert let_it_be_dead() == (not is_done)

    again, once_more = ask(), ask()

    assert (again.status_code, once_more.content) == (200, again.content)
    assert ("Idempotency-Replayed" in again, "Idempotency-Replayed" in once_more) == (is_done, True)
    assert model.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", TOGETHER)
@pytest.mark.parametrize("point", OF_CALLS)
def test_what_is_raised_there_has_done_all_or_nothing(point: str, kind: str) -> None:
    path, body, model = TOGETHER[kind]
    ask = asking(make_caller(make_client()), path, body)
    failpoints.arm(point, Way.RAISE)
    assert ask().status_code == 500
    assert failpoints.disarm() == []
    assert model.objects.count() == (point == "calls:kept")

    assert ask().status_code == 200
    assert model.objects.count() == 1


def car_by_hand(client: Client) -> tuple[Ask, Any]:
    vehicle = make_parked_car(driver=make_driver(client=client), state=State.DISABLED)
    return asking(make_caller(client), f"/api/vehicles/{vehicle.public_id}/charging", {"action": "START"}), ChargeAction


def car_that_charges_now(client: Client) -> tuple[Ask, Any]:
    vehicle = make_parked_car(driver=make_driver(client=client))
    return asking(make_caller(client), f"/api/vehicles/{vehicle.public_id}/smart-override", {}), SmartOverride


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("make", [car_by_hand, car_that_charges_now])
@pytest.mark.parametrize("point", OF_CALLS)
def test_what_a_car_was_told_is_found_and_not_done_again(point: str, make: Callable[[Client], tuple[Ask, Any]]) -> None:
    ask, model = make(make_client())
    failpoints.arm(point, Way.KILL)
    assert is_killed(ask)
    failpoints.disarm()
    let_it_be_dead()

    assert ask().status_code == 200

    assert model.objects.count() == 1


@pytest.mark.django_db
def test_a_fault_of_ours_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The car is there, and then something fails."""
    ask = asking(make_caller(make_client()), *TOGETHER["a car"][:2])

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr("charging.api.users.vehicle_answer", fail)
        assert ask().status_code == 500

    assert (Vehicle.objects.count(), IdempotentCall.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_no_transaction_waits_for_whoever_is_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many transactions are open when a car is asked under a key as without one."""
    client = make_client()
    depths: list[int] = []

    def note(*_: object, **__: object) -> bool:
        depths.append(len(connection.atomic_blocks))
        return False

    monkeypatch.setattr("charging.operations.sending.send_open_command", note)
    for headers in ({}, {"Idempotency-Key": "k"}):
        vehicle = make_parked_car(driver=make_driver(client=client))
        path = f"/api/vehicles/{vehicle.public_id}/smart-override"
        answer = make_caller(client).post(path, {}, content_type="application/json", headers=headers)
        assert answer.status_code == 200

    assert len(depths) == 2
    assert depths[0] == depths[1]
