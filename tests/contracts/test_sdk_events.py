"""What receivers are told of the commands that follow from plans, and of an access that is gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from enode import Enode
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from charging.models import Client, Vehicle
from charging.operations.clocks import wall_now
from tests.contracts.cars import make_simulated_car, pass_time
from tests.contracts.connection import open_sdk
from tests.contracts.receiver import Receiver, listening
from tests.contracts.test_sdk_webhooks import SECRET, deliver
from tests.factories import NOW, make_driver, make_vehicle

pytestmark = pytest.mark.django_db(transaction=True)
VENDOR_ACTION: Any = "user:vendor-action:updated"
CREDENTIALS = "user:credentials:invalidated"
RATES: list[Any] = [{"name": "day", "cost": "0.30"}, {"name": "night", "cost": "0.05"}]
SPANS: list[Any] = [{"name": "night", "from": "01:00", "to": "06:00"}, {"name": "day", "from": "06:00", "to": "01:00"}]


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.READYBY_WEBHOOK_PRIVATE = True
    with listening() as found:
        yield found


def begin_plan(
    enode: Enode, client: Client, receiver: Receiver, traveller: time_machine.Traveller, *, until: datetime
) -> Vehicle:
    """A car whose plan waits for the night's price: it is watched for a few minutes, then stopped."""
    enode.webhooks.create(url=receiver.url, secret=SECRET, events=[VENDOR_ACTION])
    car = make_simulated_car(client, now=NOW)
    enode.tariffs.create(tariff_id="two", request_body=RATES)
    home = str(car.driver.locations.get().public_id)
    enode.tariffs.link_to_location(location_id=home, tariff_id="two", tariff_intervals=SPANS)
    enode.vehicles.update_smart_charging_policy(vehicle_id=str(car.public_id), is_enabled=True, deadline="07:00")
    while wall_now() < until and not car.commands.exists():
        pass_time(traveller, until=wall_now() + timedelta(seconds=30))
    return car


def steps_of(receiver: Receiver) -> list[tuple[str, str]]:
    return [(one["vendorAction"]["kind"], one["vendorAction"]["state"]) for one in receiver.named(VENDOR_ACTION)]


def test_a_command_of_a_plan_is_told_when_it_is_given_and_when_the_car_obeys(
    live_server: LiveServer, client: Client, receiver: Receiver, tonight: time_machine.Traveller
) -> None:
    enode = open_sdk(live_server, client)
    car = begin_plan(enode, client, receiver, tonight, until=NOW + timedelta(minutes=20))
    pass_time(tonight, until=wall_now() + timedelta(minutes=3))

    deliver()

    assert steps_of(receiver)[:2] == [("STOP", "PENDING"), ("STOP", "CONFIRMED")]
    given, obeyed = receiver.named(VENDOR_ACTION)[:2]
    assert set(given) == {"event", "version", "createdAt", "user", "updatedFields", "vendorAction"}
    assert (given["user"], given["version"], given["updatedFields"]) == ({"id": "anna"}, "2024-10-01", ["state"])
    assert given["vendorAction"]["completedAt"] is None
    assert given["vendorAction"]["updatedAt"] == given["vendorAction"]["createdAt"]
    assert given["vendorAction"]["targetId"] == str(car.public_id)
    assert obeyed["updatedFields"] == ["state", "completedAt"]
    assert obeyed["vendorAction"]["failureReason"] is None
    told = enode.vehicles.get_action(action_id=obeyed["vendorAction"]["id"])
    assert (told.state, told.completed_at is not None) == ("CONFIRMED", True)


def test_a_command_that_is_called_back_or_replaced_is_told_with_the_reason(
    live_server: LiveServer, client: Client, receiver: Receiver, tonight: time_machine.Traveller
) -> None:
    enode = open_sdk(live_server, client)
    car = begin_plan(enode, client, receiver, tonight, until=NOW + timedelta(minutes=20))
    enode.vehicles.create_smart_override(vehicle_id=str(car.public_id))
    deliver()
    start = receiver.named(VENDOR_ACTION)[-1]["vendorAction"]

    enode.vehicles.cancel_action(action_id=start["id"])
    deliver()

    kinds = [(kind, state) for kind in ("STOP", "START") for state in ("PENDING", "CANCELLED")]
    assert steps_of(receiver) == kinds
    _, replaced, _, cancelled = receiver.named(VENDOR_ACTION)
    assert replaced["vendorAction"]["failureReason"]["type"] == "CONFLICT"
    assert cancelled["vendorAction"]["failureReason"]["type"] == "REQUESTED_CANCELLATION"
    assert cancelled["updatedFields"] == ["state", "completedAt", "failureReason"]


def test_an_access_that_is_gone_is_the_last_that_is_told_of_a_user_once_for_each_make(
    live_server: LiveServer, client: Client, receiver: Receiver
) -> None:
    enode = open_sdk(live_server, client)
    enode.webhooks.create(url=receiver.url, secret=SECRET)
    anna = make_driver(client=client, external_id="anna", account=None)
    for vendor in ("TESLA", "VOLVO", "TESLA"):
        make_vehicle(driver=anna, vendor=vendor)
    make_vehicle(driver=make_driver(client=client, external_id="bob", account=None), vendor="KIA")

    for _ in range(2):
        enode.user_management.delete_users_userid_authorization(user_id="anna")
    deliver()

    told = receiver.named(CREDENTIALS)
    assert [(one["user"], one["vendor"]) for one in told] == [({"id": "anna"}, "TESLA"), ({"id": "anna"}, "VOLVO")]
    assert set(told[0]) == {"event", "version", "createdAt", "user", "vendor"}
    assert receiver.events == told
