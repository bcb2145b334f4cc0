"""Who does not answer is left alone, each for itself, and what cannot wait still goes out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from pytest_django import Settings

from charging.adapters.vehicles.gateway import GatewayError
from charging.core.breaker import Operation
from charging.core.trouble import Trouble
from charging.models import Driver, Vehicle, VendorBudget, VendorHealth
from charging.operations import guarded_gateway, vendor_health
from charging.operations.gateways import gateway_of
from charging.operations.vendor_health import is_breaker_closed, service_of, take_leave
from tests.adapters.home_assistant_server import ENTITIES, FakeHomeAssistant, serve_home_assistant
from tests.connections import make_connected_car, put_behind
from tests.factories import NOW, make_driver, make_vehicle
from tests.feeds.server import Reply

pytestmark = pytest.mark.django_db

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
DOWN = Reply(b"", 500)


@pytest.fixture
def server() -> Iterator[FakeHomeAssistant]:
    with serve_home_assistant() as server:
        yield server


@pytest.fixture
def car(alice: Driver, server: FakeHomeAssistant) -> Vehicle:
    return make_connected_car(driver=alice, address=server.url)


def start(car: Vehicle, at: datetime, command_id: UUID | None = None) -> GatewayError | None:
    try:
        gateway_of(car).start(command_id=command_id or uuid4(), now=at)
    except GatewayError as error:
        return error
    return None


def bring_down(car: Vehicle, server: FakeHomeAssistant) -> VendorHealth:
    """Three STARTs in vain."""
    server.replies["/api/"] = DOWN
    for _ in range(3):
        start(car, NOW)
    server.asked.clear()
    return VendorHealth.objects.get(operation="start")


def make_urgent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded_gateway, "is_start_urgent", lambda **_: True)


def test_a_service_that_does_not_answer_is_asked_nothing_during_its_rest(
    car: Vehicle, server: FakeHomeAssistant
) -> None:
    row = bring_down(car, server)
    assert row.rests_until is not None

    refused = start(car, row.rests_until - timedelta(microseconds=1))

    assert refused is not None
    assert (refused.was_asked, refused.kind, server.asked) == (False, Trouble.NO_ANSWER, [])
    assert timedelta(0) < row.rests_until - NOW <= 5 * SECOND
    assert (row.failures, row.opened_at) == (3, NOW)


def test_it_is_open_for_what_failed_and_closed_for_the_rest(car: Vehicle, server: FakeHomeAssistant) -> None:
    bring_down(car, server)
    server.replies.clear()

    assert gateway_of(car).read(now=NOW) is not None
    assert set(VendorHealth.objects.values_list("operation", flat=True)) == {"start"}


def test_one_drivers_broken_server_keeps_nobody_else_from_theirs(car: Vehicle, server: FakeHomeAssistant) -> None:
    bring_down(car, server)
    with serve_home_assistant() as other:
        theirs = make_connected_car(driver=make_driver(clock_wall_anchor=NOW, clock_own_anchor=NOW), address=other.url)

        assert start(theirs, NOW) is None

    assert server.asked == []


def test_two_cars_behind_one_server_share_its_breaker(car: Vehicle, server: FakeHomeAssistant) -> None:
    bring_down(car, server)
    second = make_vehicle(driver=car.driver)
    put_behind(car.connected.connection, second)

    refused = start(second, NOW)

    assert refused is not None
    assert not refused.was_asked


def test_one_service_of_everybody_has_one_breaker(
    car: Vehicle, server: FakeHomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vendor_health, "SHARED", frozenset({"home_assistant"}))
    row = bring_down(car, server)
    theirs = make_connected_car(driver=make_driver(clock_wall_anchor=NOW, clock_own_anchor=NOW), address=server.url)

    refused = start(theirs, NOW)

    assert refused is not None
    assert not refused.was_asked
    assert (row.driver_id, row.connection_id, row.vehicle_id) == (None, None, None)


def test_the_first_answer_after_the_rest_closes_it(car: Vehicle, server: FakeHomeAssistant) -> None:
    row = bring_down(car, server)
    server.replies.clear()

    assert start(car, row.rests_until or NOW) is None

    row.refresh_from_db()
    assert (row.failures, row.opened_at, row.rests_until) == (0, None, None)


def test_a_probe_in_vain_makes_the_rest_longer(car: Vehicle, server: FakeHomeAssistant) -> None:
    row = bring_down(car, server)
    assert row.rests_until is not None

    start(car, row.rests_until)

    again = VendorHealth.objects.get()
    assert (again.failures, again.opened_at) == (4, NOW)
    assert len(server.asked) == 1
    assert again.rests_until is not None
    assert again.rests_until > row.rests_until


def test_of_those_who_come_when_it_may_be_probed_one_goes(car: Vehicle, server: FakeHomeAssistant) -> None:
    row = bring_down(car, server)
    at = row.rests_until or NOW
    service = service_of(car, car.connected.connection)

    take_leave(service=service, operation=Operation.START, now=at, is_urgent=lambda: False)

    with pytest.raises(GatewayError) as second:
        take_leave(service=service, operation=Operation.START, now=at, is_urgent=lambda: False)
    assert not second.value.was_asked


def test_a_start_that_cannot_wait_goes_once_a_minute(
    car: Vehicle, server: FakeHomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_down(car, server)
    VendorHealth.objects.update(rests_until=NOW + 5 * MINUTE, failures=20)
    make_urgent(monkeypatch)
    # Each failure in between begins a rest anew: the breaker stays open all the while.
    monkeypatch.setattr(vendor_health, "_chance", lambda *_: 1.0)

    for second in range(1, 181, 5):
        start(car, NOW + second * SECOND)

    assert len(server.asked) == 3


def test_a_stop_needs_every_breaker_closed(car: Vehicle, server: FakeHomeAssistant) -> None:
    bring_down(car, server)
    server.replies.clear()

    with pytest.raises(GatewayError) as refused:
        gateway_of(car).stop(command_id=uuid4(), hold=None, now=NOW + timedelta(hours=1))

    assert not refused.value.was_asked
    assert server.called == []
    assert not is_breaker_closed(vehicle=car, now=NOW + timedelta(hours=1))


def test_a_car_that_its_server_cannot_reach_is_no_fault_of_the_server(car: Vehicle, server: FakeHomeAssistant) -> None:
    server.changed[ENTITIES.switch] = "unavailable"

    for _ in range(4):
        error = start(car, NOW)
        assert error is not None
        assert error.kind is Trouble.OFFLINE

    assert not VendorHealth.objects.exists()


@pytest.mark.parametrize("status", [401, 429])
def test_who_refuses_us_answers(car: Vehicle, server: FakeHomeAssistant, status: int) -> None:
    server.replies["/api/"] = Reply(b"", status)

    start(car, NOW)

    assert not VendorHealth.objects.exists()


def test_a_simulated_car_has_a_breaker_of_its_own(alice: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, other = make_vehicle(driver=alice), make_vehicle(driver=alice)
    for _ in range(3):
        vendor_health.note_failed(service=service_of(mine, None), operation=Operation.START, now=NOW)

    assert not is_breaker_closed(vehicle=mine, now=NOW)
    assert is_breaker_closed(vehicle=other, now=NOW)
    refused = start(mine, NOW)
    assert refused is not None
    assert not refused.was_asked


def test_an_account_is_asked_no_more_than_its_budget_and_keeps_a_part_for_what_cannot_wait(
    car: Vehicle, server: FakeHomeAssistant, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.READYBY_ACCOUNT_CALLS_PER_HOUR = {"home_assistant": 60}
    gateway = gateway_of(car)
    refused: list[GatewayError] = []
    for second in range(0, 600, 10):
        try:
            gateway.read(now=NOW + second * SECOND)
        except GatewayError as error:
            refused.append(error)
    end = NOW + 599 * SECOND

    assert 60 - len(refused) == 12 + 9
    assert {(error.was_asked, error.kind) for error in refused} == {(False, Trouble.RATE_LIMITED)}

    make_urgent(monkeypatch)
    starts = sum(start(car, end) is None for _ in range(6))

    assert starts == 3
    assert VendorBudget.objects.get().connection == car.connected.connection


def test_all_accounts_together_have_a_budget_too(car: Vehicle, server: FakeHomeAssistant, settings: Settings) -> None:
    settings.READYBY_ACCOUNT_CALLS_PER_HOUR = {"home_assistant": 60}
    settings.READYBY_VENDOR_CALLS_PER_HOUR = {"home_assistant": 4}
    other = make_connected_car(driver=make_driver(clock_wall_anchor=NOW, clock_own_anchor=NOW), address=server.url)

    done = [start(each, NOW) is None for each in (car, other, car, other, car, other)]

    # A bucket of five, of which one is kept.
    assert done == [True, True, True, True, False, False]
    # What all together have not left is not taken from the account either.
    assert VendorBudget.objects.get(connection=car.connected.connection).left == 13.0


def test_no_budget_means_any_number(car: Vehicle, server: FakeHomeAssistant, settings: Settings) -> None:
    settings.READYBY_ACCOUNT_CALLS_PER_HOUR = {}

    assert [start(car, NOW) for _ in range(8)] == [None] * 8
    assert not VendorBudget.objects.exists()


def test_a_budget_that_was_emptied_by_a_clock_an_hour_ahead_fills_from_now_on(car: Vehicle, settings: Settings) -> None:
    settings.READYBY_ACCOUNT_CALLS_PER_HOUR = {"home_assistant": 60}
    hour = timedelta(hours=1)
    VendorBudget.objects.create(vendor="home_assistant", connection=car.connected.connection, left=0.0, at=NOW + hour)
    gateway = gateway_of(car)

    with pytest.raises(GatewayError):
        gateway.read(now=NOW)

    assert VendorBudget.objects.get().at == NOW
    assert gateway.read(now=NOW + 5 * MINUTE) is not None
