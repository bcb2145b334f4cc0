"""Whoever removes a car takes the access to it away too, and whoever signs in anew is asked at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from charging.adapters.vehicles.gateway import GatewayError
from charging.core.breaker import Operation
from charging.core.trouble import Trouble
from charging.models import Connection, Farewell, Vehicle, VendorHealth
from charging.operations import farewells, linking
from charging.operations.connections import note_trouble, take_secret
from charging.operations.guarded_gateway import GuardedGateway
from charging.operations.vendor_health import note_failed, service_of
from tests.connections import make_connection, make_enode_connection, put_behind, put_behind_enode
from tests.factories import NOW, make_driver, make_vehicle
from tests.operations.test_charge_actions import SilentGateway

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def make_linked(connection: Connection) -> Vehicle:
    vehicle = make_vehicle(driver=connection.driver, vendor="VOLVO")
    put_behind_enode(connection, vehicle)
    return vehicle


def remove(vehicle: Vehicle) -> None:
    linking.remove_car(vehicle=vehicle, last_known={"id": str(vehicle.public_id)}, at_wall=NOW)


def test_the_last_car_of_a_link_takes_it_along_and_enode_is_told() -> None:
    connection = make_enode_connection(driver=make_driver())
    first, last = make_linked(connection), make_linked(connection)

    remove(first)
    assert (Connection.objects.count(), Farewell.objects.count()) == (1, 0)

    remove(last)
    assert Connection.objects.count() == 0
    assert Farewell.objects.get().user_id == connection.public_id


def test_a_token_is_gone_with_its_last_car() -> None:
    connection = make_connection(driver=make_driver())
    vehicle = make_vehicle(driver=connection.driver)
    put_behind(connection, vehicle)

    remove(vehicle)

    assert (Connection.objects.count(), Farewell.objects.count()) == (0, 0)


def test_a_link_that_led_to_no_car_is_forgotten_after_a_day() -> None:
    driver = make_driver()
    left = make_enode_connection(driver=driver, created_at=NOW - DAY - timedelta(seconds=1))
    kept = {make_enode_connection(driver=make_driver(), created_at=NOW - DAY).pk}
    used = make_enode_connection(driver=make_driver(), created_at=NOW - 9 * DAY)
    make_linked(used)

    assert farewells.forget_links_left(at_wall=NOW) == 1

    assert set(Connection.objects.values_list("pk", flat=True)) == kept | {used.pk}
    assert Farewell.objects.get().user_id == left.public_id


def test_what_failed_before_a_new_secret_was_tried_counts_no_more() -> None:
    connection = make_connection(driver=make_driver())
    vehicle = make_vehicle(driver=connection.driver)
    put_behind(connection, vehicle)
    note_failed(service=service_of(vehicle, connection), operation=Operation.READ, now=NOW)
    assert VendorHealth.objects.exists()

    take_secret(connection, "another", "Our house", NOW)

    assert not VendorHealth.objects.exists()


def test_who_asks_all_of_us_to_wait_is_asked_for_nobody() -> None:
    theirs, mine = (
        make_enode_connection(driver=make_driver(clock_wall_anchor=NOW, clock_own_anchor=NOW)) for _ in "ab"
    )
    vehicle = make_linked(mine)
    wait = GatewayError(kind=Trouble.RATE_LIMITED, retry_after=timedelta(minutes=2))
    note_trouble(connection=theirs, error=wait, at_wall=NOW)
    silent = SilentGateway()
    gateway = GuardedGateway(silent, mine, vehicle)  # type: ignore[arg-type]

    with pytest.raises(GatewayError) as refused:
        gateway.start(command_id=vehicle.public_id, now=NOW + timedelta(minutes=1))
    assert (silent.asked, refused.value.was_asked, refused.value.kind) == ([], False, Trouble.RATE_LIMITED)

    with pytest.raises(GatewayError):
        gateway.start(command_id=vehicle.public_id, now=NOW + timedelta(minutes=3))
    assert silent.asked == ["START"]
