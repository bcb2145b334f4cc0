"""Starting, stopping and charging now through Enode's own SDK."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from enode import errors
from pytest_django.live_server_helper import LiveServer

from charging.core.states import State
from charging.models import Client, VehicleView
from charging.operations import charge_actions
from tests.contracts.cars import make_simulated_car, pass_time
from tests.contracts.connection import connect_http, open_sdk
from tests.factories import NOW, make_command, make_driver, make_override, make_parked_car

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_stop_is_confirmed_by_the_car_and_a_start_after_it(
    live_server: LiveServer, client: Client, tonight: time_machine.Traveller
) -> None:
    car = make_simulated_car(client, now=NOW)
    enode, car_id = open_sdk(live_server, client), str(car.public_id)

    stop = enode.vehicles.control_charging(vehicle_id=car_id, action="STOP")
    again = enode.vehicles.control_charging(vehicle_id=car_id, action="STOP")
    pass_time(tonight, until=NOW + timedelta(minutes=4))
    stopped = enode.vehicles.get_action(action_id=stop.id)
    start = enode.vehicles.control_charging(vehicle_id=car_id, action="START")
    pass_time(tonight, until=NOW + timedelta(minutes=8))

    assert (stop.state, stop.kind, stop.target_id, stop.user_id) == ("PENDING", "STOP", car_id, "anna")
    assert again.id == stop.id
    assert (stopped.state, stopped.failure_reason) == ("CONFIRMED", None)
    assert stopped.completed_at is not None
    assert enode.vehicles.get_action(action_id=start.id).state == "CONFIRMED"
    assert enode.vehicles.get(vehicle_id=car_id).charge_state.is_charging is True


def test_a_newer_action_replaces_a_pending_one(live_server: LiveServer, client: Client) -> None:
    car_id = str(make_simulated_car(client, now=NOW).public_id)
    enode = open_sdk(live_server, client)

    stop = enode.vehicles.control_charging(vehicle_id=car_id, action="STOP")
    enode.vehicles.control_charging(vehicle_id=car_id, action="START")

    replaced = enode.vehicles.get_action(action_id=stop.id)
    assert (replaced.state, replaced.failure_reason.type) == ("CANCELLED", "CONFLICT")


def test_what_is_so_already_is_unnecessary_and_without_a_cable_nothing_can_be_done(
    live_server: LiveServer, client: Client
) -> None:
    car = make_simulated_car(client, now=NOW)
    enode = open_sdk(live_server, client)
    VehicleView.objects.filter(vehicle=car).update(is_charging=True)

    unnecessary = enode.vehicles.control_charging(vehicle_id=str(car.public_id), action="START")
    VehicleView.objects.filter(vehicle=car).update(is_plugged_in=False, is_charging=False)
    unplugged = enode.vehicles.control_charging(vehicle_id=str(car.public_id), action="START")

    assert (unnecessary.state, unnecessary.failure_reason.type) == ("CANCELLED", "UNNECESSARY")
    assert (unplugged.state, unplugged.failure_reason.type) == ("CANCELLED", "FAILED_PRECONDITION")


def test_a_car_that_does_not_react_fails_after_three_sendings(live_server: LiveServer, client: Client) -> None:
    car = make_simulated_car(client, now=NOW)
    VehicleView.objects.filter(vehicle=car).update(is_charging=True)
    enode = open_sdk(live_server, client)

    stop = enode.vehicles.control_charging(vehicle_id=str(car.public_id), action="STOP")
    for minutes in (5, 10, 14):
        charge_actions.advance_actions(at_wall=NOW + timedelta(minutes=minutes, seconds=30))
    before = enode.vehicles.get_action(action_id=stop.id)
    charge_actions.advance_actions(at_wall=NOW + timedelta(minutes=16))
    after = enode.vehicles.get_action(action_id=stop.id)

    assert before.state == "PENDING"
    assert (after.state, after.failure_reason.type) == ("FAILED", "NO_RESPONSE")


def test_while_a_plan_runs_a_start_by_hand_is_refused_with_the_way_out(live_server: LiveServer, client: Client) -> None:
    car = make_parked_car(driver=make_driver(client=client), state=State.STOPPED)

    with pytest.raises(errors.ProblemError) as caught:
        open_sdk(live_server, client).vehicles.control_charging(vehicle_id=str(car.public_id), action="START")

    assert caught.value.status_code == 422
    assert caught.value.data.type == "urn:readyby:problem:not-controllable"
    assert "smart-override" in caught.value.data.detail


def test_a_car_out_of_control_is_a_bad_request(live_server: LiveServer, client: Client) -> None:
    car = make_parked_car(driver=make_driver(client=client), state=State.DISABLED)
    car.is_capable = False
    car.save()
    enode = open_sdk(live_server, client)

    with pytest.raises(errors.ProblemError) as caught:
        enode.vehicles.control_charging(vehicle_id=str(car.public_id), action="START")
    assert caught.value.status_code == 400
    with pytest.raises(errors.ProblemError) as caught:
        enode.vehicles.set_max_current(vehicle_id=str(car.public_id), max_current=16)
    assert caught.value.status_code == 400


def test_a_pending_action_is_cancelled_once(live_server: LiveServer, client: Client) -> None:
    car = make_simulated_car(client, now=NOW)
    enode = open_sdk(live_server, client)
    stop = enode.vehicles.control_charging(vehicle_id=str(car.public_id), action="STOP")

    cancelled = enode.vehicles.cancel_action(action_id=stop.id)
    with pytest.raises(errors.ChargeActionError) as caught:
        enode.vehicles.cancel_action(action_id=stop.id)

    assert (cancelled.state, cancelled.failure_reason.type) == ("CANCELLED", "REQUESTED_CANCELLATION")
    assert caught.value.status_code == 409
    assert caught.value.data.id == stop.id


def test_commands_of_a_plan_are_actions_too(live_server: LiveServer, client: Client) -> None:
    car = make_parked_car(driver=make_driver(client=client), state=State.STARTING)
    command = make_command(vehicle=car, status="ACCEPTED", completed_at=None)
    enode = open_sdk(live_server, client)

    read = enode.vehicles.get_action(action_id=str(command.public_id))
    cancelled = enode.vehicles.cancel_action(action_id=str(command.public_id))

    assert (read.state, read.kind) == ("PENDING", command.kind)
    assert (cancelled.state, cancelled.failure_reason.type) == ("CANCELLED", "REQUESTED_CANCELLATION")


def test_the_action_of_another_client_or_of_nobody_is_not_found(live_server: LiveServer, client: Client) -> None:
    command = make_command(vehicle=make_parked_car())
    enode = open_sdk(live_server, client)

    for action_id in (str(command.public_id), "x", "00000000-0000-4000-8000-000000000000"):
        for call in (enode.vehicles.get_action, enode.vehicles.cancel_action):
            with pytest.raises(errors.EnodeError) as caught:
                call(action_id=action_id)
            assert caught.value.status_code == 404


def test_an_action_whose_car_is_removed_is_cancelled(live_server: LiveServer, client: Client) -> None:
    car = make_simulated_car(client, now=NOW)
    enode = open_sdk(live_server, client)
    stop = enode.vehicles.control_charging(vehicle_id=str(car.public_id), action="STOP")

    connect_http(live_server, client).delete(f"/vehicles/{car.public_id}")

    read = enode.vehicles.get_action(action_id=stop.id)
    assert (read.state, read.failure_reason.type, read.user_id) == ("CANCELLED", "NOT_FOUND", "anna")


def test_charge_now_begins_once_and_ends_once(live_server: LiveServer, client: Client) -> None:
    car = make_simulated_car(client, now=NOW)
    enode, car_id = open_sdk(live_server, client), str(car.public_id)
    enode.vehicles.update_smart_charging_policy(vehicle_id=car_id, is_enabled=True, deadline="07:00")

    begun = enode.vehicles.create_smart_override(vehicle_id=car_id)
    again = enode.vehicles.create_smart_override(vehicle_id=car_id)
    shown = enode.vehicles.get_smart_charging_status(vehicle_id=car_id).smart_override
    ended = enode.vehicles.end_smart_override(vehicle_id=car_id)

    assert (begun.target_type, begun.target_id, begun.user_id, begun.vendor) == ("vehicle", car_id, "anna", "TESLA")
    assert begun.ended_at is None
    assert again == begun
    assert (shown.created_at, shown.ended_at) == (begun.created_at, None)
    assert ended.ended_at is not None
    with pytest.raises(errors.ProblemError) as caught:
        enode.vehicles.end_smart_override(vehicle_id=car_id)
    assert caught.value.status_code == 404


def test_charge_now_is_refused_while_smart_charging_is_off(live_server: LiveServer, client: Client) -> None:
    car = make_parked_car(driver=make_driver(client=client), state=State.DISABLED)

    with pytest.raises(errors.EnodeError) as caught:
        open_sdk(live_server, client).vehicles.create_smart_override(vehicle_id=str(car.public_id))

    assert caught.value.status_code == 422
    assert "NOT_ENABLED" in caught.value.body


def test_an_override_names_the_start_that_was_sent_for_it(live_server: LiveServer, client: Client) -> None:
    car = make_parked_car(driver=make_driver(client=client), state=State.OVERRIDDEN)
    make_override(vehicle=car, created_at=NOW)
    command = make_command(vehicle=car, purpose="override", created_at=NOW)

    begun = open_sdk(live_server, client).vehicles.create_smart_override(vehicle_id=str(car.public_id))

    assert begun.vendor_action_id == str(command.public_id)
