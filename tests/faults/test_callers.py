"""The app that calls during an upgrade counts every call that was not answered as it should be."""

from __future__ import annotations

from tests.contracts.receiver import listening
from tests.faults.callers import Caller, Load
from tests.processes import make_free_port

CAR = "633a3ec8-af9d-4e69-8f92-2a6d0d654374"
PATH = f"/api/vehicles/{CAR}/simulator"


def test_what_fails_is_counted_by_what_was_asked() -> None:
    with listening() as receiver:
        receiver.answer = lambda number: 503 if number == 2 else 200
        load = Load(Caller(receiver.url.removesuffix("/hooks"), "token"), [CAR], seed=1)

        answered = [load._count("POST", PATH, {"action": "plugIn"}) for _ in range(3)]

    assert answered == [True, False, True]
    assert load.failed == ["POST /api/vehicles/CAR/simulator 503"]
    assert dict(load.answers) == {200: 2, 503: 1}
    assert [headers["authorization"] for headers, _ in receiver.got] == ["Bearer token"] * 3


def test_nobody_there_is_a_failure_too() -> None:
    load = Load(Caller(f"http://127.0.0.1:{make_free_port()}"), [CAR], seed=1)

    assert not load._count("GET", "/api/vehicles")
    assert load.failed == ["GET /api/vehicles 0 ConnectError"]
